"""Where the worker looks for modules: in this package, the standard library, the user's folders, then what is installed.

So a stray `queue.py` or `json.py` of the user's hides nothing of Python's, and a folder `ais_bench` hides nothing of ours.
"""

import os
import sys

OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

#: What the other side writes to PYTHONSAFEPATH where the user has not set it.
MARK = "ais_bench"


def arrange() -> None:
    """Puts the search path of a worker that was started by its path in order, and the environment of programs that it starts.

    Those that `multiprocessing` starts get this search path from this process, and begin without the working directory.
    """
    given = [os.path.abspath(one) for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
    unwanted = {"", OURS, os.path.dirname(os.path.abspath(__file__)), *given}
    rest = [one for one in sys.path if one not in unwanted and os.path.abspath(one) not in unwanted]
    sys.path[:] = [OURS, *rest]
    insert(given)
    os.environ["PYTHONPATH"] = os.pathsep.join([OURS, *given])
    if os.environ.get("PYTHONSAFEPATH") == MARK:
        del os.environ["PYTHONSAFEPATH"]
    if sys.version_info < (3, 11):
        isolate_children()


def isolate_children() -> None:
    """Has `multiprocessing` start its programs with `-I`. From Python 3.11 on they inherit PYTHONSAFEPATH as the flag `-P`; before,
    their first imports would come from the working directory.
    """
    if os.environ.get("PYTHONHOME"):
        return
    import multiprocessing.util as util

    flags = util._args_from_interpreter_flags  # type: ignore[attr-defined]

    def isolated() -> list[str]:
        return ["-I", *(flag for flag in flags() if flag not in ("-E", "-s", "-I"))]

    util._args_from_interpreter_flags = isolated  # type: ignore[attr-defined]


def insert(folders: list[str]) -> None:
    """Looks for modules in these folders too, from the first on, directly behind the standard library."""
    kept = [one for one in sys.path if one not in folders]
    at = 1 + max((index for index, one in enumerate(kept) if one == OURS or is_standard(one)), default=-1)
    sys.path[:] = [*kept[:at], *dict.fromkeys(folders), *kept[at:]]


def is_standard(folder: str) -> bool:
    """Whether the standard library is in a folder, or in an archive."""
    library = os.path.dirname(os.__file__)
    archive = f"python{sys.version_info[0]}{sys.version_info[1]}.zip"
    return folder == library or folder == os.path.join(library, "lib-dynload") or os.path.basename(folder) == archive
