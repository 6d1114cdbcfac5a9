"""An engine that needs no package: what the worker and whoever talks to it are tested with."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from typing import Any

from ais_bench_worker.engine import Engine as Base
from ais_bench_worker.engine import GenerateResult, MissingPackage, PplResult, cancelled, tell_tokens


class Engine(Base):
    """Says every prompt again, at most `max_out_len` words. A prompt that starts with `!` is an order instead."""

    def load(self) -> dict[str, Any]:
        if self.options.get("needs") is not None:
            raise MissingPackage(self.options["needs"], f"{self.options['needs']}>=1")
        if self.options.get("dies_loading"):
            os._exit(9)
        if "loads" in self.options and not first_time():
            raise RuntimeError("no second time")
        return {"options": self.options, "pid": os.getpid()}

    def generate(self, inputs: list[Any], max_out_len: int) -> GenerateResult:
        texts = [self._answer(text_of(given), max_out_len) for given in inputs]
        lengths = [len(text.split()) for text in texts]
        for step in range(max(lengths, default=0)):
            tell_tokens([int(step < length) for length in lengths])
        return GenerateResult(
            texts=texts,
            input_tokens=[len(text_of(given).split()) for given in inputs],
            output_tokens=[len(text.split()) for text in texts],
            finish_reasons=["length" if len(text.split()) == max_out_len else "stop" for text in texts],
        )

    def get_ppl(self, inputs: list[Any]) -> PplResult:
        """A text's loss is the number of its words."""
        if self.options.get("scores") is False:
            return super().get_ppl(inputs)
        words = [len(text_of(given).split()) for given in inputs]
        return PplResult(losses=[float(count) for count in words], tokens=words)

    def _answer(self, prompt: str, max_out_len: int) -> str:
        order, _, rest = prompt.partition(" ")
        if order in ORDERS:
            ORDERS[order](rest)
        return " ".join(prompt.split()[:max_out_len])

    def close(self) -> None:
        print("echo: closed", flush=True)


def text_of(given: Any) -> str:
    return given if isinstance(given, str) else "\n".join(message["content"] for message in given)


def first_time() -> bool:
    """Whether this is the first worker that this process's parent started for the test."""
    mark = os.path.join(tempfile.gettempdir(), f"ais-bench-echo-{os.getppid()}")
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
        return True
    except FileExistsError:
        os.remove(mark)
        return False


def _print(text: str) -> None:
    print(text, flush=True)
    print(text, file=sys.stderr, flush=True)
    # As compiled code prints, past Python's own streams.
    os.write(1, text.encode() + b"\n")


def _raise(text: str) -> None:
    raise RuntimeError(text)


def _wait(seconds: str) -> None:
    """Until the time is over or the batch is not wanted any more."""
    cancelled.wait(float(seconds))


def _stop_everything(_: str) -> None:
    """Not even the thread that sends signs of life goes on."""
    os.kill(os.getpid(), 19)


def _fork_and_wait(seconds: str) -> None:
    if os.fork() == 0:
        time.sleep(float(seconds))
        os._exit(0)


ORDERS = {
    "!print": _print,
    "!raise": _raise,
    "!wait": _wait,
    "!exit": lambda code: os._exit(int(code)),
    "!kill": lambda number: os.kill(os.getpid(), int(number)),
    "!garbage": lambda text: os.write(4, text.encode() + b"\n"),
    "!stop": _stop_everything,
    "!fork": _fork_and_wait,
}
