"""A user's own class for a service, written as AISBench's guide has it: it builds requests and reads replies here, and the
other side sends, receives and stamps.

An output stays here, under the number of its request, from `build` until its number is among `released`. What crosses the pipe of it is
what each event changed. The engine's options are those of `user_class`, and `model`, the name under which the service knows its model.
"""

from __future__ import annotations

import asyncio
import base64
import inspect
import json
from typing import Any

from ais_bench.benchmark.models.base_api import BaseAPIModel
from ais_bench.benchmark.models.output import PPLRequestOutput, RequestOutput

from .engine import Engine
from .kept_output import KeptOutput
from .user_class import arguments_for, find_class, to_prompt
from .worker import described

#: Keys that every config of a service has: a class need not take them.
COMMON = frozenset(
    "path model stream max_out_len retry api_key host_ip host_port url enable_ssl trust_remote_code generation_kwargs".split()
)

#: Methods that a class may have or not.
OPTIONAL = (
    "get_framing",
    "make_splitter",
    "get_method",
    "get_url",
    "get_headers",
    "sign_request",
    "get_next_request",
    "get_ppl_request_body",
    "get_prompt_logprobs",
    "stream_is_complete",
)

#: What a request wants of a reply in another form, in Python's names.
NEXT_REQUEST = frozenset(("url", "method", "headers", "body", "after_ms", "stream"))


