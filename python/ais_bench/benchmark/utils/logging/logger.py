"""AISBench's logger over Python's own."""

from __future__ import annotations

import logging
from typing import Any


class AISLogger:
    """Logs as `logging.getLogger("ais_bench")` does; a message may have one of AISBench's codes before it."""

    def __init__(self, name: str = "ais_bench", **_options: Any) -> None:
        self._logger = logging.getLogger(name)

    def log(self, level: int, first: Any, *rest: Any, **options: Any) -> None:
        """Logs a message, or a code and a message."""
        if isinstance(first, str) or not rest:
            self._logger.log(level, str(first), *rest, **options)
        else:
            self._logger.log(level, f"[{first}] {rest[0]}", *rest[1:], **options)

    def debug(self, *given: Any, **options: Any) -> None:
        """Logs at the level DEBUG."""
        self.log(logging.DEBUG, *given, **options)

    def info(self, *given: Any, **options: Any) -> None:
        """Logs at the level INFO."""
        self.log(logging.INFO, *given, **options)

    def warning(self, *given: Any, **options: Any) -> None:
        """Logs at the level WARNING."""
        self.log(logging.WARNING, *given, **options)

    def error(self, *given: Any, **options: Any) -> None:
        """Logs at the level ERROR."""
        self.log(logging.ERROR, *given, **options)

    def exception(self, *given: Any, **options: Any) -> None:
        """Logs at the level ERROR, with the exception that is being handled."""
        self.log(logging.ERROR, *given, **{"exc_info": True, **options})

    def __getattr__(self, name: str) -> Any:
        return getattr(self._logger, name)


def get_logger(*_levels: Any, **_options: Any) -> AISLogger:
    """Returns the logger."""
    return AISLogger()
