"""VITA's `generate` behind MindIE."""

from __future__ import annotations

from typing import Any

from ais_bench.benchmark.models.base_api import BaseAPIModel
from ais_bench.benchmark.models.output import RequestOutput
from ais_bench.benchmark.registry import MODELS
from ais_bench.benchmark.utils.prompt import PromptType, to_messages


@MODELS.register_module()
class VITAGenerateAPI(BaseAPIModel):
    """Parts in, text out."""

    is_chat_api = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Takes what `BaseAPIModel` takes; `url` becomes the endpoint."""
        super().__init__(*args, **kwargs)
        self.url = self._get_url()

    def _get_url(self) -> str:
        return self._endpoint("generate")

    async def get_request_body(
        self, input: PromptType, max_out_len: int, output: RequestOutput, **args: Any
    ) -> dict[str, Any]:
        """Makes the body: the parts of all messages, each with its text, or its path or URL."""
        output.input = input
        parts = [part for message in to_messages(input) for part in _parts_of(message["content"])]
        model = args.get("adapter") or self._get_service_model_path()
        return {"prompt": parts, "stream": self.stream, **self.generation_kwargs, "max_tokens": max_out_len, "model": model}

    async def parse_text_response(self, data: dict[str, Any], output: RequestOutput) -> None:
        """Reads a whole reply."""
        output.content = data["text"][0]

    async def parse_stream_response(self, data: dict[str, Any], output: RequestOutput) -> None:
        """Reads an event."""
        output.content += data["text"][0]


def _parts_of(content: Any) -> list[dict[str, Any]]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [_flat(part) for part in content]


def _flat(part: dict[str, Any]) -> dict[str, Any]:
    """`{type: image_url, image_url: {url}}` with the path alone."""
    kind = part["type"]
    given = part[kind]
    url = given["url"] if isinstance(given, dict) else given
    return {"type": kind, kind: url[len("file://") :] if url.startswith("file://") else url}
