"""Equality of math answers, judged by the package math-verify."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ..engine import Engine
from .packages import require


class MathVerify(Engine):
    def load(self) -> dict[str, str]:
        self._package = require("math_verify", "math-verify")
        try:
            return {"version": version("math-verify")}
        except PackageNotFoundError:
            return {"version": "unknown"}

    def judge(self, gold: str, answer: str, whole_reply: bool, timeout: int) -> dict[str, Any]:
        """Whether an answer equals the gold one, and what was read of both.

        `whole_reply`: the answer is looked for in a reply, LaTeX alone, what is boxed first, as AISBench does it; else both are
        what somebody extracted. `timeout`: seconds for each of the three steps, 0 for none.
        """
        if whole_reply:
            # Of LaTeX without dollar signs a plain expression in it is read, as the 13 of 3\\sqrt{13}.
            wanted = self._first([gold, f"${gold}$"], timeout)
            given = self._reply(answer, timeout)
        else:
            wanted = self._first([f"${gold}$", gold], timeout)
            given = self._first([f"${answer}$", answer], timeout)
        # AISBench hands over the answer as the gold one.
        first, second = (given, wanted) if whole_reply else (wanted, given)
        limit = {"timeout_seconds": timeout or None}
        equal = bool(wanted) and bool(given) and self._package.verify(first, second, **limit)
        return {"equal": bool(equal), "gold": [str(one) for one in wanted], "answer": [str(one) for one in given]}

    def _first(self, texts: list[str], timeout: int) -> list[Any]:
        """What can be read of the first text of which something can."""
        return next((found for text in texts if (found := self._parse(text, None, timeout))), [])

    def _reply(self, text: str, timeout: int) -> list[Any]:
        config = self._package.LatexExtractionConfig(boxed_match_priority=0, try_extract_without_anchor=False)
        return self._parse(text, [config], timeout)

    def _parse(self, text: str, config: list[Any] | None, timeout: int) -> list[Any]:
        """`config`: what is looked for; None: LaTeX and plain expressions."""
        wanted = {} if config is None else {"extraction_config": config}
        limit = {"parsing_timeout": timeout or None}
        return self._package.parse(text, extraction_mode="first_match", **wanted, **limit)
