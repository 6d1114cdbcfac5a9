"""A model that the worker loads itself."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from ais_bench.benchmark.models.template_parser import LMTemplateParser, _TemplateParser
from ais_bench.benchmark.utils.prompt import PromptList, PromptType

__all__ = ["BaseModel", "LMTemplateParser", "PromptList", "PromptType"]


class _AnyModel:
    """What models behind a service and models that the worker loads have in common."""

    template_parser: _TemplateParser

    def parse_template(self, prompt_template: Any, mode: str = "gen") -> Any:
        """Returns a prompt in the form that the model's `meta_template` gives it."""
        return self.template_parser.parse_template(prompt_template, mode)

    def get_token_len(self, prompt: str) -> int:
        """Tokens of a text."""
        raise NotImplementedError(f"{type(self).__name__} has no get_token_len(self, prompt)")

    def get_token_len_from_template(self, templates: Any, mode: str = "ppl") -> Any:
        """Tokens of a prompt in the model's form; a list of prompts gives a list."""
        if isinstance(templates, list) and not isinstance(templates, PromptList):
            return [self.get_token_len_from_template(one, mode) for one in templates]
        return self.get_token_len(str(self.parse_template(templates, mode)))

    def generate_from_template(self, templates: list[Any], max_out_len: int, **kwargs: Any) -> Any:
        """Answers prompts, put into the model's form first."""
        return self.generate(self.parse_template(templates, "gen"), max_out_len=max_out_len, **kwargs)  # type: ignore[attr-defined]

    def get_ppl_from_template(self, templates: list[Any], **kwargs: Any) -> Any:
        """Scores prompts, put into the model's form first."""
        return self.get_ppl(self.parse_template(templates, "ppl"), **kwargs)  # type: ignore[attr-defined]


class BaseModel(_AnyModel):
    """Inherit from it, load weights in `__init__`, and answer batches in `generate`."""

    #: Whether the model stands behind a service.
    is_api: ClassVar[bool] = False

    def __init__(
        self,
        path: str,
        max_seq_len: int = 2048,
        tokenizer_only: bool = False,
        meta_template: dict[str, Any] | None = None,
        generation_kwargs: dict[str, Any] | None = None,
        sync_rank: bool = False,
    ) -> None:
        """Keeps the options as attributes; nothing is loaded here.

        `path`: weights and tokenizer. `max_seq_len`: prompt and answer together, in tokens. `generation_kwargs`: as the
        config has it, `stop_token_ids` included. `sync_rank` is kept and has no effect: a model runs in one worker.
        """
        self.path = path
        self.max_seq_len = max_seq_len
        self.tokenizer_only = tokenizer_only
        self.meta_template = meta_template
        self.generation_kwargs = dict(generation_kwargs or {})
        self.sync_rank = sync_rank
        self.template_parser = LMTemplateParser(meta_template or None)
        self.eos_token_id = (meta_template or {}).get("eos_token_id")
        self.logger = logging.getLogger("ais_bench")

    def generate(self, input: list[PromptType], max_out_len: int, **kwargs: Any) -> list[str]:
        """As many answers as `input` has prompts (at most `batch_size`), in their order, of at most `max_out_len` tokens each."""
        raise NotImplementedError(f"{type(self).__name__} has no generate(self, input, max_out_len, **kwargs)")

    def get_ppl(self, inputs: list[Any], mask_length: list[int] | None = None) -> list[float]:
        """The mean negative log likelihood of each text."""
        raise NotImplementedError(f"{type(self).__name__} has no get_ppl(self, inputs)")

    def encode(self, prompt: str) -> Any:
        """Tokens of a text, as the model takes them."""
        raise NotImplementedError(f"{type(self).__name__} has no encode(self, prompt)")

    def decode(self, tokens: Any) -> str:
        """The text of tokens."""
        raise NotImplementedError(f"{type(self).__name__} has no decode(self, tokens)")

    def to(self, device: Any) -> None:
        """Moves the weights to a device."""
        self.model.to(device)  # type: ignore[attr-defined]
