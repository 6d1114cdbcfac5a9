"""AISBench's exceptions: each is made with a code and a message, and is also Python's exception of that kind."""

from __future__ import annotations

from typing import Any


class AISBenchBaseException(Exception):
    """An error with one of AISBench's codes."""

    def __init__(self, error_code: Any = None, message: str = "") -> None:
        super().__init__(f"[{error_code}] {message}" if message else str(error_code))
        self.error_code = error_code


class AISBenchConfigError(AISBenchBaseException):
    """A config is wrong."""


class AISBenchImportError(AISBenchBaseException, ImportError):
    """A package cannot be imported."""


class AISBenchIndexError(AISBenchBaseException, IndexError):
    """There is no such element."""


class AISBenchKeyError(AISBenchBaseException, KeyError):
    """There is no such key."""


class AISBenchModuleNotFoundError(AISBenchBaseException, ModuleNotFoundError):
    """A package is not installed."""


class AISBenchNotImplementedError(AISBenchBaseException, NotImplementedError):
    """A class lacks a method."""


class AISBenchRuntimeError(AISBenchBaseException, RuntimeError):
    """Something else went wrong."""


class AISBenchTypeError(AISBenchBaseException, TypeError):
    """A value has the wrong type."""


class AISBenchValueError(AISBenchBaseException, ValueError):
    """A value is wrong."""


class AISBenchAttributeError(AISBenchBaseException, AttributeError):
    """An object lacks an attribute."""


class FileOperationError(AISBenchBaseException):
    """A file cannot be read or written."""


class ParameterValueError(AISBenchBaseException, ValueError):
    """A parameter is wrong."""
