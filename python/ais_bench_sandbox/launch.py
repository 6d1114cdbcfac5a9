"""
`python3 -I launch.py`: reads a job, one JSON object on a line of standard input, contains and runs its program, and says on
descriptor 3 what became of it. Standard input stays open as long as the answer is wanted; standard output and error, and
descriptor 4 (`judged.py`, `cases.py`), are the program's.

A job: `{program, tests?, nonce?, seconds, memoryMb, levels}`, or one with `cases` and what `cases.py` says of it. An answer:
`{level, outcome: exited | timeout | killed, exitCode?, signal?, why?}`, or `{refused: [reason, …]}` where
no level of containment that the job accepts can be had:

- `namespaces`: own user, mount, process, network, IPC and host-name namespaces, and an unprivileged user where root starts it;
- `user`: an unprivileged user that owns nothing, for root where there are no namespaces;
- `none`: limits alone.

Three processes stand behind a program in namespaces: this one, which watches; one that enters the namespaces; and their first
process, with whose end everything in them ends.
"""

import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import box  # noqa: E402
import cases  # noqa: E402
import judged  # noqa: E402
import linux  # noqa: E402

sys.path.pop(0)

STATUS, REPORT = 3, 4
#: To build the box.
SETUP_SECONDS = 60.0
#: Between two looks at memory.
LOOK_MS = 100


class Refused(Exception):
    """A level of containment cannot be had."""


def main():
    job = json.loads(read_line(0))
    secret = [job.pop("nonce", "")]
    reasons = []
    for level in job["levels"]:
        try:
            answer = dict(LEVELS[level](dict(job, level=level), secret), level=level)
            break
        except (Refused, OSError) as error:
            reasons.append("%s: %s" % (level, error))
    else:
        answer = {"refused": reasons}
    os.write(STATUS, json.dumps(answer).encode())


def read_line(descriptor):
    """Not with a reader of Python's, which keeps what it read."""
    line = bytearray()
    while not line.endswith(b"\n"):
        some = os.read(descriptor, 1 << 16)
        if not some:
            sys.exit("the job is not whole")
        line += some
    return line


def in_namespaces(job, secret):
    root = os.geteuid() == 0
    said, saying = os.pipe()
    allowed, allow = os.pipe()
    entering = os.fork()
    if entering == 0:
        guarded(saying, lambda: enter(job, secret, saying, allowed, root))
    os.close(saying)
    os.close(allowed)
    listener = Listener(said)
    try:
        listener.expect("entered")
        if root:
            map_users(entering)
        os.write(allow, b"!")
        first = listener.expect("first")
        return watch(listener, first, job)
    finally:
        heard = listener.heard
        if "first" not in heard:
            kill(entering)
        elif "ended" not in heard and "error" not in heard:
            kill(heard["first"])
        os.waitpid(entering, 0)
        os.close(allow)
        os.close(said)


def map_users(pid):
    """Inside root is outside root, to mount what it may read; the program's user is one that nobody else is."""
    for user in (1_900_000_000 + os.getpid(), 65534):
        try:
            for name in ("gid_map", "uid_map"):
                with open("/proc/%d/%s" % (pid, name), "w") as file:
                    file.write("0 0 1\n%d %d 1\n" % (box.INSIDE, user))
            return
        except OSError as error:
            reason = error
    raise Refused("no user can be mapped: %s" % reason)


def enter(job, secret, saying, allowed, root):
    spaces = linux.CLONE_NEWNS | linux.CLONE_NEWPID | linux.CLONE_NEWNET | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS
    user, group = os.geteuid(), os.getegid()
    linux.unshare(linux.CLONE_NEWUSER | spaces)
    if not root:
        for name, text in (("setgroups", "deny"), ("gid_map", "%d %d 1"), ("uid_map", "%d %d 1")):
            with open("/proc/self/" + name, "w") as file:
                file.write(text if name == "setgroups" else text % (box.INSIDE, group if name[0] == "g" else user))
    linux.die_with_parent()
    say(saying, {"entered": True})
    os.read(allowed, 1)
    first = os.fork()
    if first == 0:
        guarded(saying, lambda: be_first(job, secret, saying, root))
    say(saying, {"first": first})
    os.waitpid(first, 0)
    os._exit(0)


def be_first(job, secret, saying, root):
    linux.die_with_parent()
    linux.prctl(linux.PR_SET_DUMPABLE, 0)
    box.build_root()
    start(job, secret, saying, box.WORK, box.INSIDE if root else None)


def as_user(job, secret):
    if os.geteuid() != 0:
        raise Refused("only root can become a user that owns nothing")
    return without_namespaces(job, secret, 1_900_000_000 + os.getpid())


def with_limits(job, secret):
    return without_namespaces(job, secret, None)


def without_namespaces(job, secret, user):
    folder = tempfile.mkdtemp(prefix="ais-bench-")
    said, saying = os.pipe()
    first = os.fork()
    if first == 0:
        guarded(saying, lambda: adopt(job, secret, saying, folder, user))
    os.close(saying)
    listener = Listener(said)
    try:
        return watch(listener, first, job, folder)
    finally:
        end_tree(first, user)
        os.close(said)
        shutil.rmtree(folder, ignore_errors=True)


def adopt(job, secret, saying, folder, user):
    linux.die_with_parent()
    linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)  # what the program leaves behind stays in this tree
    if user is not None:
        os.chown(folder, user, user)
    os.chdir(folder)
    start(job, secret, saying, folder, user)


