"""`v1/completions` as vLLM and other OpenAI-compatible servers speak it."""

from __future__ import annotations

from typing import Any

from ais_bench.benchmark.models.api_models._replies import first_choice, prompt_logprobs, read_finish_reason, read_usage
from ais_bench.benchmark.models.base_api import BaseAPIModel
from ais_bench.benchmark.models.output import RequestOutput
from ais_bench.benchmark.models.template_parser import LMTemplateParser
from ais_bench.benchmark.registry import MODELS
from ais_bench.benchmark.utils.prompt import PromptType, to_text


@MODELS.register_module()
class VLLMCustomAPI(BaseAPIModel):
    """Texts in, texts out."""

    fixes_length = True

    def __init__(
        self,
        path: str = "",
        model: str = "",
        stream: bool = False,
        max_out_len: int = 4096,
        retry: int = 2,
        api_key: str = "",
        host_ip: str = "localhost",
        host_port: int = 8080,
        url: str = "",
        trust_remote_code: bool = False,
        generation_kwargs: dict[str, Any] | None = None,
        meta_template: dict[str, Any] | None = None,
        enable_ssl: bool = False,
        verbose: bool = False,
        ppl_method: str = "prompt_logprobs",
    ) -> None:
        """Keeps the options; `url` becomes the endpoint. `ppl_method`: the request for perplexity, `prompt_logprobs` (vLLM) or `echo`
        (with `logprobs`, other servers)."""
        placed = (path, stream, max_out_len, retry, host_ip, host_port, url, meta_template, generation_kwargs, enable_ssl, verbose)
        super().__init__(*placed, api_key, model, trust_remote_code)
        self.headers.update({"Authorization": f"Bearer {api_key}"} if api_key else {})
        if ppl_method not in ("prompt_logprobs", "echo"):
            raise ValueError(f"ppl_method is {ppl_method!r}; there are prompt_logprobs and echo")
        self.ppl_method = ppl_method
        self.template_parser = LMTemplateParser(self.meta_template)
        self.url = self._get_url()

    def _get_url(self) -> str:
        return self._endpoint("v1/completions")

    async def get_request_body(
        self, input: PromptType, max_out_len: int, output: RequestOutput, **args: Any
    ) -> dict[str, Any]:
        """Makes the body; `generation_kwargs` may replace any key but the length and the model."""
        output.input = input
        body: dict[str, Any] = {"prompt": to_text(input), "stream": self.stream}
        return {**body, **self._common(max_out_len, args)}

    def _common(self, max_out_len: int, args: dict[str, Any]) -> dict[str, Any]:
        """Keys that both of vLLM's protocols have."""
        usage = {"stream_options": {"include_usage": True}} if self.stream else {}
        fixed = {"ignore_eos": True, "min_tokens": max_out_len} if args.get("fixed_length") else {}
        model = args.get("adapter") or self._get_service_model_path()
        return {**usage, **fixed, **self.generation_kwargs, "max_tokens": max_out_len, "model": model}

    async def parse_text_response(self, data: dict[str, Any], output: RequestOutput) -> None:
        """Reads a whole reply."""
        self._read(data, output)
        output.update_extra_details_data_from_text_response(data)

    async def parse_stream_response(self, data: dict[str, Any], output: RequestOutput) -> None:
        """Reads an event."""
        self._read(data, output)

    def _read(self, data: dict[str, Any], output: RequestOutput) -> None:
        choice = first_choice(data)
        output.content += choice.get("text") or ""
        read_finish_reason(choice, output)
        read_usage(data, output)

    async def get_ppl_request_body(self, input: PromptType, max_out_len: int, output: Any, **args: Any) -> dict[str, Any]:
        """Makes the body that requests the log probabilities of the prompt's tokens; one token is the least that servers generate."""
        body = await self.get_request_body(input, 1, output, **args)
        body.pop("stream_options", None)
        fields = {"echo": True, "logprobs": 1} if self.ppl_method == "echo" else {"prompt_logprobs": 0}
        return {**body, "stream": False, **fields}

    def get_prompt_logprobs(self, data: dict[str, Any]) -> list[float | None]:
        """Returns the log probability of each token of the prompt; None for the first."""
        choice = first_choice(data)
        if self.ppl_method != "echo":
            return prompt_logprobs(choice.get("prompt_logprobs"))
        listed = choice.get("logprobs") or {}
        prompt_tokens = (data.get("usage") or {}).get("prompt_tokens")
        return list(listed.get("token_logprobs") or ())[: -1 if prompt_tokens is None else prompt_tokens]

    def stream_is_complete(self, output: RequestOutput, saw_done: bool) -> bool:
        """Whether the stream said that it ended."""
        return saw_done or output.finish_reason is not None


@MODELS.register_module()
class VLLMCustomAPIStream(VLLMCustomAPI):
    """AISBench's old name of `VLLMCustomAPI` with `stream=True`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "stream": True})
