"""
Runs a program once for each of its inputs, in a process of its own each time, and says what it printed or returned.

What is right is known to nothing here: outputs are compared by who started the sandbox. So there is no secret to keep, and whatever
a program does to this process spoils its own answer alone.

On descriptor `report` comes a line of JSON for each case: `{n, outcome, output?, value?, failure?, signal?}`. `outcome` is
`exited`; `failed`, with the exception that ended it; `timeout`; `flood`, when it said more than a right answer could; `killed`. The
first that is not `exited` is the last.
"""

import atexit
import json
import operator
import os
import select
import signal
import sys
import time
import types

#: Bytes that go through a pipe at a time.
STEP = 1 << 16
#: Between two looks at whether a process has ended that others hold the pipes of.
LOOK_MS = 20
#: What a program's own process says on, beside what it prints.
SIDE = 3


def run_cases(job, report, limit_processes):
    """
    Never returns. Of the job: `program`; `prelude`, run before it with the same names; `call`, the function to be called with the
    lines of an input as JSON, absent where the input is standard input; `cases`, a list of `{input, most}`, `most` the bytes that
    are kept of an output; `caseSeconds`.
    """
    limit_processes()
    name = "solution" if "call" in job else "__main__"
    main = sys.modules[name] = types.ModuleType(name)
    try:
        exec(compile(job["prelude"], "<prelude>", "exec", dont_inherit=True), vars(main))
        code = compile(job["program"], "<program>", "exec", dont_inherit=True)
    except BaseException as error:
        tell(report, {"n": 0, "outcome": "failed", "failure": said_of(error)})
        os._exit(0)
    slay = kill_all if job["level"] != "none" else kill_group
    for n, case in enumerate(job["cases"]):
        ended = run_case(code, vars(main), job, case, slay)
        tell(report, dict(ended, n=n))
        if ended["outcome"] != "exited":
            break
    os._exit(0)


def tell(report, message):
    text = json.dumps(message).encode() + b"\n"
    while text:
        text = text[os.write(report, text):]


def run_case(code, names, job, case, slay):
    (theirs_in, feed), (out, theirs_out), (side, theirs_side) = os.pipe(), os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            become_case((theirs_in, theirs_out, theirs_side), code, names, job.get("call"), case["input"])
        finally:
            os._exit(1)
    for descriptor in (theirs_in, theirs_out, theirs_side):
        os.close(descriptor)
    attendant = Attendant(pid, {out: bytearray(), side: bytearray()}, case["most"])
    try:
        # A function has its input already.
        data = b"" if "call" in job else case["input"].encode("utf-8", "surrogatepass")
        outcome = attendant.attend(feed, data, time.monotonic() + job["caseSeconds"])
    finally:
        slay(pid)
        attendant.bury()
        for descriptor in (out, side):
            os.close(descriptor)
    return ended_as(outcome, attendant, out, side)


def ended_as(outcome, attendant, out, side):
    if outcome != "ended":
        return {"outcome": outcome}
    output = attendant.kept[out].decode("utf-8", "replace")
    if os.WIFSIGNALED(attendant.status):
        return {"outcome": "killed", "signal": signal.Signals(os.WTERMSIG(attendant.status)).name}
    try:
        said = json.loads(attendant.kept[side])
    except ValueError:
        said = {}  # it left by os._exit
    if not isinstance(said, dict):
        said = {}
    return dict(said, outcome="failed" if "failure" in said else "exited", output=output)


