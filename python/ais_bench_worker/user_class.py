"""A user's own model class, written as AISBench's guide has it, as an engine.

The engine's options are `file` (path of the Python file), `class` (name of the class), `folder` (the user's folder) and
`arguments` (the config's keys as its author wrote them).
"""

from __future__ import annotations

import asyncio
import inspect
from difflib import get_close_matches
from typing import Any

from ais_bench.benchmark.models import BaseModel
from ais_bench.benchmark.models.local_models._engines import EngineModel
from ais_bench.benchmark.utils.prompt import PromptList

from .engine import Engine, GenerateResult, PplResult
from .user_module import load_module

#: Names for who speaks, as chat services have them → as AISBench's models know them; others stay as they are.
ROLES = {"user": "HUMAN", "assistant": "BOT", "system": "SYSTEM", "tool": "TOOL"}

#: Keys that every config has: a class need not take them.
COMMON = frozenset(["max_out_len", "batch_size", "max_seq_len", "tokenizer_only", "meta_template", "generation_kwargs"])


class UserClass(Engine):
    """Makes one instance of the class in `load` and hands it every batch."""

    def load(self) -> None:
        """Raises what the file or the constructor raises, AttributeError where the file has no such class."""
        cls = find_class(self.options["file"], self.options["class"], self.options["folder"])
        self.model = cls(**arguments_for(cls, self.options["arguments"], COMMON))

    def generate(self, inputs: list[Any], max_out_len: int) -> GenerateResult:
        if type(self.model).generate is EngineModel.generate:
            # One of our own engines counts tokens, and knows why an answer ended.
            return self.model.engine.generate([self.model._to_input(to_prompt(given)) for given in inputs], max_out_len)
        prompts = [to_prompt(given) for given in inputs]
        try:
            answers = self.model.generate(prompts, max_out_len)
            answers = asyncio.run(answers) if inspect.iscoroutine(answers) else answers
        except (AttributeError, TypeError, KeyError) as error:
            if takes_list_for_prompt(error):
                error.ais_bench_hint = is_list(len(prompts))  # type: ignore[union-attr]
            raise
        texts = checked(answers, len(prompts))
        if not counts_tokens(self.model):
            return GenerateResult(texts)
        count = self.model.get_token_len
        # A library's own kind of number would not travel.
        asked = [int(count(_as_text(prompt))) for prompt in prompts]
        return GenerateResult(texts, asked, [int(count(text)) for text in texts])

    def get_ppl(self, inputs: list[Any]) -> PplResult:
        score = getattr(self.model, "get_ppl", None)
        if score is None:
            raise NotImplementedError(f"{type(self.model).__name__} has no get_ppl(self, inputs)")
        losses = list(score([to_prompt(given) for given in inputs]))
        if len(losses) != len(inputs):
            raise ValueError(f"get_ppl returned {len(losses)} losses for {len(inputs)} prompts")
        return PplResult([float(loss) for loss in losses])

    def close(self) -> None:
        close = getattr(getattr(self, "model", None), "close", None)
        if callable(close):
            close()


def find_class(file: str, name: str, folder: str) -> type:
    """The class of that name in a Python file, or an installed module; AttributeError with the names that there are."""
    module = load_module(file, folder)
    found = getattr(module, name, None)
    if isinstance(found, type):
        return found
    own = [key for key, value in vars(module).items() if isinstance(value, type) and value.__module__ == module.__name__]
    near = get_close_matches(name, own, 1)
    hint = f"did you mean {near[0]}?" if near else f"it has: {', '.join(own) or 'none'}"
    raise AttributeError(f"{file} has no class {name}; {hint}")


def arguments_for(cls: type, given: dict[str, Any], common: frozenset[str]) -> dict[str, Any]:
    """The arguments that the class's `__init__` takes; those that are `common` it may leave.

    Raises TypeError where it needs what is not given, or does not take what is.
    """
    parameters = list(inspect.signature(cls).parameters.values())
    names = [parameter.name for parameter in parameters]
    takes_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)
    # What a config left out would only surprise `**kwargs`.
    left_out = {key for key in common if not given.get(key)}
    taken = {key: value for key, value in given.items() if key in names or (takes_all and key not in left_out)}
    for key in given:
        if not takes_all and key not in names and key not in common:
            raise TypeError(f"{cls.__name__}.__init__ takes no {key!r}{_near(key, names)}")
    for parameter in parameters:
        by_name = parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
        if by_name and parameter.default is parameter.empty and parameter.name not in taken:
            raise TypeError(f"{cls.__name__}.__init__ needs {parameter.name!r}: write it in the config")
    return taken


def to_prompt(given: Any) -> PromptList | str:
    """A text as it is; messages with AISBench's roles, their content as `prompt`."""
    if isinstance(given, str):
        return given
    return PromptList(_to_item(message) for message in given)


def checked(answers: Any, expected: int) -> list[str]:
    """The answers as a list. TypeError or ValueError where they are not as many texts as there were prompts."""
    if isinstance(answers, str) or not hasattr(answers, "__iter__"):
        raise TypeError(f"generate returned {_kind(answers)} where a list of {expected} texts belongs; {is_list(expected)}")
    texts = list(answers)
    if len(texts) != expected:
        raise ValueError(f"generate returned {len(texts)} texts for {expected} prompts; {is_list(expected)}")
    for index, text in enumerate(texts):
        if not isinstance(text, str):
            raise TypeError(f"generate returned {_kind(text)} where text {index} belongs")
    return texts


def is_list(count: int) -> str:
    """What a class may not have expected: the guide declares `input: PromptType`."""
    return f"`input` is a list of at most batch_size prompts, here {count}: return one text for each, in order"


def takes_list_for_prompt(error: Exception) -> bool:
    """Whether an error looks like that of a class that took the list for one prompt: `'list' object has no attribute 'strip'`."""
    return "list" in str(error) or "string or bytes-like" in str(error)


def counts_tokens(model: Any) -> bool:
    """Whether the class has a tokenizer of its own, and not only the base class's refusal."""
    counting = getattr(type(model), "get_token_len", None)
    return counting is not None and counting is not BaseModel.get_token_len


def _to_item(message: dict[str, Any]) -> dict[str, Any]:
    others = {key: value for key, value in message.items() if key not in ("role", "content")}
    role = message["role"]
    return {"role": ROLES.get(role, role), "prompt": message["content"], **others}


def _as_text(prompt: PromptList | str) -> str:
    if isinstance(prompt, str):
        return prompt
    return "\n".join(str(PromptList([item])) for item in prompt)


def _near(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _kind(value: Any) -> str:
    return "None" if value is None else type(value).__name__
