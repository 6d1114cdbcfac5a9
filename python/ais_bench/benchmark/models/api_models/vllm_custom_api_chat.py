"""`v1/chat/completions` as vLLM and other OpenAI-compatible servers speak it."""

from __future__ import annotations

from typing import Any

from ais_bench.benchmark.models.api_models._replies import (
    first_choice,
    prompt_logprobs,
    read_finish_reason,
    read_message,
    read_usage,
)
from ais_bench.benchmark.models.api_models.vllm_custom_api import VLLMCustomAPI
from ais_bench.benchmark.models.output import RequestOutput
from ais_bench.benchmark.models.template_parser import APITemplateParser
from ais_bench.benchmark.registry import MODELS
from ais_bench.benchmark.utils.prompt import PromptType, to_messages


def _speaker(name: str, **more: bool) -> dict[str, Any]:
    """A role that keeps its name: `to_messages` has the service's."""
    return {"role": name, "api_role": name, **more}


#: The meta template of a chat service, where the config gives none.
CHAT = {"round": [_speaker("HUMAN"), _speaker("BOT", generate=True)], "reserved_roles": [_speaker("SYSTEM")]}


@MODELS.register_module()
class VLLMCustomAPIChat(VLLMCustomAPI):
    """Messages in, a message out."""

    is_chat_api = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Takes what `VLLMCustomAPI` takes."""
        super().__init__(*args, **kwargs)
        self.meta_template = self.meta_template or CHAT
        self.template_parser = APITemplateParser(self.meta_template)

    def _get_url(self) -> str:
        return self._endpoint("v1/chat/completions")

    async def get_request_body(
        self, input: PromptType, max_out_len: int, output: RequestOutput, **args: Any
    ) -> dict[str, Any]:
        """Makes the body; `generation_kwargs` may replace any key but the length and the model."""
        messages = to_messages(input)
        output.input = messages
        tools = {"tools": args["tools"]} if args.get("tools") else {}
        return {"stream": self.stream, "messages": messages, **self._common(max_out_len, args), **tools}

    async def parse_text_response(self, data: dict[str, Any], output: RequestOutput) -> None:
        """Reads a whole reply."""
        choice = first_choice(data)
        read_message(choice.get("message"), output)
        read_finish_reason(choice, output)
        read_usage(data, output)
        output.update_extra_details_data_from_text_response(data)

    async def parse_stream_response(self, data: dict[str, Any], output: RequestOutput) -> None:
        """Reads an event."""
        choice = first_choice(data)
        read_message(choice.get("delta"), output)
        read_finish_reason(choice, output)
        read_usage(data, output)

    def get_prompt_logprobs(self, data: dict[str, Any]) -> list[float | None]:
        """Returns the log probability of each token of the prompt; None for the first."""
        return prompt_logprobs(data.get("prompt_logprobs"))


@MODELS.register_module()
class VLLMCustomAPIChatStream(VLLMCustomAPIChat):
    """AISBench's old name of `VLLMCustomAPIChat` with `stream=True`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "stream": True})


@MODELS.register_module()
class VllmMultiturnAPIChatStream(VLLMCustomAPIChatStream):
    """AISBench's old name of `VLLMCustomAPIChat` for dialogues; `custom_client` is dropped."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.pop("custom_client", None)
        super().__init__(*args, **kwargs)


@MODELS.register_module()
class VLLMFunctionCallAPIChat(VLLMCustomAPIChat):
    """AISBench's old name of `VLLMCustomAPIChat` for calls of functions."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "stream": False})
