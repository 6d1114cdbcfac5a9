"""What ends an answer: tokens, words in its text, or that nobody wants it any more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


class Stops:
    """A stopping criterion of `generate`, which asks it after every step; afterwards it knows where each answer ended.

    `tell` is told after every step by how many tokens each of the `rows` answers grew. Where `generate` works on more rows
    than that, as a beam search does, nothing is told, and a stop word does not end the work: it only cuts the text.
    """

    def __init__(
        self,
        tokenizer: Any,
        end_ids: list[int],
        words: list[str],
        prompt_width: int,
        rows: int,
        cancelled: threading.Event,
        tell: Callable[[list[int]], None],
    ) -> None:
        self.end_ids = end_ids
        self._tokenizer = tokenizer
        self._words = words
        self._width = prompt_width
        self._cancelled = cancelled
        self._tell = tell
        #: A token holds at least one byte: so many of them hold any of the words, and the one before it.
        self._tail = 1 + max((len(word.encode()) for word in words), default=0)
        #: Row → its new tokens when a stop word came.
        self._stopped: dict[int, int] = {}
        self._ended = [False] * rows
        self._seen = 0

    def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        if input_ids.shape[0] != len(self._ended):
            return input_ids.new_full((input_ids.shape[0],), self._cancelled.is_set()).bool()
        count = input_ids.shape[1] - self._width
        new = count - self._seen
        recent = input_ids[:, self._width :][:, -(self._tail + new - 1) :].tolist()
        self._seen = count
        self._tell([self._grown(index, row, new) for index, row in enumerate(recent)])
        over = [self._cancelled.is_set() or index in self._stopped for index in range(len(recent))]
        return input_ids.new_tensor(over).bool()

    def end_of(self, index: int, row: list[int]) -> tuple[list[int], int, str]:
        """The tokens of an answer's text, how many were generated, and why it ended: `stop` or `length`."""
        count = self._stopped.get(index, len(row))
        end = self._end_in(row[:count])
        if end is not None:
            return row[:end], end + 1, "stop"
        return row[:count], count, "stop" if index in self._stopped else "length"

    def cut(self, text: str) -> str:
        """The text up to the first of the stop words."""
        ends = [text.find(word) for word in self._words]
        return text[: min((end for end in ends if end >= 0), default=len(text))]

    def _grown(self, index: int, recent: list[int], new: int) -> int:
        """By how many tokens an answer grew in this step: none once it has ended, whatever the row is padded with."""
        if self._ended[index]:
            return 0
        end = self._end_in(recent[-new:])
        if end is None and self._words and self._has_word(recent):
            self._stopped[index] = self._seen
        self._ended[index] = end is not None or index in self._stopped
        return new if end is None else end + 1

    def _end_in(self, ids: list[int]) -> int | None:
        return next((place for place, token in enumerate(ids) if token in self.end_ids), None)

    def _has_word(self, ids: list[int]) -> bool:
        text = self._tokenizer.decode(ids, skip_special_tokens=True)
        return any(word in text for word in self._words)
