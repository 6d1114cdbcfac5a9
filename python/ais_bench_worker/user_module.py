"""Loads a user's Python file, so that what the guide's code imports is there."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

#: The guide's places for model files, below the user's folder and as packages of ours.
PLACES = ("ais_bench/benchmark/models/local_models", "ais_bench/benchmark/models/api_models")


def load_module(file: str, folder: str) -> ModuleType:
    """Runs the file. Its neighbours can be imported, by name or, in the guide's places, relatively.

    Raises FileNotFoundError, ImportError, and what the file itself raises.
    """
    path = Path(file).resolve()
    _search_first([Path(__file__).resolve().parents[1], path.parent, Path(folder).resolve()])
    for place in PLACES:
        own = Path(folder).resolve() / place
        package = place.replace("/", ".")
        _extend(package, own)
        name = f"{package}.{path.stem}"
        if path.parent == own and path.stem.isidentifier() and importlib.util.find_spec(name).origin == str(path):
            return importlib.import_module(name)
    return _run(path)


def _search_first(folders: list[Path]) -> None:
    """Puts folders at the head of the search path. Ours comes first: the user may have a folder `ais_bench` too."""
    names = [str(folder) for folder in folders]
    sys.path[:] = [*dict.fromkeys(names), *(entry for entry in sys.path if entry not in names)]


def _extend(package: str, folder: Path) -> None:
    paths = importlib.import_module(package).__path__
    if str(folder) not in paths:
        paths.append(str(folder))


def _run(path: Path) -> ModuleType:
    """Under its own name, so that processes that the model starts find it; under another where that name is taken."""
    taken = path.stem in sys.modules or path.stem in sys.stdlib_module_names
    name = f"user_{path.stem}" if taken else path.stem
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
