"""A user's own class for a service, written as AISBench's guide has it: it builds bodies and reads replies here, and the
other side sends, receives and stamps.

The engine's options are those of `user_class`, and `model`, the name under which the service knows its model.
"""

from __future__ import annotations

import asyncio
import inspect
import json
from typing import Any

from ais_bench.benchmark.models.output import RequestOutput

from .engine import Engine
from .user_class import arguments_for, find_class, to_prompt

#: Keys that every config of a service has: a class need not take them.
COMMON = frozenset(
    "path model stream max_out_len retry api_key host_ip host_port url enable_ssl trust_remote_code generation_kwargs".split()
)


class UserAPI(Engine):
    """An output travels as the table of its attributes, so that nothing of a request is kept here."""

    def load(self) -> dict[str, Any]:
        """The URL of the requests, and the headers that the class sets."""
        cls = find_class(self.options["file"], self.options["class"], self.options["folder"])
        given = self.options["arguments"]
        self._loop = asyncio.new_event_loop()
        model = cls.__new__(cls)
        # Known before `__init__`, which may ask for it.
        model.service_model = self.options["model"]
        model.__init__(**arguments_for(cls, given, COMMON))
        self.model = model
        # The guide's class keeps its URL in `self.url`; `_get_url` may build on what stood there before.
        url = model.url if model.url not in ("", given.get("url")) else model._get_url()
        return {"url": url, "headers": getattr(model, "headers", {})}

    def request_body(
        self, input: Any, max_out_len: int, args: dict[str, Any], state: dict[str, Any] | None
    ) -> dict[str, Any]:
        """The body of a request, and the output as `get_request_body` left it."""
        output = to_output(state)
        body = self._settled(self.model.get_request_body(to_prompt(input), max_out_len, output, **args))
        if not _is_json(body):
            raise TypeError("get_request_body returned what JSON cannot say")
        return {"body": body, "state": to_state(output)}

    def parse(self, method: str, data: Any, state: dict[str, Any] | None) -> dict[str, Any]:
        """The output as `parse_text_response` or `parse_stream_response` left it."""
        output = to_output(state)
        self._settled(getattr(self.model, method)(data, output))
        return to_state(output)

    def close(self) -> None:
        self._loop.close()

    def _settled(self, value: Any) -> Any:
        """What an `async` method came to, or what another returned."""
        return self._loop.run_until_complete(value) if inspect.isawaitable(value) else value


def to_output(state: dict[str, Any] | None) -> RequestOutput:
    output = RequestOutput()
    vars(output).update(state or {})
    return output


def to_state(output: RequestOutput) -> dict[str, Any]:
    """What of the output can travel."""
    return {name: value for name, value in output.to_dict().items() if _is_json(value)}


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True
