"""Prompts as AISBench's models get them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Union


class PromptList(list[Any]):
    """A dialogue: a list of texts and of messages `{"role": "HUMAN" | "BOT" | "SYSTEM" | …, "prompt": …}`."""

    def format(self, **values: Any) -> PromptList:
        """A copy with every `{name}` that is given replaced; other braces stay."""
        filled = self
        for name, value in values.items():
            filled = filled.replace("{" + name + "}", str(value))
        return filled if filled is not self else PromptList(self)

    def replace(self, old: str, new: str | PromptList) -> PromptList:
        """A copy with a text replaced. Raises TypeError where a dialogue would stand inside a message."""
        replaced = PromptList()
        for item in self:
            if isinstance(item, str):
                replaced.extend(_replace_in_text(item, old, new))
            elif isinstance(item.get("prompt"), str) and old in item["prompt"]:
                if not isinstance(new, str):
                    raise TypeError(f"a dialogue cannot stand in place of {old!r} inside a message")
                replaced.append({**item, "prompt": item["prompt"].replace(old, new)})
            else:
                replaced.append(item)
        return replaced

    def __add__(self, other: str | Iterable[Any]) -> PromptList:
        return PromptList([*self, *_as_items(other)])

    def __radd__(self, other: str | Iterable[Any]) -> PromptList:
        return PromptList([*_as_items(other), *self])

    def __iadd__(self, other: str | Iterable[Any]) -> PromptList:
        self.extend(_as_items(other))
        return self

    def __str__(self) -> str:
        """All texts, one after the other."""
        return "".join(_text_of(item) for item in self)


PromptType = Union[PromptList, str]

#: AISBench's names for who speaks → those of chat services; others stay as they are.
ROLES = {"HUMAN": "user", "BOT": "assistant", "SYSTEM": "system", "TOOL": "tool"}


def to_messages(prompt: PromptType) -> list[dict[str, Any]]:
    """Returns a prompt as chat services take it: messages `{role, content}`; a text is one message of the user's."""
    if isinstance(prompt, str):
        return [{"role": "user", "content": prompt}]
    return [_to_message(item) for item in prompt]


def to_text(prompt: PromptType) -> str:
    """Returns a prompt as one text, messages joined by a newline. Raises ValueError where it has images, video or audio."""
    return prompt if isinstance(prompt, str) else "\n".join(map(_only_text, prompt))


def _to_message(item: Any) -> dict[str, Any]:
    if isinstance(item, str):
        return {"role": "user", "content": item}
    others = {key: value for key, value in item.items() if key not in ("role", "prompt")}
    role = item.get("role", "")
    return {"role": ROLES.get(role, role), "content": item.get("prompt", ""), **others}


def _only_text(item: Any) -> str:
    for part in item["prompt"] if isinstance(item, dict) and isinstance(item.get("prompt"), list) else []:
        if "text" not in part:
            raise ValueError(f"a prompt with a part {part.get('type')!r} cannot be sent as one text")
    return _text_of(item)


def _as_items(given: str | Iterable[Any]) -> list[Any]:
    """What is added to a dialogue: an empty text adds nothing."""
    if isinstance(given, str):
        return [given] if given else []
    return list(given or ())


def _replace_in_text(text: str, old: str, new: str | PromptList) -> list[Any]:
    if isinstance(new, str):
        return [text.replace(old, new)]
    before, found, after = text.partition(old)
    if not found:
        return _as_items(text)
    return [*_as_items(before), *new, *_replace_in_text(after, old, new)]


def _text_of(item: Any) -> str:
    if isinstance(item, str):
        return item
    prompt = item.get("prompt", "")
    if isinstance(prompt, str):
        return prompt
    return "".join(part.get("text", "") for part in prompt)
