"""MindIE's own `infer`."""

from __future__ import annotations

from typing import Any

from ais_bench.benchmark.models.api_models._replies import read_details
from ais_bench.benchmark.models.base_api import BaseAPIModel
from ais_bench.benchmark.models.output import RequestOutput
from ais_bench.benchmark.registry import MODELS
from ais_bench.benchmark.utils.prompt import PromptType, to_text


@MODELS.register_module()
class MindieStreamApi(BaseAPIModel):
    """Texts in; an event brings its token, or all of the text so far."""

    def __init__(self, path: str = "", stream: bool = True, *args: Any, **kwargs: Any) -> None:
        """Takes what `BaseAPIModel` takes; streams by default."""
        super().__init__(path, stream, *args, **kwargs)
        self.url = self._get_url()

    def _get_url(self) -> str:
        return self._endpoint("infer")

    async def get_request_body(
        self, input: PromptType, max_out_len: int, output: RequestOutput, **args: Any
    ) -> dict[str, Any]:
        """Makes the body; requests `details`, since only they count tokens and name the finish reason."""
        output.input = input
        adapter = {"adapter_id": args["adapter"]} if args.get("adapter") else {}
        parameters = {"details": True, **self.generation_kwargs, "max_new_tokens": max_out_len, **adapter}
        return {"inputs": to_text(input), "stream": self.stream, "parameters": parameters}

    async def parse_text_response(self, data: dict[str, Any], output: RequestOutput) -> None:
        """Reads a whole reply."""
        output.content = data.get("generated_text") or ""
        read_details(data.get("details"), output)

    async def parse_stream_response(self, data: dict[str, Any], output: RequestOutput) -> None:
        """Reads an event; where it has the whole text, that is believed."""
        whole = data.get("generated_text")
        if whole:
            output.content = whole
        else:
            output.content += (data.get("token") or {}).get("text") or ""
        read_details(data.get("details"), output)
