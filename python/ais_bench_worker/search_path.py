"""Where the worker looks for modules: in this package, the standard library, the user's folders, then what is installed.

So a stray `queue.py` or `json.py` of the user's stands before nothing of Python's, and a folder `ais_bench` before nothing of ours.
"""

import os
import sys

OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

#: What the other side writes to PYTHONSAFEPATH where the user has not set it.
MARK = "ais_bench"


def arrange():
    """Puts the search path of a worker that was started by its path in order, and the environment of programs that it starts.

    Those that `multiprocessing` starts get this search path from this process, and from Python 3.11 on no working directory before it.
    """
    given = [os.path.abspath(one) for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
    unwanted = {"", OURS, os.path.dirname(os.path.abspath(__file__)), *given}
    rest = [one for one in sys.path if one not in unwanted and os.path.abspath(one) not in unwanted]
    sys.path[:] = [OURS, *rest]
    insert(given)
    os.environ["PYTHONPATH"] = os.pathsep.join([OURS, *given])
    if os.environ.get("PYTHONSAFEPATH") == MARK:
        del os.environ["PYTHONSAFEPATH"]


def insert(folders):
    """Looks for modules in these folders too, from the first on, directly behind the standard library."""
    kept = [one for one in sys.path if one not in folders]
    at = 1 + max((index for index, one in enumerate(kept) if one == OURS or is_standard(one)), default=-1)
    sys.path[:] = [*kept[:at], *dict.fromkeys(folders), *kept[at:]]


def is_standard(folder):
    """Whether the standard library is in a folder, or in an archive."""
    library = os.path.dirname(os.__file__)
    archive = "python%d%d.zip" % sys.version_info[:2]
    return folder == library or folder == os.path.join(library, "lib-dynload") or os.path.basename(folder) == archive
