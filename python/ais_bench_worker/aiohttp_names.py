"""Names of aiohttp where it is not installed: AISBench's class files import it for annotations and time limits.

The tool sends the requests itself, so that a class needs none of it. What is used for more says that it is missing.
"""

from __future__ import annotations

import importlib.util
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from .engine import MissingPackage


class Name:
    """A class of aiohttp's that may be named and made, and not used."""

    def __init__(self, *_args: Any, **_options: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise missing(f"{type(self).__name__}.{name}")

    async def __aenter__(self) -> Any:
        raise missing(type(self).__name__)

    async def __aexit__(self, *_error: Any) -> None:
        pass


def missing(what: str) -> MissingPackage:
    return MissingPackage("aiohttp", "aiohttp", f"{what} is used, and it is not installed")


class Finder:
    """Finds aiohttp where nothing else does."""

    @staticmethod
    def find_spec(name: str, _path: Any = None, _target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(name, Finder) if name == "aiohttp" else None  # type: ignore[arg-type]

    @staticmethod
    def create_module(_spec: ModuleSpec) -> None:
        return None

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        def named(name: str) -> type:
            if name.startswith("__") or not name[:1].isupper():
                raise AttributeError(f"aiohttp is not installed, and only names of its classes stand in for it: not {name!r}")
            made = type(name, (Name,), {"__module__": "aiohttp"})
            setattr(module, name, made)
            return made

        module.__getattr__ = named  # type: ignore[method-assign]


def stand_in() -> None:
    """Lets `import aiohttp` succeed from now on."""
    if Finder not in sys.meta_path and importlib.util.find_spec("aiohttp") is None:
        sys.meta_path.append(Finder)
