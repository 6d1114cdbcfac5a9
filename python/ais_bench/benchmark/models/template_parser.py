"""Dialogues in the words of a model: AISBench's `meta_template`.

A meta template is `{begin?, round: [{role, api_role?, begin?, end?, prompt?, generate?}, …], reserved_roles?, end?}`. A dialogue is a
`PromptList` of texts, of messages `{role, prompt, fallback_role?}` and of markers `{section: begin | round | end | ice, pos: begin | end}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Union

from ais_bench.benchmark.utils.prompt import PromptList, PromptType

Role = dict[str, Any]
Template = Union[PromptType, list[Any]]


class _TemplateParser:
    def __init__(self, meta_template: dict[str, Any] | None = None) -> None:
        self.meta_template = meta_template
        self.roles: dict[str, Role] = {}
        if meta_template is None:
            return
        if "round" not in meta_template:
            raise ValueError("meta_template needs the key 'round'")
        for role in [*meta_template["round"], *meta_template.get("reserved_roles", [])]:
            if not isinstance(role, dict):
                raise TypeError(f"a role of meta_template must be a dict, but it is {role!r}")
            if role["role"] in self.roles:
                raise ValueError(f"meta_template has the role {role['role']!r} twice")
            self.roles[role["role"]] = dict(role)

    def parse_template(self, prompt_template: Template, mode: str = "gen") -> Any:
        """Returns a prompt in the model's form; a list of templates gives a list. `mode` is `gen`, or `ppl` for a text with its answer."""
        if mode not in ("gen", "ppl"):
            raise ValueError(f"mode is {mode!r}; there are gen and ppl")
        if isinstance(prompt_template, str):
            return prompt_template
        if not isinstance(prompt_template, PromptList):
            return [self.parse_template(one, mode) for one in prompt_template]
        return self._plain(prompt_template) if self.meta_template is None else self._parsed(prompt_template, mode)

    def _plain(self, prompt: PromptList) -> Any:
        return "\n".join(text for text in map(_text_of, prompt) if text)

    def _parsed(self, prompt: PromptList, mode: str) -> Any:
        raise NotImplementedError

    def _settings_of(self, item: Role) -> Role:
        """What the meta template says of a message's role, overlaid with the message. Raises KeyError where it knows neither role."""
        for key in ("role", "fallback_role"):
            if item.get(key) in self.roles:
                return {**self.roles[item[key]], **{name: value for name, value in item.items() if name not in ("role", "fallback_role")}}
        raise KeyError(f"the role {item.get('role')!r} is neither in meta_template's round nor among its reserved_roles")

    def _rounds(self, messages: list[Role]) -> list[list[Role]]:
        """Messages cut into rounds: one begins where a role does not come after the role before it."""
        order = {role["role"]: place for place, role in enumerate((self.meta_template or {})["round"])}
        rounds: list[list[Role]] = []
        last = -1
        for settings in map(self._settings_of, messages):
            place = order.get(settings["role"], last)
            if not rounds or place <= last:
                rounds.append([])
            rounds[-1].append(settings)
            last = place
        return rounds


class LMTemplateParser(_TemplateParser):
    """Makes one text of a dialogue."""

    def _parsed(self, prompt: PromptList, mode: str) -> str:
        meta = self.meta_template or {}
        text, generating = _text(meta.get("begin", "")), False
        for section, items in _sections(prompt):
            if generating:
                break
            if section in ("round", "ice"):
                last = mode == "gen" and section == "round"
                made, generating = self._rounds_as_text([item for item in items if isinstance(item, dict)], last)
                text += made
                continue
            text += "".join(item if isinstance(item, str) else self._message(self._settings_of(item)) for item in items)
        return text if generating else text + _text(meta.get("end", ""))

    def _rounds_as_text(self, messages: list[Role], generates: bool) -> tuple[str, bool]:
        rounds = self._rounds(messages)
        text = ""
        for number, found in enumerate(rounds):
            by_role = {settings["role"]: settings for settings in found}
            in_order = [settings for settings in found if settings["role"] not in self._round_roles()]
            for role in (self.meta_template or {})["round"]:
                settings = by_role.get(role["role"], role)
                if generates and number == len(rounds) - 1 and role.get("generate"):
                    return text + _text(settings.get("begin", "")), True
                text += self._message(settings)
            text += "".join(map(self._message, in_order))
        return text, False

    def _round_roles(self) -> set[str]:
        return {role["role"] for role in (self.meta_template or {})["round"]}

    def _message(self, settings: Role) -> str:
        return _text(settings.get("begin", "")) + _text(settings.get("prompt", "")) + _text(settings.get("end", ""))


class APITemplateParser(_TemplateParser):
    """Makes messages `{role, prompt}` with the service's own roles (`api_role`) of a dialogue."""

    def _plain(self, prompt: PromptList) -> Any:
        parts = [item["prompt_mm"] for item in prompt if isinstance(item, dict) and "prompt_mm" in item]
        return parts[0] if len(parts) == 1 else parts or super()._plain(prompt)

    def _parsed(self, prompt: PromptList, mode: str) -> PromptList:
        messages: list[Role] = []
        begin = (self.meta_template or {}).get("begin")
        if isinstance(begin, dict):
            messages.append(self._message(self._settings_of(begin)))
        for section, items in _sections(prompt):
            found = [item for item in items if isinstance(item, dict)]
            if section not in ("round", "ice"):
                messages += [self._message(self._settings_of(item)) for item in found]
                continue
            rounds = self._rounds(found)
            for number, settings in ((number, one) for number, group in enumerate(rounds) for one in group):
                if mode == "gen" and section == "round" and number == len(rounds) - 1 and settings.get("generate"):
                    return _merged(messages)
                messages.append(self._message(settings))
        return _merged(messages)

    def _message(self, settings: Role) -> Role:
        prompt = settings.get("prompt_mm", settings.get("prompt", ""))
        if isinstance(prompt, str):
            prompt = _text(settings.get("begin", "")) + prompt + _text(settings.get("end", ""))
        return {"role": settings.get("api_role") or settings["role"], "prompt": prompt}


def _sections(prompt: PromptList) -> Iterator[tuple[str, list[Any]]]:
    """A dialogue's items by section; those outside of any as section `""`. Messages without markers are rounds."""
    marked = any(isinstance(item, dict) and "section" in item for item in prompt)
    section = "" if marked else "round"
    items: list[Any] = []
    for item in prompt:
        if isinstance(item, dict) and "section" in item:
            if items:
                yield section, items
            section, items = (item["section"] if item.get("pos") == "begin" else ""), []
        else:
            items.append(item)
    if items:
        yield section, items


def _merged(messages: list[Role]) -> PromptList:
    """Messages of one role after another as one, their texts joined by a newline."""
    merged = PromptList()
    for message in messages:
        last = merged[-1] if merged else None
        both_texts = last is not None and isinstance(last["prompt"], str) and isinstance(message["prompt"], str)
        if last is not None and both_texts and last["role"] == message["role"]:
            last["prompt"] += "\n" + message["prompt"]
        else:
            merged.append(dict(message))
    return merged


def _text(given: Any) -> str:
    if isinstance(given, str):
        return given
    raise NotImplementedError(f"begin, end and prompt must be texts, but one is {given!r}")


def _text_of(item: Any) -> str:
    if isinstance(item, str):
        return item
    prompt = item.get("prompt", "")
    return prompt if isinstance(prompt, str) else ""
