"""What the worker asks of an engine. An engine inherits from `Engine` and writes `load` and `generate`, and what else it can do.

The worker makes one engine, calls `load` once, then `generate` for one batch after another on its main thread, then
`close`. Whatever a method raises goes to the other side as its type, message and traceback; the worker lives on.

Which engine is named by `load`'s `engine`, `package.module:Class`; a class of the user's own is served by
`ais_bench_worker.user_class:UserClass`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

#: Set while the batch that is being answered is no longer wanted: an engine that looks at it between two tokens and
#: returns early (with whatever it has) or raises lets an interrupted run end at once.
cancelled = threading.Event()


_listeners: list[Callable[[list[int]], None]] = []


def tell_tokens(counts: list[int]) -> None:
    """Says, while a batch is answered, how many tokens each answer grew by since the last call; the arrival is stamped."""
    if any(counts):
        for listener in _listeners:
            listener(counts)


def listen(listener: Callable[[list[int]], None]) -> None:
    """Hands what `tell_tokens` is told to `listener`, and to nobody else."""
    _listeners[:] = [listener]


@dataclass
class GenerateResult:
    """The answers to a batch, in the order of its inputs."""

    texts: list[str]
    #: Tokens of each prompt as the model got it, and of each answer; None where the engine does not count.
    input_tokens: list[int] | None = None
    output_tokens: list[int] | None = None
    #: `stop` or `length` for each answer; None where the engine does not know.
    finish_reasons: list[str] | None = None


@dataclass
class PplResult:
    """How well a batch of texts is expected, in the order of the inputs."""

    #: Mean negative log likelihood of a token, in nats, over all tokens but the first.
    losses: list[float]
    #: Tokens that each mean is over; None where the engine does not count.
    tokens: list[int] | None = None


class MissingPackage(Exception):
    """A package that an engine needs cannot be imported; `requirement` is what pip would be told to install."""

    def __init__(self, package: str, requirement: str, cause: str = "") -> None:
        super().__init__(f"the Python package {package} cannot be imported" + (f": {cause}" if cause else ""))
        self.package = package
        self.requirement = requirement


class Engine:
    def __init__(self, options: dict[str, Any]) -> None:
        """`options`: the config's keys as its author wrote them (`path`, `max_seq_len`, `generation_kwargs`, …).

        Keep this cheap: packages are imported and weights are read in `load`.
        """
        self.options = options

    def load(self) -> dict[str, Any] | None:
        """Makes the model ready. What it returns (JSON) is told to the other side as the result of `load`."""

    def generate(self, inputs: list[Any], max_out_len: int) -> GenerateResult | list[str]:
        """Answers a batch: as many texts as inputs.

        An input is a text, or a list of messages `{"role": "system" | "user" | "assistant" | …, "content": …}`.
        """
        raise NotImplementedError

    def get_ppl(self, inputs: list[Any]) -> PplResult | list[float]:
        """How well each text is expected."""
        raise NotImplementedError(f"{type(self).__name__} has no get_ppl")

    def peak_memory(self) -> dict[str, int]:
        """What the worker cannot see by itself: `rss_bytes` and `device_bytes` of processes of the engine's own."""
        return {}

    def close(self) -> None:
        """Frees what `load` took. Not called when the process is killed."""
