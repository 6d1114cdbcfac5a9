"""What a program is put into: a root with nothing but Python in it, a user who owns nothing, limits on all it takes."""

import os
import resource
import sys

import linux

#: Mounted over in this namespace alone; every system has it, and no Python lives in it.
NEW_ROOT = "/sys"
#: The program's own folder: empty, and the only one it may write to.
WORK = "/tmp"
#: Who the program is, as it sees it.
INSIDE = 1000

WORK_MB = 64
FILE_MB = 16
OPEN_FILES = 64
PROCESSES = 32

LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/usr/share/zoneinfo")
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")


def build_root():
    """To be called in a new mount namespace by who may mount there."""
    _forbid_more_namespaces()
    linux.mount(None, "/", flags=linux.MS_REC | linux.MS_PRIVATE)
    linux.mount("box", NEW_ROOT, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "size=1m,mode=755")
    work = NEW_ROOT + WORK
    os.mkdir(work)
    flags = linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC
    linux.mount("work", work, "tmpfs", flags, "size=%dm,nr_inodes=4096,mode=1777" % WORK_MB)
    for path in _shown():
        _show(path)
    for path in DEVICES:
        if os.path.exists(path):
            _make_place(path, NEW_ROOT + path)
            linux.mount(path, NEW_ROOT + path, flags=linux.MS_BIND)
    linux.enter_root(NEW_ROOT)
    linux.mount(None, "/", flags=linux.MS_REMOUNT | linux.MS_BIND | linux.MS_RDONLY | linux.MS_NOSUID | linux.MS_NODEV)
    os.chdir(WORK)


def _forbid_more_namespaces():
    """In a namespace of its own a program would have all rights again; where this cannot be said, the call is refused."""
    try:
        with open("/proc/sys/user/max_user_namespaces", "w") as file:
            file.write("0")
    except OSError:
        pass


def _shown():
    """Python and the libraries that its modules are linked to, folders before what lies in them."""
    prefixes = {os.path.realpath(path) for path in (sys.prefix, sys.base_prefix, sys.exec_prefix)}
    wanted = sorted(prefixes | {sys.prefix, sys.base_prefix} | {path for path in LIBRARIES if os.path.lexists(path)})
    return [path for path in wanted if not any(path.startswith(other.rstrip("/") + "/") for other in wanted)]


def _show(path):
    place = NEW_ROOT + path
    if os.path.islink(path):
        os.makedirs(os.path.dirname(place), exist_ok=True)
        os.symlink(os.readlink(path), place)
        return
    _make_place(path, place)
    linux.bind_read_only(path, place)


def _make_place(path, place):
    if os.path.isdir(path):
        os.makedirs(place, exist_ok=True)
        return
    os.makedirs(os.path.dirname(place), exist_ok=True)
    os.close(os.open(place, os.O_CREAT | os.O_WRONLY, 0o444))


def become(user):
    """Ends every right of this process; `user` is None where it is the right one already. Whether calls are refused."""
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    linux.drop_capabilities()
    return linux.refuse_calls()


def limit(seconds, memory_mb):
    """Of each process; how many there may be is limited by `limit_processes`, once the threads of our own are there."""
    mega = 1 << 20
    for what, most in (
        (resource.RLIMIT_AS, memory_mb * mega),
        (resource.RLIMIT_CPU, seconds + 1),
        (resource.RLIMIT_FSIZE, FILE_MB * mega),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard),) * 2)


def limit_processes(count=PROCESSES):
    resource.setrlimit(resource.RLIMIT_NPROC, (count, count))


def set_up_environment(folder, report):
    """Nothing of ours: no variable, no open file but the three standard ones and `report`."""
    os.umask(0o077)
    nothing = os.open("/dev/null", os.O_RDONLY)
    os.dup2(nothing, 0)
    os.closerange(3, report)
    os.closerange(report + 1, 4096)
    os.environ.clear()
    own = {"PATH": "/usr/bin:/bin", "HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8"}
    one_thread = {name + "_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")}
    os.environ.update({**own, **one_thread})
