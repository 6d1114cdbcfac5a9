"""What ends an answer: tokens, words in its text, or that nobody wants it any more."""

from __future__ import annotations

import threading
from typing import Any


class Stops:
    """A stopping criterion of `generate`, which asks it after every token; afterwards it knows where each answer ended."""

    def __init__(
        self, tokenizer: Any, end_ids: list[int], words: list[str], prompt_width: int, cancelled: threading.Event
    ) -> None:
        self.end_ids = end_ids
        self._tokenizer = tokenizer
        self._words = words
        self._width = prompt_width
        self._cancelled = cancelled
        #: A token holds at least one byte: so many of them hold any of the words, and the one before it.
        self._tail = 1 + max((len(word.encode()) for word in words), default=0)
        #: Row → its new tokens when a stop word came.
        self._stopped: dict[int, int] = {}

    def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        count = input_ids.shape[1] - self._width
        if self._words:
            for index, row in enumerate(input_ids[:, self._width :][:, -self._tail :].tolist()):
                if index not in self._stopped and self._has_word(row):
                    self._stopped[index] = count
        over = [self._cancelled.is_set() or index in self._stopped for index in range(input_ids.shape[0])]
        return input_ids.new_tensor(over).bool()

    def end_of(self, index: int, row: list[int]) -> tuple[list[int], int, str]:
        """The tokens of an answer's text, how many were generated, and why it ended: `stop` or `length`."""
        count = self._stopped.get(index, len(row))
        for position, token in enumerate(row[:count]):
            if token in self.end_ids:
                return row[:position], position + 1, "stop"
        return row[:count], count, "stop" if index in self._stopped else "length"

    def cut(self, text: str) -> str:
        """The text up to the first of the stop words."""
        ends = [text.find(word) for word in self._words]
        return text[: min((end for end in ends if end >= 0), default=len(text))]

    def _has_word(self, ids: list[int]) -> bool:
        text = self._tokenizer.decode(ids, skip_special_tokens=True)
        return any(word in text for word in self._words)
