"""A prompt with images and videos, as chat templates of vision models want it."""

from __future__ import annotations

from typing import Any

from .huggingface import ROLES
from .media import Limits, Video, parts_of


class Dialogue:
    """Messages as chat templates of vision models want them, and their images and videos in order."""

    def __init__(self, given: Any, limits: Limits) -> None:
        self.messages: list[dict[str, Any]] = []
        self.images: list[Any] = []
        self.videos: list[Video] = []
        for message in [{"role": "user", "content": given}] if isinstance(given, str) else given:
            content = [self._take(part) for part in parts_of(message["content"], limits) if part != ""]
            if content:
                self._add(ROLES.get(message["role"], message["role"]), content)

    def _take(self, part: Any) -> dict[str, Any]:
        if isinstance(part, str):
            return {"type": "text", "text": part}
        kind = "video" if isinstance(part, Video) else "image"
        (self.videos if kind == "video" else self.images).append(part)
        return {"type": kind}

    def _add(self, role: str, content: list[dict[str, Any]]) -> None:
        """Messages of one role after another become one, their texts joined by a newline."""
        last = self.messages[-1] if self.messages else None
        if last is None or last["role"] != role:
            self.messages.append({"role": role, "content": content})
            return
        if last["content"][-1]["type"] == content[0]["type"] == "text":
            content[0]["text"] = "\n" + content[0]["text"]
        last["content"] += content


def kinds_of(given: Any) -> frozenset[str]:
    """The kinds of parts of a prompt beside texts."""
    if isinstance(given, str):
        return frozenset()
    lists = [message["content"] for message in given if not isinstance(message["content"], str)]
    return frozenset(str(part.get("type")) for parts in lists for part in parts if part.get("type") != "text")
