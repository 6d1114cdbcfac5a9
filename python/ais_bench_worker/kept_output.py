"""An output of a request that is under way, and what the other side knows of it already."""

from __future__ import annotations

import json
from typing import Any

from ais_bench.benchmark.models.output import Output

#: Fields that are sent whenever an event changes them.
SMALL = ("input_tokens", "output_tokens", "finish_reason", "error_info", "cached_tokens", "reasoning_tokens", "role")

#: Fields that are sent once, at the end: they may be large, and no event's time depends on them.
REST = ("input", "extra_perf_data", "extra_details_data")


class KeptOutput:
    """Says what changed since it last said so. A change is 0 for none, a text for what `content` grew by, else a table of fields,
    where `+content` and `+reasoning_content` are what these grew by.
    """

    __slots__ = ("output", "splitter", "_content", "_reasoning", "_small", "_calls")

    def __init__(self, output: Output) -> None:
        self.output = output
        #: Cuts the body, where the class cuts it itself.
        self.splitter: Any = None
        self._content: Any = ""
        self._reasoning: Any = ""
        self._small: tuple[Any, ...] = (0, 0, None, "", None, None, None)
        self._calls: list[tuple[Any, str, str]] = []

    def changes(self) -> Any:
        """What one event changed. Raises TypeError where a field is set to what it cannot be."""
        output = self.output
        content = output.content
        reasoning = output.reasoning_content
        small = (
            output.input_tokens,
            output.output_tokens,
            output.finish_reason,
            output.error_info,
            output.cached_tokens,
            output.reasoning_tokens,
            output.role,
        )
        if small == self._small and reasoning is self._reasoning and not output.tool_calls:
            before = self._content
            if content is before:
                return 0
            if type(content) is str and content.startswith(before):
                self._content = content
                return content[len(before) :]
        return self._table(content, reasoning, small)

    def _table(self, content: Any, reasoning: Any, small: tuple[Any, ...]) -> Any:
        changed: dict[str, Any] = {}
        _add_text(changed, "content", self._content, content)
        _add_text(changed, "reasoning_content", self._reasoning, reasoning)
        self._content, self._reasoning = content, reasoning
        if small != self._small:
            for name, old, new in zip(SMALL, self._small, small):
                if new != old:
                    changed[name] = _plain(name, new)
            self._small = small
        if self.output.tool_calls:
            calls = self._changed_calls()
            if calls:
                changed["tool_calls"] = calls
        return changed or 0

    def _changed_calls(self) -> list[dict[str, Any]]:
        """Of each call that changed its place, its identifier and name, and what its arguments grew by (`+`) or became (`=`)."""
        changed = []
        for place, call in enumerate(self.output.tool_calls):
            function = call.get("function") or {}
            name = call.get("name") or function.get("name") or ""
            arguments = call.get("arguments")
            if arguments is None:
                arguments = function.get("arguments") or ""
            if not isinstance(arguments, str):
                arguments = json.dumps(arguments)
            now = (call.get("id"), name, arguments)
            if place < len(self._calls):
                before = self._calls[place]
                if now == before:
                    continue
                self._calls[place] = now
            else:
                before = (None, "", "")
                self._calls.append(now)
            grown = {"+": arguments[len(before[2]) :]} if arguments.startswith(before[2]) else {"=": arguments}
            changed.append({"at": place, "id": now[0], "name": name, **grown})
        return changed

    def all_texts(self) -> dict[str, Any]:
        """What a whole reply changed, in the same form."""
        changed = self.changes()
        if isinstance(changed, str):
            return {"+content": changed}
        return changed or {}

    def rest(self) -> dict[str, Any]:
        """Returns the fields that are sent at the end, as far as they are JSON."""
        found: dict[str, Any] = {}
        for name in REST:
            value = getattr(self.output, name, None)
            if value:
                found[name] = {key: one for key, one in value.items() if _is_json(one)} if isinstance(value, dict) else value
        if "input" in found and not _is_json(found["input"]):
            del found["input"]
        return found


def _add_text(changed: dict[str, Any], name: str, before: str, now: Any) -> None:
    if now is before:
        return
    if not isinstance(now, str):
        raise TypeError(f"output.{name} must be a text, but it was set to {now!r}")
    if now.startswith(before):
        if len(now) > len(before):
            changed["+" + name] = now[len(before) :]
    else:
        changed[name] = now


def _plain(name: str, value: Any) -> Any:
    """A library's own kind of number would not travel."""
    if value is None or isinstance(value, (str, int)):
        return value
    if name.endswith("_tokens"):
        return int(value)
    return str(value)


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True
