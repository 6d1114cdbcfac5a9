"""
Runs a program and then its tests, in the process that is to be judged, and says so that it cannot be said otherwise.

Tests call the program's functions, so both live in one interpreter. The proof of a pass is a nonce that this process was
given. It is known to nothing but a local variable of a thread, the keeper, which tells it when it sees that the main thread
stands in the last line of `_run`, with nothing running below: there it only comes when every test has returned. Whatever ends
the process before (`os._exit(0)`, `sys.exit()`, a crash), prints what it likes, or calls the keeper early gets no pass. What
could look into other threads or into memory is refused to the program by an audit hook, which cannot be taken away again.

Tests have builtins of their own, and the modules that they import are put back as they were before the program ran.
"""

import _thread
import ast
import builtins
import json
import os
import sys
import types

#: Audit events (PEP 578) of what shows a thread's variables or memory to another.
_REFUSED = frozenset((
    "code.__new__",
    "gc.get_objects",
    "gc.get_referents",
    "gc.get_referrers",
    "sys._current_exceptions",
    "sys._current_frames",
    "sys.monitoring.register_callback",
    "sys.setprofile",
    "sys.settrace",
))

#: Modules that read memory, by a part of their names, whatever they are loaded as.
_MEMORY = ("ctypes", "_testcapi", "_testinternalcapi", "_xxsubinterpreters", "_interpreters", "_remote_debugging")


def run_judged(program, tests, report, secret, limit_processes):
    """
    Never returns. `secret` is a list that holds the nonce, and is empty before the program runs; on descriptor `report`
    comes the nonce, or what failed as JSON: `{"type": "AssertionError", "message": …}`. `limit_processes` is called when the
    keeper, which is a thread too, has been started.
    """
    try:
        checks = compile(tests, "<tests>", "exec", dont_inherit=True)
        kept = {name: (module, dict(vars(module))) for name, module in _imported(tests).items()}
    except BaseException as error:  # no program can pass such tests
        fail(error, report)
    _run(program, checks, kept, report, secret, limit_processes)
    os._exit(1)


def _imported(tests):
    """The modules that the tests' own import statements name."""
    found = {}
    for node in ast.walk(ast.parse(tests)):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        for name in names:
            try:
                __import__(name)
                found[name] = sys.modules[name]
            except ImportError:
                pass  # the tests will say so themselves
    return found


def _keep(secret, report, ready, done, main):
    frames, write, leave, refused, memory = sys._current_frames, os.write, os._exit, _REFUSED, _MEMORY
    keeper, ident = _thread.get_ident(), _thread.get_ident
    nonce = secret.pop()
    runner = frames()[main]
    last = max(line for _, _, line in runner.f_code.co_lines() if line)

    def refuse(event, arguments):
        if ident() == keeper:
            return
        if event in refused or event.startswith("ctypes."):
            raise RuntimeError("%s is refused to a program that is judged" % event)
        if event == "import":
            loaded = "%s %s" % (arguments[0], arguments[1])
            for name in memory:  # nothing is called by a name that the program could give to something else
                if name in loaded:
                    raise ImportError("%s is refused to a program that is judged" % arguments[0])

    sys.addaudithook(refuse)
    ready.release()
    done.acquire()
    if frames().get(main) is runner and runner.f_lineno >= last - 1:
        write(report, nonce.encode())
        leave(0)


def _run(program, checks, kept, report, secret, limit_processes):
    compiling, executing, failing, modules, copied = compile, exec, fail, sys.modules, dict
    flushing, streams = flush, (sys.stdout, sys.stderr)
    own_builtins = dict(vars(builtins))
    ready, done, forever = (_thread.allocate_lock() for _ in range(3))
    try:
        for lock in (ready, done, forever):
            lock.acquire()
        _thread.start_new_thread(_keep, (secret, report, ready, done, _thread.get_ident()))
        ready.acquire()
        limit_processes()
        names: dict[str, object] = {}
        executing(compiling(program, "<program>", "exec", dont_inherit=True), names)
        names = copied(names)
        names["__builtins__"] = own_builtins
        for name, (module, content) in kept.items():
            modules[name] = module
            module.__dict__.update(content)
        executing(checks, names)
        flushing(streams)
    except BaseException as error:
        flushing(streams)
        failing(error, report)
    # The keeper looks for the main thread in these two lines, the last of this function.
    done.release()
    forever.acquire()


def fail(error, report, write=os.write, leave=os._exit, dump=json.dumps):
    """Says what was raised, as far as it can be said, and ends the process."""
    try:
        said = {"type": type(error).__name__, "message": str(error)[:500]}
        write(report, dump(said).encode())
    except BaseException:
        pass  # what it raised cannot be put into words
    leave(1)


def flush(streams):
    for stream in streams:
        try:
            stream.flush()
        except BaseException:
            pass  # closed by the program


def run_alone(program, folder, limit_processes):
    """Runs a program as `python program.py` would, and ends the process with its exit code; exit handlers do not run."""
    code = 0
    sys.argv = ["program.py"]
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        limit_processes()
        exec(compile(program, folder + "/program.py", "exec", dont_inherit=True), vars(main))
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 0 if left.code is None else 1
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
        code = 1
    flush((sys.stdout, sys.stderr))
    os._exit(code & 0xFF)
