"""A model that the worker loads itself."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from ais_bench.benchmark.utils.prompt import PromptType


class BaseModel:
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
        self.eos_token_id = (meta_template or {}).get("eos_token_id")
        self.logger = logging.getLogger("ais_bench")

    def generate(self, input: list[PromptType], max_out_len: int, **kwargs: Any) -> list[str]:
        """As many answers as `input` has prompts, in their order, of at most `max_out_len` tokens each."""
        raise NotImplementedError(f"{type(self).__name__} has no generate(self, input, max_out_len, **kwargs)")

    def get_token_len(self, prompt: str) -> int:
        """Tokens of a text by the model's own tokenizer. Without it the tokens of a run are not counted."""
        raise NotImplementedError(f"{type(self).__name__} has no get_token_len(self, prompt)")
