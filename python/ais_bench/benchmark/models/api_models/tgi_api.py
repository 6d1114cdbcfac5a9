"""`generate` and `generate_stream` of Hugging Face's TGI, and of MindIE in TGI's style."""

from __future__ import annotations

from typing import Any

from ais_bench.benchmark.models.api_models._replies import read_details
from ais_bench.benchmark.models.base_api import BaseAPIModel
from ais_bench.benchmark.models.output import RequestOutput
from ais_bench.benchmark.registry import MODELS
from ais_bench.benchmark.utils.prompt import PromptType, to_text


@MODELS.register_module()
class TGICustomAPI(BaseAPIModel):
    """Texts in, texts out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Takes what `BaseAPIModel` takes; `url` becomes the endpoint."""
        super().__init__(*args, **kwargs)
        self.url = self._get_url()

    def _get_url(self) -> str:
        return self._endpoint("generate_stream" if self.stream else "generate")

    async def get_request_body(
        self, input: PromptType, max_out_len: int, output: RequestOutput, **args: Any
    ) -> dict[str, Any]:
        """Makes the body; requests `details`, since only they count tokens and name the finish reason."""
        output.input = input
        adapter = {"adapter_id": args["adapter"]} if args.get("adapter") else {}
        parameters = {"details": True, **self.generation_kwargs, "max_new_tokens": max_out_len, **adapter}
        return {"inputs": to_text(input), "parameters": parameters}

    async def parse_text_response(self, data: dict[str, Any], output: RequestOutput) -> None:
        """Reads a whole reply."""
        output.content = data.get("generated_text") or ""
        read_details(data.get("details"), output)

    async def parse_stream_response(self, data: dict[str, Any], output: RequestOutput) -> None:
        """Reads an event: one token, and of the last event the details."""
        token = data.get("token") or {}
        if not token.get("special"):
            output.content += token.get("text") or ""
        read_details(data.get("details"), output)
        whole = data.get("generated_text")
        if isinstance(whole, str):
            self._end(whole, output)

    def _end(self, whole: str, output: RequestOutput) -> None:
        """The last event repeats the whole text; it is only compared: its time is not the text's."""
        output.is_whole = True  # type: ignore[attr-defined]
        prompt = to_text(output.input) if self.generation_kwargs.get("return_full_text") is True else ""
        if prompt + output.content != whole:
            output.extra_details_data["generated_text_differs"] = whole

    async def get_ppl_request_body(self, input: PromptType, max_out_len: int, output: Any, **args: Any) -> dict[str, Any]:
        """Makes the body that requests the log probabilities of the prompt's tokens."""
        body = await self.get_request_body(input, 1, output, **args)
        return {**body, "parameters": {**body["parameters"], "details": True, "decoder_input_details": True}}

    def get_prompt_logprobs(self, data: dict[str, Any]) -> list[float | None]:
        """Returns the log probability of each token of the prompt; None for the first."""
        return [token.get("logprob") for token in (data.get("details") or {}).get("prefill") or ()]

    def stream_is_complete(self, output: RequestOutput, saw_done: bool) -> bool:
        """Whether the last event came, which has the whole text."""
        return saw_done or output.finish_reason is not None or hasattr(output, "is_whole")


@MODELS.register_module()
class TGICustomAPIStream(TGICustomAPI):
    """AISBench's old name of `TGICustomAPI` with `stream=True`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "stream": True})
