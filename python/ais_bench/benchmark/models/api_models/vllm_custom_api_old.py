"""vLLM's native `generate`, and MindIE's in its style."""

from __future__ import annotations

from typing import Any

from ais_bench.benchmark.models.base_api import BaseAPIModel
from ais_bench.benchmark.models.output import RequestOutput
from ais_bench.benchmark.registry import MODELS
from ais_bench.benchmark.utils.prompt import PromptType, to_text


@MODELS.register_module()
class VLLMCustomAPIOld(BaseAPIModel):
    """Texts in; a reply has the prompt and all of the answer so far."""

    def __init__(self, *args: Any, stream_text: str = "cumulative", **kwargs: Any) -> None:
        """`stream_text`: whether an event brings all of the text so far (`cumulative`) or what is new (`incremental`)."""
        super().__init__(*args, **kwargs)
        if stream_text not in ("cumulative", "incremental"):
            raise ValueError(f"stream_text is {stream_text!r}; there are cumulative and incremental")
        self.stream_text = stream_text
        self.url = self._get_url()

    def _get_url(self) -> str:
        return self._endpoint("generate")

    async def get_request_body(
        self, input: PromptType, max_out_len: int, output: RequestOutput, **args: Any
    ) -> dict[str, Any]:
        """Makes the body, which names no model: the server has one."""
        output.input = input
        return {"prompt": to_text(input), "stream": self.stream, **self.generation_kwargs, "max_tokens": max_out_len}

    async def parse_text_response(self, data: dict[str, Any], output: RequestOutput) -> None:
        """Reads a whole reply."""
        output.content = self._answer(data, output)

    async def parse_stream_response(self, data: dict[str, Any], output: RequestOutput) -> None:
        """Reads an event."""
        if self.stream_text == "cumulative":
            output.content = self._answer(data, output)
        else:
            output.content += data["text"][0]

    def _answer(self, data: dict[str, Any], output: RequestOutput) -> str:
        text: str = data["text"][0]
        prompt = to_text(output.input)
        return text[len(prompt) :] if text.startswith(prompt) else text
