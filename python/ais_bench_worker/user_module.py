"""Loads a user's Python file, so that what the guide's code imports is there."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

from ais_bench._user_packages import use_folders

from .aiohttp_names import stand_in
from .search_path import insert


def load_module(file: str, folder: str) -> ModuleType:
    """Runs the file, or imports the module of that name where it names no file. Its neighbours can be imported by name; those of a
    file in the guide's places, `ais_bench/benchmark/…`, also relatively.

    Raises FileNotFoundError, ImportError, and what the file itself raises.
    """
    stand_in()
    user = Path(folder).resolve()
    if not file.endswith(".py"):
        insert([str(user)])
        return importlib.import_module(file)
    path = Path(file).resolve()
    insert(list(dict.fromkeys([str(path.parent), str(user)])))
    root = _package_root(path)
    use_folders(list(dict.fromkeys([str(user), *([str(root)] if root else [])])))
    for base in [user, *([root] if root else [])]:
        name = _name_below(base, path)
        if name is not None:
            return _as_part_of_package(name, path)
    return _run(path)


def _package_root(path: Path) -> Path | None:
    """The folder above the outermost folder `ais_bench` that the file lies in."""
    names = [parent.name for parent in path.parents]
    return path.parents[len(names) - names[::-1].index("ais_bench")] if "ais_bench" in names else None


def _name_below(base: Path, path: Path) -> str | None:
    """`ais_bench.benchmark.models.api_models.mine`; None for a file that is not in a package of ours."""
    try:
        parts = path.relative_to(base).with_suffix("").parts
    except ValueError:
        return None
    if len(parts) < 2 or parts[0] != "ais_bench":
        return None
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _as_part_of_package(name: str, path: Path) -> ModuleType:
    """Under the name that the guide's code imports it by; a file that has the name of one of ours under another, in the same package."""
    package, _, stem = name.rpartition(".")
    if path.stem == "__init__":
        package, stem = name, "__init__"
    try:
        importlib.import_module(package)
    except ModuleNotFoundError:
        return _run(path)
    if stem.isidentifier() and stem != "__init__":
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None and os.path.realpath(spec.origin) == str(path):
            return importlib.import_module(name)
    return _execute(f"{package}.user_{stem}".replace("-", "_"), path)


def _run(path: Path) -> ModuleType:
    """Under its own name, so that programs that the model starts find it; under another where that name is another module's."""
    name = path.stem
    return _execute(name if _is_free(name, path) else f"user_{name}".replace(".", "_"), path)


def _is_free(name: str, path: Path) -> bool:
    if not name.isidentifier():
        return False
    known = sys.modules.get(name)
    if known is not None:
        return getattr(known, "__file__", None) == str(path)
    spec = importlib.util.find_spec(name)
    return spec is None or spec.origin == str(path)


def _execute(name: str, path: Path) -> ModuleType:
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
