"""What the worker asks of an engine. An engine is any class with these four methods; it need not inherit from `Engine`.

The worker makes one engine, calls `load` once, then `generate` for one batch after another on its main thread, then
`close`. Whatever a method raises goes to the other side as its type, message and traceback; the worker lives on.

Which engine is named by `load`'s `engine`, `package.module:Class`; a class of the user's own is served by
`ais_bench_worker.user_class:UserClass`.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

#: Set while the batch that is being answered is no longer wanted: an engine that looks at it between two tokens and
#: returns early (with whatever it has) or raises lets an interrupted run end at once.
cancelled = threading.Event()


@dataclass
class GenerateResult:
    """The answers to a batch, in the order of its inputs."""

    texts: list[str]
    #: Tokens of each prompt as the model got it, and of each answer; None where the engine does not count.
    input_tokens: list[int] | None = None
    output_tokens: list[int] | None = None
    #: `stop` or `length` for each answer; None where the engine does not know.
    finish_reasons: list[str] | None = None


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

    def close(self) -> None:
        """Frees what `load` took. Not called when the process is killed."""
