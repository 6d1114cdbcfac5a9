"""What several classes read alike out of replies."""

from __future__ import annotations

from typing import Any

from ais_bench.benchmark.models.output import RequestOutput


def read_usage(data: Any, output: RequestOutput) -> None:
    """Reads OpenAI's token counts, where a reply or an event has them."""
    usage = data.get("usage")
    if not usage:
        return
    output.input_tokens = usage.get("prompt_tokens") or output.input_tokens
    output.output_tokens = usage.get("completion_tokens") or output.output_tokens
    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens")
    if cached is not None:
        output.cached_tokens = cached
    reasoning = (usage.get("completion_tokens_details") or {}).get("reasoning_tokens")
    if reasoning is not None:
        output.reasoning_tokens = reasoning


def first_choice(data: Any) -> dict[str, Any]:
    """Returns the choice with index 0, or an empty one."""
    for choice in data.get("choices") or ():
        if not choice.get("index"):
            return choice
    return {}


def read_finish_reason(choice: dict[str, Any], output: RequestOutput) -> None:
    """Reads why the server stopped, where it says so."""
    reason = choice.get("finish_reason")
    if reason:
        output.finish_reason = reason


def read_message(message: dict[str, Any] | None, output: RequestOutput) -> None:
    """Reads a message, or what an event adds to one. Newer vLLM calls the reasoning channel `reasoning`, older ones `reasoning_content`."""
    if not message:
        return
    content = message.get("content")
    if content:
        output.content += content
    reasoning = message.get("reasoning_content") or message.get("reasoning")
    if reasoning:
        output.reasoning_content += reasoning
    if message.get("role"):
        output.role = message["role"]
    for place, call in enumerate(message.get("tool_calls") or ()):
        _add_tool_call(call, call.get("index", place), output)


def _add_tool_call(call: dict[str, Any], index: int, output: RequestOutput) -> None:
    """Opens a call, or adds to its arguments."""
    while len(output.tool_calls) <= index:
        output.tool_calls.append({"id": None, "name": "", "arguments": ""})
    known = output.tool_calls[index]
    function = call.get("function") or {}
    known["id"] = call.get("id") or known["id"]
    known["name"] = function.get("name") or known["name"]
    known["arguments"] += function.get("arguments") or ""


def read_details(details: dict[str, Any] | None, output: RequestOutput) -> None:
    """Reads TGI's token counts and finish reason, where a reply has them."""
    if not details:
        return
    prefill = details.get("prefill")
    output.input_tokens = details.get("input_length") or (len(prefill) if prefill else 0) or output.input_tokens
    output.output_tokens = details.get("generated_tokens") or output.output_tokens
    reason = details.get("finish_reason")
    if reason:
        output.finish_reason = {"eos_token": "stop", "stop_sequence": "stop"}.get(reason, reason)


def prompt_logprobs(listed: Any) -> list[float | None]:
    """Returns vLLM's `prompt_logprobs` as one number a token, None where there is none: of each place its first entry."""
    return [None if not entry else next(iter(entry.values()))["logprob"] for entry in listed or ()]
