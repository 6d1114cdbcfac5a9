"""Triton's generate extension."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import uuid4

from ais_bench.benchmark.models.base_api import BaseAPIModel
from ais_bench.benchmark.models.output import RequestOutput
from ais_bench.benchmark.registry import MODELS
from ais_bench.benchmark.utils.prompt import PromptType, to_text


@MODELS.register_module()
class TritonCustomAPI(BaseAPIModel):
    """Texts in, texts out; a stream says neither that it is complete nor how many tokens it had."""

    chunks_are_tokens = False

    def __init__(
        self, *args: Any, model_name: str = "", parameters_at: str = "parameters", max_tokens_field: str = "", **kwargs: Any
    ) -> None:
        """`parameters_at`: `parameters` (MindIE's body, and AISBench's; `auto` means it here) or `top_level` (stock backends take the same
        keys beside `text_input`). `max_tokens_field`: what the backend calls the length."""
        super().__init__(*args, **kwargs)
        if parameters_at not in ("auto", "parameters", "top_level"):
            raise ValueError(f"parameters_at is {parameters_at!r}; there are parameters and top_level")
        self.model = model_name or self.model
        self.model_name = self.model
        self.parameters_at = parameters_at
        self.max_tokens_field = max_tokens_field or ("max_tokens" if parameters_at == "top_level" else "max_new_tokens")
        self.url = self._get_url()

    def _get_url(self) -> str:
        endpoint = "generate_stream" if self.stream else "generate"
        return self._endpoint(f"v2/models/{quote(self._get_service_model_path(), safe='')}/{endpoint}")

    async def get_request_body(
        self, input: PromptType, max_out_len: int, output: RequestOutput, **args: Any
    ) -> dict[str, Any]:
        """Makes the body, with an identifier of its own."""
        output.input = input
        request = {"id": uuid4().hex, "text_input": to_text(input)}
        length = {self.max_tokens_field: max_out_len}
        if self.parameters_at == "top_level":
            return {**request, **self.generation_kwargs, "stream": self.stream, **length}
        return {**request, "parameters": {**self.generation_kwargs, **length}}

    async def parse_text_response(self, data: dict[str, Any], output: RequestOutput) -> None:
        """Reads a whole reply."""
        output.content = _text_of(data)

    async def parse_stream_response(self, data: dict[str, Any], output: RequestOutput) -> None:
        """Reads an event."""
        output.content += _text_of(data)


def _text_of(data: dict[str, Any]) -> str:
    """A backend whose output tensor has room for a batch answers with a list of one."""
    text = data.get("text_output") or ""
    return text[0] if isinstance(text, list) else text


@MODELS.register_module()
class TritonCustomAPIStream(TritonCustomAPI):
    """AISBench's old name of `TritonCustomAPI` with `stream=True`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "stream": True})
