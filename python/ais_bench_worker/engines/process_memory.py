"""Memory of the processes that an engine starts, as Linux tells it."""

from __future__ import annotations

import os
import pathlib
import re


def group_peak_bytes() -> dict[str, int]:
    """`rss_bytes`: the peaks of all living processes of this process group together; nothing where /proc is missing."""
    peaks = [_peak_bytes(folder) for folder in pathlib.Path("/proc").glob("[0-9]*") if _group_of(folder) == os.getpgrp()]
    return {"rss_bytes": sum(peaks)} if peaks else {}


def _group_of(folder: pathlib.Path) -> int | None:
    # A name in brackets may hold spaces; behind it: state, parent, group.
    fields = _text(folder / "stat").rpartition(")")[2].split()
    return int(fields[2]) if len(fields) > 2 else None


def _peak_bytes(folder: pathlib.Path) -> int:
    found = re.search(r"^VmHWM:\s+(\d+) kB", _text(folder / "status"), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def _text(file: pathlib.Path) -> str:
    """Empty where the process has ended meanwhile."""
    try:
        return file.read_text(errors="replace")
    except OSError:
        return ""
