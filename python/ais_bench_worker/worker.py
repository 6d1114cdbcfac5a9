"""Serves requests one at a time on the main thread; reads them, and sends signs of life, on threads of their own.

Requests are `{id, op, …}`: `load {engine, options}`, `generate {inputs, max_out_len}`, `score {inputs}`, `memory {}`,
`call {method, arguments}`, `plugins {}`, `close {}`, each answered by `{id, ok: true, result}` or
`{id, ok: false, error: {type, message, traceback}}`; `cancel {target}` is not answered.
While it generates it may say `{id, event: "tokens", counts}`: how many tokens each answer grew by.
"""

from __future__ import annotations

import importlib
import os
import queue
import signal
import threading
import traceback
from dataclasses import asdict
from typing import Any

from .channel import Channel
from .engine import GenerateResult, MissingPackage, PplResult, cancelled, listen
from .memory import peak_memory

HEARTBEAT_S = 2.0

#: Packages that come with the worker: none of them is to be installed.
OURS = ("ais_bench", "ais_bench_worker")

#: What to do where a class imports from `ais_bench` what is neither here nor in the user's folder.
LACKING = (
    "the worker has AISBench's model classes, outputs, prompts and registries, not all of AISBench: take the import of {0} out of the "
    "class, or copy that module to the same path below the folder that the command runs in (docs/add-a-backend.md)"
)


class Worker:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._requests: queue.Queue[dict[str, Any]] = queue.Queue()
        self._engine: Any = None
        self._state = threading.Lock()
        self._current: int | None = None
        self._unwanted: set[int] = set()

    def run(self) -> None:
        """Returns after `close`."""
        listen(self._tell_tokens)
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._beat, daemon=True).start()
        op = ""
        while op != "close":
            request = self._requests.get()
            op = request["op"]
            answer = self._answer(request)
            try:
                self._channel.write(answer)
            except (TypeError, ValueError) as error:
                self._channel.write({"id": request["id"], "ok": False, "error": described(error)})

    def _tell_tokens(self, counts: list[int]) -> None:
        self._channel.write({"id": self._current, "event": "tokens", "counts": counts})

    def _read(self) -> None:
        try:
            for request in self._channel.read():
                if request["op"] == "cancel":
                    self._cancel(request["target"])
                else:
                    self._requests.put(request)
        finally:
            end_with_children()

    def _beat(self) -> None:
        pause = threading.Event()
        while True:
            try:
                self._channel.write({"event": "heartbeat"})
            except OSError:
                end_with_children()
            pause.wait(HEARTBEAT_S)

    def _cancel(self, target: int) -> None:
        with self._state:
            if target == self._current:
                cancelled.set()
            else:
                self._unwanted.add(target)

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        ident = request["id"]
        with self._state:
            self._current = ident
            cancelled.clear()
            if ident in self._unwanted:
                cancelled.set()
                self._unwanted.discard(ident)
        try:
            return {"id": ident, "ok": True, "result": getattr(self, f"_op_{request['op']}")(request)}
        except Exception as error:
            return {"id": ident, "ok": False, "error": described(error)}
        finally:
            with self._state:
                self._current = None

    def _op_load(self, request: dict[str, Any]) -> Any:
        self._engine = make_engine(request["engine"], request["options"])
        return self._engine.load()

    def _op_generate(self, request: dict[str, Any]) -> Any:
        if cancelled.is_set():
            raise InterruptedError("the run was stopped")
        given = self._engine.generate(request["inputs"], request["max_out_len"])
        return asdict(given) if isinstance(given, GenerateResult) else {"texts": given}

    def _op_score(self, request: dict[str, Any]) -> Any:
        if cancelled.is_set():
            raise InterruptedError("the run was stopped")
        given = self._engine.get_ppl(request["inputs"])
        return asdict(given) if isinstance(given, PplResult) else {"losses": given}

    def _op_memory(self, request: dict[str, Any]) -> dict[str, int]:
        return {**peak_memory(), **self._engine.peak_memory()}

    def _op_call(self, request: dict[str, Any]) -> Any:
        return getattr(self._engine, request["method"])(**request["arguments"])

    def _op_plugins(self, _request: dict[str, Any]) -> list[dict[str, Any]]:
        from .plugins import list_plugins

        return list_plugins()

    def _op_close(self, request: dict[str, Any]) -> None:
        if self._engine is not None:
            self._engine.close()


def make_engine(spec: str, options: dict[str, Any]) -> Any:
    """The engine that `spec` names, not loaded yet."""
    module, _, name = spec.partition(":")
    return getattr(importlib.import_module(module), name)(options)


def described(error: Exception) -> dict[str, Any]:
    """An exception as the other side gets it."""
    hint = getattr(error, "ais_bench_hint", None)
    message = str(error) if hint is None else f"{error}; {hint}"
    text = {"type": type(error).__name__, "message": message, "traceback": traceback.format_exc()}
    if isinstance(error, MissingPackage):
        return {**text, "requirement": error.requirement}
    if isinstance(error, ImportError) and error.name is not None:
        package = error.name.partition(".")[0]
        if package in OURS:
            return {**text, "cure": LACKING.format(error.name)}
        if isinstance(error, ModuleNotFoundError):
            return {**text, "requirement": package}
    return text


def end_with_children() -> None:
    """Nobody listens any more: ends this process and whatever it started, whatever it is doing."""
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
