"""JSON lines over two file descriptors of the worker's own, so that nothing that a model prints gets among them."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from typing import Any

#: Made once: `json.dumps` makes one a call where it is given options. ASCII: a lone surrogate in a text stays what it is, and arrives.
_encode = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode


class Channel:
    def __init__(self, requests: int, replies: int) -> None:
        # Programs that an engine starts must not hold the channel open.
        os.set_inheritable(requests, False)
        os.set_inheritable(replies, False)
        self._requests = os.fdopen(requests, "rb", buffering=1 << 20)
        self._replies = replies
        self._writing = threading.Lock()

    def read(self) -> Iterator[dict[str, Any]]:
        """Requests as they come, until the other side is gone; those that came together are read at once, into a buffer."""
        for line in self._requests:
            if not line.endswith(b"\n"):
                return
            yield json.loads(line)

    def write(self, message: dict[str, Any]) -> None:
        """Raises TypeError or ValueError where the message is no JSON, OSError where the other side is gone."""
        line = memoryview((_encode(message) + "\n").encode("ascii"))
        with self._writing:
            while line:
                line = line[os.write(self._replies, line) :]
