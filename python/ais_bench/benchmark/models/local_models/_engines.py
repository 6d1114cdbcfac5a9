"""Models that the worker's own engines load: their options and hooks, in the form of a class that users subclass.

Nothing beyond the standard library is imported before a model is made.
"""

from __future__ import annotations

import importlib
from typing import Any

from ais_bench.benchmark.models.base import BaseModel
from ais_bench.benchmark.utils.prompt import PromptType, to_messages


class EngineModel(BaseModel):
    """Loads its engine in `__init__`. After that `self.model` and `self.tokenizer` are those of transformers, where the engine has them.

    To override: `generate`, `get_ppl`, `get_token_len`, or the hooks `_load_tokenizer`, `_load_model` and `_to_input`.
    """

    #: `module:Class` of the engine.
    engine_name = ""

    def __init__(
        self,
        path: str,
        max_seq_len: int | None = 2048,
        tokenizer_only: bool = False,
        meta_template: dict[str, Any] | None = None,
        generation_kwargs: dict[str, Any] | None = None,
        sync_rank: bool = False,
        **options: Any,
    ) -> None:
        """Loads tokenizer and weights. `options`: what the engine takes, as the config has it: docs/local-models.md."""
        super().__init__(path, max_seq_len or 2048, tokenizer_only, meta_template, generation_kwargs, sync_rank)
        self.options = {
            **options,
            "path": path,
            "max_seq_len": self.max_seq_len,
            "tokenizer_only": tokenizer_only,
            "meta_template": meta_template,
            "generation_kwargs": self.generation_kwargs,
        }
        module, _, name = self.engine_name.partition(":")
        engine_class = getattr(importlib.import_module(module), name)
        self.engine = _hooked(engine_class, self)(self.options)
        self.engine.load()
        self.model = getattr(self.engine, "model", None)
        self.tokenizer = getattr(self.engine, "tokenizer", None)

    def generate(self, input: list[PromptType], max_out_len: int, **kwargs: Any) -> list[str]:
        """Answers a list of prompts, in their order."""
        result = self.engine.generate([self._to_input(prompt) for prompt in _as_list(input)], max_out_len)
        return list(getattr(result, "texts", result))

    def get_ppl(self, inputs: list[Any], mask_length: list[int] | None = None) -> list[float]:
        """Returns the mean negative log likelihood of each text, in nats a token."""
        result = self.engine.get_ppl([self._to_input(prompt) for prompt in _as_list(inputs)])
        return list(getattr(result, "losses", result))

    def get_token_len(self, prompt: str) -> int:
        """Tokens of a text by the model's tokenizer."""
        if self.tokenizer is None:
            raise NotImplementedError(f"{type(self).__name__} has no tokenizer of its own")
        return len(self.tokenizer(prompt)["input_ids"])

    def close(self) -> None:
        """Frees what was loaded."""
        self.engine.close()

    def _load_tokenizer(self, transformers: Any, options: dict[str, Any]) -> Any:
        """Makes the tokenizer; `options` are the engine's."""
        return self.engine.load_own_tokenizer(transformers, options)

    def _load_model(self, torch: Any, transformers: Any, options: dict[str, Any]) -> Any:
        """Makes the model; `options` are the engine's."""
        return self.engine.load_own_model(torch, transformers, options)

    def _to_input(self, prompt: PromptType) -> Any:
        """A prompt as the engine takes it: a text, or messages `{role, content}`."""
        return prompt if isinstance(prompt, str) else to_messages(prompt)


def _hooked(engine_class: Any, owner: EngineModel) -> Any:
    """The engine's class, whose hooks are those of the model."""

    class Hooked(engine_class):
        def load_own_tokenizer(self, transformers: Any, options: dict[str, Any]) -> Any:
            return super().load_tokenizer(transformers, options)

        def load_own_model(self, torch: Any, transformers: Any, options: dict[str, Any]) -> Any:
            return super().load_model(torch, transformers, options)

        def load_tokenizer(self, transformers: Any, options: dict[str, Any]) -> Any:
            owner.engine = self
            return owner._load_tokenizer(transformers, options)

        def load_model(self, torch: Any, transformers: Any, options: dict[str, Any]) -> Any:
            owner.engine = self
            return owner._load_model(torch, transformers, options)

    return Hooked


def _as_list(given: Any) -> list[Any]:
    """A text, or one dialogue, in place of a list of them is a mistake that would be answered message by message."""
    if isinstance(given, str) or (given and isinstance(given[0], dict)):
        raise TypeError("input is a list of prompts, at most batch_size of them; this is one prompt: write [prompt]")
    return list(given)
