"""Calls of the Linux kernel that Python has no function for. Each raises OSError that names the call."""

import ctypes
import os
import platform
import struct
import sys

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_NOATIME, MS_NODIRATIME, MS_BIND, MS_REC = 1024, 2048, 4096, 16384
MS_PRIVATE, MS_RELATIME = 1 << 18, 1 << 21
MNT_DETACH = 2

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 38
SIGKILL = 9

_libc = ctypes.CDLL(None, use_errno=True)
_libc.mount.argtypes = [ctypes.c_char_p] * 3 + [ctypes.c_ulong, ctypes.c_char_p]
_libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4


def _checked(result, call):
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, "%s: %s" % (call, os.strerror(number)))


def unshare(flags):
    _checked(_libc.unshare(flags), "unshare")


def mount(source, target, kind=None, flags=0, options=None):
    texts = [None if one is None else os.fsencode(one) for one in (source, target, kind, options)]
    _checked(_libc.mount(texts[0], texts[1], texts[2], flags, texts[3]), "mount on %s" % target)


def bind_read_only(source, target):
    """`source` and what is mounted below it, seen at `target`; what it forbids already stays forbidden."""
    mount(source, target, flags=MS_BIND | MS_REC)
    now = os.statvfs(target).f_flag
    # statvfs calls them otherwise than mount: ST_NOEXEC 8, ST_NOATIME 1024, ST_NODIRATIME 2048, ST_RELATIME 4096.
    kept = now & (MS_NOEXEC | MS_NOATIME | MS_NODIRATIME) | (MS_RELATIME if now & 4096 else 0)
    mount(None, target, flags=MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | kept)


def enter_root(folder):
    """Makes a mounted folder the root of this mount namespace; the old root is gone afterwards."""
    os.chdir(folder)
    number = {"x86_64": 155, "aarch64": 41, "riscv64": 41}.get(platform.machine())
    if number is None or _libc.syscall(number, b".", b".") == -1:
        os.chroot(".")  # the first root of a machine cannot be exchanged; without capabilities there is no way back
    else:
        _checked(_libc.umount2(b".", MNT_DETACH), "umount of the old root")
    os.chdir("/")


def prctl(option, value=0):
    _checked(_libc.prctl(option, value, 0, 0, 0), "prctl %d" % option)


def die_with_parent():
    prctl(PR_SET_PDEATHSIG, SIGKILL)


def drop_capabilities():
    """For good: no program that this process starts has any either."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            pass  # the kernel has fewer, or there is nothing to drop
    header = struct.pack("Ii", 0x20080522, 0)
    _checked(_libc.capset(header, bytes(24)), "capset")
    prctl(PR_SET_NO_NEW_PRIVS, 1)


#: Audit number of a machine, and what is refused there: sockets, namespaces, tracing, keys, rings that open sockets.
_REFUSED = {
    "x86_64": (0xC000003E, (41, 101, 248, 249, 250, 272, 298, 308, 310, 311, 321, 323, 425)),
    "aarch64": (0xC00000B7, (198, 97, 117, 217, 218, 219, 241, 268, 270, 271, 280, 282, 425)),
}

_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL, _DENY = 0x7FFF0000, 0x80000000, 0x00050000 | 13  # EACCES


def refuse_calls():
    """Whether the kernel refuses sockets and their like to this process and all it starts; False on other machines."""
    if platform.machine() not in _REFUSED:
        return False
    machine, numbers = _REFUSED[platform.machine()]
    steps = [(_LOAD, 0, 0, 4), (_IF_EQUAL, 1, 0, machine), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    steps += [(_IF_AT_LEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _DENY)]  # the same calls under x32 numbers
    for number in numbers:
        steps += [(_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, _DENY)]
    steps.append((_RETURN, 0, 0, _ALLOW))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    head = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
    _checked(_libc.prctl(PR_SET_SECCOMP, 2, ctypes.addressof(head), 0, 0), "seccomp")
    return True


def forget():
    """Takes these calls, and ctypes with them, out of reach of what runs in this process from now on."""
    for name in [name for name in sys.modules if name.split(".")[0] in ("ctypes", "_ctypes", "linux")]:
        del sys.modules[name]
    globals().clear()
