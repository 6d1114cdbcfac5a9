"""A user's own folder `ais_bench` beside this package: AISBench's guide has users put classes there, and name them in `__init__.py`.

Where a module has the same name in both, the one of this package counts: a checkout of AISBench as working directory is not
imported by accident. Modules that only the user has are found, and so are names that only the user's `__init__.py` gives.
"""

from __future__ import annotations

import ast
import importlib
import os
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec, module_from_spec, resolve_name, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

#: Folders that hold a folder `ais_bench` of the user's, for this process and for the programs that it starts.
VARIABLE = "AIS_BENCH_USER_FOLDERS"


def use_folders(folders: list[str]) -> None:
    """Looks for the user's packages in these folders from now on, also in packages that are imported already."""
    os.environ[VARIABLE] = os.pathsep.join(dict.fromkeys([*folders, *_folders()]))
    for name, module in list(sys.modules.items()):
        if name == "ais_bench" or (name.startswith("ais_bench.") and hasattr(module, "__path__")):
            extend(name)


def extend(package: str) -> None:
    """Adds the user's folders of the same name to one of our packages, and the names of the user's `__init__.py` files."""
    module = sys.modules[package]
    path: list[str] = module.__path__  # type: ignore[assignment]
    for folder in _folders():
        own = os.path.join(folder, *package.split("."))
        if os.path.isdir(own) and os.path.realpath(own) not in map(os.path.realpath, path):
            path.append(own)

    def missing(name: str) -> Any:
        if not name.startswith("__"):
            for own in path[1:]:
                found = _named(package, Path(own) / "__init__.py", name)
                if found is not None:
                    return found[0]
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    module.__getattr__ = missing  # type: ignore[method-assign]


def _folders() -> list[str]:
    return [folder for folder in os.environ.get(VARIABLE, "").split(os.pathsep) if folder]


def _named(package: str, init: Path, name: str) -> tuple[Any] | None:
    """What a user's `__init__.py` binds to the name. Only the statement that binds it runs: the others may need what is not installed."""
    try:
        tree = ast.parse(init.read_bytes(), str(init))
    except OSError:
        return None
    for node in _statements(tree.body):
        if isinstance(node, ast.ImportFrom):
            source = resolve_name("." * node.level + (node.module or ""), package)
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    whole = f"{package}.{alias.name}" if source == package else ""
                    return (importlib.import_module(whole) if whole else _attribute(source, alias.name),)
                if alias.name == "*" and _mentions(source, name):
                    star = importlib.import_module(source)
                    if hasattr(star, name):
                        return (getattr(star, name),)
        elif name in _bound(node):
            return (getattr(_run(package, init), name),)
    return None


def _statements(body: list[ast.stmt]) -> list[ast.stmt]:
    """Statements of a module, those inside `if` and `try` included, last first: the last binding of a name counts."""
    found: list[ast.stmt] = []
    for node in body:
        inner = [getattr(node, part, []) for part in ("body", "orelse", "finalbody")] if isinstance(node, (ast.If, ast.Try)) else []
        handlers = [handler.body for handler in node.handlers] if isinstance(node, ast.Try) else []
        found += [one for part in [*handlers, *reversed(inner)] for one in reversed(_statements(part))] if inner else [node]
    return found[::-1]


def _bound(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.Import):
        return [alias.asname for alias in node.names if alias.asname]
    return []


def _attribute(module: str, name: str) -> Any:
    found = importlib.import_module(module)
    if not hasattr(found, name) and hasattr(found, "__path__"):
        return importlib.import_module(f"{module}.{name}")
    return getattr(found, name)


def _mentions(module: str, name: str) -> bool:
    """Whether a module's text holds the name: no other is worth running."""
    spec = find_spec(module)
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return False
    return name in Path(spec.origin).read_text(encoding="utf-8", errors="replace")


def _run(package: str, init: Path) -> ModuleType:
    """Runs a user's `__init__.py` that defines what is looked for, once, under a name of its own."""
    name = f"{package}.__init__"
    known = sys.modules.get(name)
    if known is not None and known.__file__ == str(init):
        return known
    spec = spec_from_file_location(name, init, loader=SourceFileLoader(name, str(init)))
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