class UserAPI(Engine):
    """Makes one instance of the class, and keeps the outputs of the requests that are under way."""

    def load(self) -> dict[str, Any]:
        """The URL of the requests, the headers that the class sets, and which optional methods it has."""
        cls: Any = find_class(self.options["file"], self.options["class"], self.options["folder"])
        given = self.options["arguments"]
        self._loop = asyncio.new_event_loop()
        self._kept: dict[int, KeptOutput] = {}
        model: Any = cls.__new__(cls)
        # Known before `__init__`, which may ask for it.
        model.service_model = self.options["model"]
        model.__init__(**arguments_for(cls, given, COMMON))
        self.model = model
        self._has = {name: callable(getattr(model, name, None)) for name in OPTIONAL}
        framing = self._settled(model.get_framing()) if self._has["get_framing"] else "sse"
        self._cuts_bytes = framing == "bytes"
        if self._cuts_bytes and not self._has["make_splitter"]:
            raise TypeError(f"{cls.__name__} has the framing 'bytes' but no make_splitter(self)")
        self._has["splitter_end"] = self._cuts_bytes and callable(getattr(model.make_splitter(), "end", None))
        return {
            "url": self._url(given),
            "headers": dict(getattr(model, "headers", None) or {}),
            "framing": framing,
            "has": [name for name, has in self._has.items() if has],
        }

    def _url(self, given: dict[str, Any]) -> str:
        """The guide's class keeps its URL in `self.url`; `_get_url` may build on what was there before."""
        model = self.model
        kept = getattr(model, "url", "")
        if kept not in ("", given.get("url")):
            return str(kept)
        # A class with a URL for each request has none before there is one.
        if self._has["get_url"] and getattr(type(model), "_get_url", None) in (None, BaseAPIModel._get_url):
            return str(getattr(model, "base_url", kept))
        return str(model._get_url())

    def build(self, request: int, input: Any, max_out_len: int, args: dict[str, Any], ppl: bool = False) -> dict[str, Any]:
        """What to send for a request, and its output as the class left it."""
        model = self.model
        output: Any = PPLRequestOutput() if ppl else RequestOutput()
        output.data_id = args.get("index")
        output.turn_id = args.get("turn", 0)
        kept = self._kept[request] = KeptOutput(output)
        name = "get_ppl_request_body" if ppl else "get_request_body"
        body = self._settled(getattr(model, name)(to_prompt(input), max_out_len, output, **args))
        built: dict[str, Any] = {"body": to_wire(body, name)}
        if self._has["get_method"]:
            built["method"] = self._settled(model.get_method(**args))
        if self._has["get_url"]:
            built["url"] = str(self._settled(model.get_url(**args)))
        if self._has["get_headers"]:
            built["headers"] = checked_headers(self._settled(model.get_headers(**args)), "get_headers")
        return {**built, "output": {**kept.all_texts(), **kept.rest()}}

    def parse_text(self, request: int, data: Any) -> dict[str, Any]:
        """All that `parse_text_response` left in the output."""
        kept = self._kept[request]
        self._settled(self.model.parse_text_response(data, kept.output))
        return {**kept.all_texts(), **kept.rest()}

    def parse_events(self, streams: list[tuple[int, list[Any]]], released: list[int]) -> list[dict[str, Any]]:
        """Of each stream, what each event changed, up to one whose parser raised. Where the class cuts the body itself: what each frame
        changed, and as `frames` how many each piece of the body completed; `by` names the method that raised in place of the parser.
        """
        for request in released:
            self._kept.pop(request, None)
        if not streams:
            return []
        if inspect.iscoroutinefunction(self.model.parse_stream_response):
            return self._loop.run_until_complete(self._parse_all(streams))
        return _driven(self._parse_all(streams))

    async def _parse_all(self, streams: list[tuple[int, list[Any]]]) -> list[dict[str, Any]]:
        parse = self.model.parse_stream_response
        results: list[dict[str, Any]] = []
        for request, events in streams:
            changes: list[Any] = []
            result: dict[str, Any] = {"changes": changes}
            try:
                kept = self._kept[request]
                output = kept.output
                for event in events:
                    for frame in self._frames(kept, event, result) if self._cuts_bytes else (event,):
                        waiting = parse(frame, output)
                        if waiting is not None and inspect.isawaitable(waiting):
                            await waiting
                        changes.append(kept.changes())
            except Exception as error:
                result["error"] = described(error)
            results.append(result)
        return results

    def _frames(self, kept: KeptOutput, event: Any, result: dict[str, Any]) -> list[Any]:
        """Frames that a piece of the body completes, which it counts in `result`; None says that the body ended."""
        if isinstance(event, dict):
            frames = [event["data"]]
        else:
            result["by"] = "make_splitter"
            if kept.splitter is None:
                kept.splitter = self.model.make_splitter()
            result["by"] = "end" if event is None else "push"
            frames = list(kept.splitter.end() or ()) if event is None else list(kept.splitter.push(base64.b64decode(event)))
            del result["by"]
        result.setdefault("frames", []).append(len(frames))
        return frames

    def end(self, request: int) -> dict[str, Any]:
        """What is known of an output once its stream has ended."""
        kept = self._kept[request]
        complete = None
        if self._has["stream_is_complete"]:
            ask = self.model.stream_is_complete
            complete = [bool(self._settled(ask(kept.output, saw_done))) for saw_done in (False, True)]
        return {"output": kept.rest(), "complete": complete}

    def sign(self, request: dict[str, Any]) -> dict[str, str]:
        """The headers that sign a request."""
        signed = {**request, "body": base64.b64decode(request["body"])}
        return checked_headers(self._settled(self.model.sign_request(signed)), "sign_request")

    def next_request(self, request: int, data: Any, args: dict[str, Any]) -> dict[str, Any]:
        """What to send after a whole reply, if anything, and what the output is by then."""
        kept = self._kept[request]
        found = self._settled(self.model.get_next_request(data, kept.output, **args))
        if found is not None:
            if not isinstance(found, dict) or "url" not in found:
                raise TypeError(f"get_next_request returned {found!r}; return a dict with the key 'url', or None")
            unknown = sorted(set(found) - NEXT_REQUEST)
            if unknown:
                raise TypeError(f"get_next_request returned the key {unknown[0]!r}; there are {', '.join(sorted(NEXT_REQUEST))}")
            found = {**found, "body": to_wire(found.get("body"), "get_next_request")}
        return {"next": found, "output": {**kept.all_texts(), **kept.rest()}}

    def prompt_logprobs(self, data: Any) -> list[float | None]:
        """The log probability of each token of the prompt."""
        found = self._settled(self.model.get_prompt_logprobs(data)) or []
        # AISBench's own classes return vLLM's entries as they are: of each place the first.
        return [next(iter(one.values()))["logprob"] if isinstance(one, dict) and one else one or None for one in found]

    def kept_requests(self) -> int:
        """How many outputs are kept."""
        return len(self._kept)

    def close(self) -> None:
        close = getattr(getattr(self, "model", None), "close", None)
        if callable(close):
            self._settled(close())
        self._loop.close()

    def _settled(self, value: Any) -> Any:
        """What an `async` method returned, or another."""
        return self._loop.run_until_complete(_awaited(value)) if inspect.isawaitable(value) else value


async def _awaited(value: Any) -> Any:
    return await value


def _driven(coroutine: Any) -> Any:
    """What a coroutine returns that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    coroutine.close()
    raise TypeError("parse_stream_response returned what must be awaited: write it as async def")


def to_wire(body: Any, method: str) -> dict[str, Any]:
    """A body as it travels: `json`, `text`, `base64`, or none of them."""
    if body is None:
        return {}
    if isinstance(body, str):
        return {"text": body}
    if isinstance(body, (bytes, bytearray, memoryview)):
        return {"base64": base64.b64encode(body).decode("ascii")}
    if not isinstance(body, (dict, list)) or not is_json(body):
        raise TypeError(f"{method} returned what JSON cannot say: {type(body).__name__}")
    return {"json": body}


def checked_headers(given: Any, method: str) -> dict[str, str]:
    if not isinstance(given, dict):
        raise TypeError(f"{method} returned {type(given).__name__} where a dict of headers belongs")
    return {str(name): value.decode("latin-1") if isinstance(value, bytes) else str(value) for name, value in given.items()}


def is_json(value: Any) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True