def end_tree(first, user):
    """Everything that a program started, where no namespace ends with it."""
    if user is not None:
        killer = os.fork()
        if killer == 0:
            try:
                os.setresgid(user, user, user)
                os.setresuid(user, user, user)
                os.kill(-1, signal.SIGKILL)  # all that this user has
            finally:
                os._exit(0)
        os.waitpid(killer, 0)
    for pid in [*descendants(first), first]:
        kill(pid)
    os.waitpid(first, 0)


LEVELS = {"namespaces": in_namespaces, "user": as_user, "none": with_limits}


def start(job, secret, saying, folder, user):
    """Starts the program and buries what ends, until the program itself has ended."""
    program = os.fork()
    if program == 0:
        guarded(saying, lambda: become_program(job, secret, saying, folder, user))
    while True:
        pid, status = os.wait()
        if pid == program:
            say(saying, {"ended": status})
            os._exit(0)


def become_program(job, secret, saying, folder, user):
    os.setsid()
    if not box.become(user) and job["level"] == "user":
        raise Refused("sockets cannot be refused on this machine")
    os.listdir(os.path.dirname(os.__file__))  # Python's own modules have to be there for the program
    box.limit(int(job["seconds"]) + 1, job["memoryMb"])
    say(saying, {"started": True})
    box.set_up_environment(folder, REPORT)
    linux.forget()
    for name in ("box", "cases", "judged", "__main__"):
        del sys.modules[name]
    # Without a user of its own the limit would count all that its user runs.
    limit_processes = (lambda: None) if job["level"] == "none" else box.limit_processes
    if "cases" in job:
        cases.run_cases(job, REPORT, limit_processes)
    if "tests" in job:
        judged.run_judged(job["program"], job["tests"], REPORT, secret, limit_processes)
    judged.run_alone(job["program"], folder, limit_processes)


def guarded(saying, work):
    """Runs a child's part. It never comes back to the parent's: whatever it raises is said, and ends the child."""
    try:
        work()
    except BaseException as error:
        say(saying, {"error": "%s: %s" % (type(error).__name__, error)})
    finally:
        os._exit(1)


def say(saying, message):
    try:
        os.write(saying, json.dumps(message).encode() + b"\n")
    except OSError:
        pass  # nobody listens any more


class Listener:
    """What the processes behind a program said so far, as one dictionary: `entered`, `first`, `started`, `ended`, `error`."""

    def __init__(self, said):
        self.heard = {}
        self._said = said
        self._text = b""
        self._open = True
        self._poll = select.poll()
        self._poll.register(said, select.POLLIN)
        self._poll.register(0, select.POLLIN)

    def wait(self, milliseconds):
        for descriptor, _ in self._poll.poll(milliseconds):
            some = os.read(descriptor, 4096)
            if descriptor == 0 and not some:
                sys.exit("nobody waits for the answer")
            if descriptor != 0:
                self._take(some)

    def _take(self, some):
        if not some:
            self._open = False
            self._poll.unregister(self._said)
            return
        *lines, self._text = (self._text + some).split(b"\n")
        for line in lines:
            self.heard.update(json.loads(line))

    def check(self):
        if "error" in self.heard:
            raise Refused(self.heard["error"])
        if not self._open and "ended" not in self.heard:
            raise Refused("the process that was to hold the program ended")

    def expect(self, what):
        deadline = time.monotonic() + SETUP_SECONDS
        while what not in self.heard:
            self.check()
            if time.monotonic() > deadline:
                raise Refused("it was not built within %d s" % SETUP_SECONDS)
            self.wait(LOOK_MS)
        return self.heard[what]


def watch(listener, first, job, folder=None):
    """
    Until the program has ended, or has to; time counts from where its own code begins. `folder` is the program's own where it
    is one on disk: one in memory has its size from the beginning.
    """
    listener.expect("started")
    deadline = time.monotonic() + job["seconds"]
    most = 2 * job["memoryMb"] << 20
    while "ended" not in listener.heard:
        listener.check()
        if time.monotonic() > deadline:
            return {"outcome": "timeout"}
        if memory_of(first) > most:
            return {"outcome": "killed", "why": "memory of all its processes"}
        if folder is not None and size_of(folder) > box.WORK_MB << 20:
            return {"outcome": "killed", "why": "size of its folder"}
        listener.wait(LOOK_MS)
    status = listener.heard["ended"]
    if os.WIFSIGNALED(status):
        return {"outcome": "killed", "signal": signal.Signals(os.WTERMSIG(status)).name}
    return {"outcome": "exited", "exitCode": os.WEXITSTATUS(status)}


def descendants(pid):
    found = []
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid)) as file:
            children = [int(word) for word in file.read().split()]
    except OSError:
        return []  # it is gone, or the kernel does not say
    for child in children:
        found += [child, *descendants(child)]
    return found


def memory_of(first):
    """Bytes in memory of all processes below the first."""
    pages = 0
    for pid in descendants(first):
        try:
            with open("/proc/%d/statm" % pid) as file:
                pages += int(file.read().split()[1])
        except OSError:
            pass  # it ended meanwhile
    return pages * os.sysconf("SC_PAGE_SIZE")


def size_of(folder):
    """Bytes on disk of the files in a folder, whatever it does to them meanwhile."""
    blocks = 0
    for place, folders, files in os.walk(folder):
        for name in folders + files:
            try:
                blocks += os.lstat(os.path.join(place, name)).st_blocks
            except OSError:
                pass  # it is gone
    return blocks * 512


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


if __name__ == "__main__":
    main()
