"""Packages of the Python world, imported when an engine needs them."""

from __future__ import annotations

import importlib
from typing import Any

from ..engine import MissingPackage


def require(package: str, requirement: str) -> Any:
    """The module; MissingPackage, which tells what pip has to install, where it cannot be imported."""
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise MissingPackage(package, requirement, str(error)) from error
