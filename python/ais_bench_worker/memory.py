"""Largest memory that this process, those that it started, and its accelerator held so far."""

from __future__ import annotations

import resource
import sys

#: Linux counts in KiB, macOS in bytes.
UNIT = 1 if sys.platform == "darwin" else 1024


def peak_memory() -> dict[str, int]:
    """`rss_bytes`, and `device_bytes` where torch holds an accelerator. Children count once they have ended."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    device = device_bytes()
    return {"rss_bytes": max(own, children) * UNIT, **({} if device is None else {"device_bytes": device})}


def device_bytes() -> int | None:
    """Over all devices of CUDA or of an Ascend NPU; None without torch or without a device."""
    torch = sys.modules.get("torch")
    for name in ("cuda", "npu"):
        backend = getattr(torch, name, None)
        if backend is not None and backend.is_available():
            return sum(backend.max_memory_allocated(index) for index in range(backend.device_count()))
    return None
