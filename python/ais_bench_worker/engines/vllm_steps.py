"""vLLM's offline call, watched from step to step: what grew is told, and a batch that nobody wants any more is ended."""

from __future__ import annotations

import contextlib
import inspect
import threading
from collections.abc import Callable, Iterator
from typing import Any


class Steps:
    """Stands between `vllm.LLM` and its engine, which `LLM.chat` hands requests in order and then asks step by step."""

    def __init__(self, engine: Any, cancelled: threading.Event) -> None:
        self._engine = engine
        self._cancelled = cancelled
        self._tell: Callable[[list[int]], None] | None = None
        #: Name of a request → its place in the batch, its name inside vLLM, and the tokens of its answer so far.
        self._places: dict[str, int] = {}
        self._inner: dict[str, str] = {}
        self._lengths: list[int] = []
        self._add_request, self._step = engine.add_request, engine.step
        engine.add_request, engine.step = self.add_request, self.step

    @contextlib.contextmanager
    def told_to(self, tell: Callable[[list[int]], None], count: int) -> Iterator[None]:
        """Of the `count` requests that come now, `tell` hears by how many tokens each answer grew."""
        self._tell, self._places, self._lengths = tell, {}, [0] * count
        try:
            yield
        finally:
            self._tell = None

    def add_request(self, request_id: str, prompt: Any, params: Any, *rest: Any, **named: Any) -> Any:
        if self._tell is not None:
            from vllm.sampling_params import RequestOutputKind

            self._places[request_id] = len(self._places)
            # Else only the whole answer comes out of a step.
            params.output_kind = RequestOutputKind.CUMULATIVE
        inner = self._add_request(request_id, prompt, params, *rest, **named)
        self._inner[request_id] = inner if isinstance(inner, str) else request_id
        return inner

    def step(self) -> list[Any]:
        if self._cancelled.is_set():
            self._abort()
            raise InterruptedError("the run was stopped")
        outputs = self._step()
        grown = [0] * len(self._lengths)
        for output in outputs:
            if output.finished:
                self._inner.pop(output.request_id, None)
            place = self._places.get(output.request_id)
            if place is not None and output.outputs:
                length = len(output.outputs[0].token_ids)
                grown[place], self._lengths[place] = length - self._lengths[place], length
        if self._tell is not None:
            self._tell(grown)
        return outputs

    def _abort(self) -> None:
        abort = self._engine.abort_request
        # Newer versions have names of their own for requests, beside those that they were given.
        if takes(abort, "internal"):
            abort(list(self._inner.values()), internal=True)
        else:
            abort(list(self._inner))
        self._inner.clear()


def takes(function: Callable[..., Any], name: str) -> bool:
    """Whether it has a parameter of that name: vLLM's versions differ."""
    return name in inspect.signature(function).parameters
