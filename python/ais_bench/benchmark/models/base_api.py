"""A model behind an HTTP service."""

from __future__ import annotations

import logging
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from ais_bench.benchmark.models.output import RequestOutput
from ais_bench.benchmark.utils.prompt import PromptType


class BaseAPIModel:
    """Inherit from it and say how a request is built and how a reply is read. It sends nothing itself."""

    is_api: ClassVar[bool] = True

    #: The name under which the service knows its model, where it told one; the worker sets it.
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
        """Keeps the options as attributes; `model` is what the service told where none is given. `base_url` comes from `url`, or from host and port, and ends with `/`."""
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
    ) -> dict[str, Any]:
        """The JSON body of a request."""
        raise NotImplementedError(f"{type(self).__name__} has no get_request_body(self, input, max_out_len, output)")
