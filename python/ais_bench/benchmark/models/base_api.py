"""A model behind an HTTP service."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit, urlunsplit

from ais_bench.benchmark.models.base import _AnyModel
from ais_bench.benchmark.models.output import RequestOutput
from ais_bench.benchmark.models.template_parser import APITemplateParser
from ais_bench.benchmark.utils.prompt import PromptType

__all__ = ["APITemplateParser", "BaseAPIModel", "PromptType"]

#: End of a base URL in the form of OpenAI's clients, or of a whole endpoint.
VERSION_OR_ENDPOINT = re.compile(r"/v1/(?:(?:chat/completions|completions|responses|messages|models)/)?$")

#: Chinese, Japanese and Korean characters stand for themselves.
_CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
WORDS = re.compile(rf"[{_CJK}]|\w+?(?=[{_CJK}]|\b)|[^\w\s]")


class BaseAPIModel(_AnyModel):
    """Inherit from it and say how a request is built and how a reply is read. It sends nothing itself.

    Any method may be `async` or not. Beside those below a class may have, each only where it needs it:

    - `get_framing(self)`: how a streamed body is cut into events: `sse` (default), `sse-events` (each event as
      `{"data": …, "type": …}`), `ndjson`, `json-array`, `bytes`;
    - `make_splitter(self)`: for `bytes`, an object whose `push(bytes)` and `end()` return lists of what `parse_stream_response` gets;
    - `get_method(self, **args)`, `get_url(self, **args)`, `get_headers(self, **args)`: of one request;
    - `sign_request(self, request)`: headers that sign it; `request` is `{"method", "url", "headers", "body": bytes}`;
    - `get_next_request(self, data, output, **args)`: what to send after a whole reply (a poll, or the stream that it points to),
      `{"url", "method"?, "headers"?, "body"?, "after_ms"?, "stream"?}`; None: that reply is the last;
    - `get_ppl_request_body(self, input, max_out_len, output, **args)` and `get_prompt_logprobs(self, data)`: perplexity;
    - `stream_is_complete(self, output, saw_done)`: whether a stream that ended was whole;
    - `close(self)`.
    """

    is_api: ClassVar[bool] = True

    #: Whether an event with text is about one token. False where a service may send any piece of an answer as an event.
    chunks_are_tokens: ClassVar[bool] = True

    #: Whether requests can fix the length of an answer: `args["fixed_length"]`.
    fixes_length: ClassVar[bool] = False

    #: The name under which the service knows its model, where it gave one; the worker sets it.
    service_model: str = ""

    def __init__(
        self,
        path: str = "",
        stream: bool = False,
        max_out_len: int = 4096,
        retry: int = 2,
        host_ip: str = "localhost",
        host_port: int = 8080,
        url: str = "",
        meta_template: dict[str, Any] | None = None,
        generation_kwargs: dict[str, Any] | None = None,
        enable_ssl: bool = False,
        verbose: bool = False,
        api_key: str = "",
        model: str = "",
        trust_remote_code: bool = False,
    ) -> None:
        """Keeps the options as attributes; `model` is the service's name where none is given. `base_url` comes from `url`, or from
        host and port, and ends with `/`.
        """
        self.path = path
        self.stream = stream
        self.max_out_len = max_out_len
        self.retry = retry
        self.host_ip = host_ip
        self.host_port = host_port
        self.url = url
        self.meta_template = meta_template
        self.generation_kwargs = dict(generation_kwargs or {})
        self.enable_ssl = enable_ssl
        self.verbose = verbose
        self.api_key = api_key
        self.model = model or self.service_model
        self.trust_remote_code = trust_remote_code
        self.base_url = self._get_base_url()
        self.headers = {"Content-Type": "application/json"}
        self.template_parser = APITemplateParser(meta_template or None)
        self.session: Any = None
        self.logger = logging.getLogger("ais_bench")

    def _get_base_url(self) -> str:
        scheme = "https" if self.enable_ssl else "http"
        if not self.url.strip():
            host = f"[{self.host_ip}]" if ":" in self.host_ip else self.host_ip
            return f"{scheme}://{host}:{self.host_port}/"
        given = self.url.strip()
        parts = urlsplit(given if given.startswith(("http://", "https://")) else f"{scheme}://{given}")
        path = parts.path if parts.path.endswith("/") else f"{parts.path}/"
        return urlunsplit(parts._replace(path=path))

    def _endpoint(self, path: str) -> str:
        """An endpoint below the base URL, whose own `v1` or endpoint is not repeated; a query of the base URL is kept."""
        parts = urlsplit(self.base_url)
        root = VERSION_OR_ENDPOINT.sub("/", parts.path) if path.startswith("v1/") else parts.path
        return urlunsplit(parts._replace(path=urljoin(root, path)))

    def _get_service_model_path(self) -> str:
        """The name under which the service knows the model. Raises ValueError where none was given or found."""
        if self.model or self.service_model:
            return self.model or self.service_model
        raise ValueError("the service's model has no name: write `model` in the config")

    def _get_url(self) -> str:
        """The absolute URL that requests go to."""
        raise NotImplementedError(f"{type(self).__name__} has no _get_url(self)")

    async def get_request_body(
        self, input: PromptType, max_out_len: int, output: RequestOutput, **args: Any
    ) -> Mapping[str, Any] | str | bytes | None:
        """The body of a request: a dict is sent as JSON, a text or bytes as they are; None: there is no body."""
        raise NotImplementedError(f"{type(self).__name__} has no get_request_body(self, input, max_out_len, output)")

    async def parse_text_response(self, data: Any, output: RequestOutput) -> None:
        """Reads a whole reply into `output`."""
        raise NotImplementedError(f"{type(self).__name__} has no parse_text_response(self, data, output)")

    async def parse_stream_response(self, data: Any, output: RequestOutput) -> None:
        """Reads one event into `output`."""
        raise NotImplementedError(f"{type(self).__name__} has no parse_stream_response(self, data, output)")

    def get_token_len(self, prompt: str) -> int:
        """About as many tokens as a text has: its words, numbers and signs, and each Chinese, Japanese or Korean character."""
        return len(WORDS.findall(prompt))