class Attendant:
    """Feeds a process, keeps what it says on each of its pipes, and ends when it has ended or may go on no longer."""

    def __init__(self, pid, kept, most):
        self.kept = kept
        self.status = None
        self._pid = pid
        self._most = most
        self._open = set(kept)
        self._poll = select.poll()
        for descriptor in kept:
            self._poll.register(descriptor, select.POLLIN)

    def attend(self, feed, data, deadline):
        """`ended`, `timeout` or `flood`; `feed` is closed afterwards."""
        os.set_blocking(feed, False)
        self._poll.register(feed, select.POLLOUT)
        fed, view = 0, memoryview(data)
        try:
            while True:
                for descriptor, _ in self._poll.poll(LOOK_MS):
                    if descriptor != feed:
                        self._take(descriptor)
                        continue
                    fed = self._feed(feed, view, fed)
                    if fed >= len(data):
                        self._poll.unregister(feed)
                        os.close(feed)
                        feed = None
                if any(len(text) > self._most for text in self.kept.values()):
                    return "flood"
                if self._has_ended() or (not self._open and self._ends_by(deadline)):
                    self._drain()
                    return "ended"
                if time.monotonic() > deadline:
                    return "timeout"
        finally:
            if feed is not None:
                os.close(feed)

    def bury(self):
        if self.status is None:
            _, self.status = os.waitpid(self._pid, 0)

    def _feed(self, feed, view, fed):
        try:
            return fed + (os.write(feed, view[fed:fed + STEP]) if fed < len(view) else 0)
        except BlockingIOError:
            return fed
        except OSError:
            return len(view)  # it reads no further

    def _take(self, descriptor):
        some = os.read(descriptor, STEP)
        self.kept[descriptor] += some
        if not some:
            self._poll.unregister(descriptor)
            self._open.discard(descriptor)

    def _has_ended(self):
        if self.status is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            self.status = status if pid == self._pid else None
        return self.status is not None

    def _ends_by(self, deadline):
        """It has closed its pipes: nothing tells of its end but itself."""
        while not self._has_ended():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.002)
        return True

    def _drain(self):
        for descriptor in list(self._open):
            os.set_blocking(descriptor, False)
            try:
                while descriptor in self._open and len(self.kept[descriptor]) <= self._most:
                    self._take(descriptor)
            except BlockingIOError:
                pass  # what it started holds the pipe


def kill_all(pid):
    """Everything that its user has but this process: where the program has a user, or a namespace, of its own."""
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        pass


def kill_group(pid):
    for end in (os.killpg, os.kill):
        try:
            end(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def become_case(pipes, code, names, call, text):
    """The program's process. What it says is believed of itself: nothing depends on it but its own answer."""
    os.setsid()
    theirs_in, theirs_out, theirs_side = pipes
    side = os.dup(theirs_side)
    os.dup2(theirs_in, 0)
    os.dup2(theirs_out, 1)
    os.dup2(side, SIDE)
    os.closerange(SIDE + 1, 4096)
    sys.argv = ["program.py"]
    said = {}
    try:
        exec(code, names)
        if call is not None:
            arguments = [json.loads(line) for line in text.split("\n")]
            said["value"] = json.dumps(plain(function_in(names, call)(*arguments), True))
    except SystemExit:
        pass
    except BaseException as error:
        said = {"failure": said_of(error)}
    leave(said)


def function_in(names, call):
    """A method of the class `Solution` where there is one."""
    owner = names.get("Solution")
    return getattr(owner(), call) if isinstance(owner, type) else names[call]


def plain(value, outermost=False):
    """A value as JSON that still tells Python's types apart. The outermost tuple is a list: right answers are never tuples."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, float):
        return {"float": float.__repr__(value)}
    if isinstance(value, int):
        return {"int": hex(value)}
    if isinstance(value, list) or (outermost and isinstance(value, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, tuple):
        return {"tuple": [plain(one) for one in value]}
    if isinstance(value, dict):
        return {"dict": [[plain(key), plain(one)] for key, one in value.items()]}
    try:
        return plain(operator.index(value))  # a number of another library
    except TypeError:
        return {"other": type(value).__name__}


def said_of(error):
    try:
        return {"type": type(error).__name__, "message": str(error)[:500]}
    except BaseException:
        return {"type": "Exception", "message": ""}


def leave(said):
    """As Python ends: threads are waited for, exit handlers run, what was printed is flushed."""
    threading = sys.modules.get("threading")
    for last in (threading and threading._shutdown, atexit._run_exitfuncs, sys.stdout.flush, sys.stderr.flush):
        try:
            if last:
                last()
        except BaseException:
            pass  # it is the program's own
    text = json.dumps(said).encode()
    while text:
        text = text[os.write(SIDE, text):]
    os._exit(0)
