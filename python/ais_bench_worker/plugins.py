"""Plugins in this Python: installed packages with an entry point of AISBench's group, and the classes that they bring."""

from __future__ import annotations

import importlib
import inspect
import sys
from importlib import metadata
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from ais_bench.benchmark.models import BaseAPIModel, BaseModel

GROUP = "ais_bench.benchmark_plugins"

#: Parts of a plugin that are looked into where it has them, and what a class is that only its place says something of.
PARTS = {
    "models": None,
    "datasets": "dataset",
    "evaluators": "evaluator",
    "openicl": None,
    "postprocessors": "postprocessor",
    "metrics": "metric",
    "clients": "client",
    "tasks": "task",
    "summarizers": "summarizer",
    "calculators": "metric",
}


def list_plugins() -> list[dict[str, Any]]:
    """Each entry point: `{group, name, module, package, version, classes}`, and `error` where it cannot be imported.

    A class is `{name, module, file, kind, base}`; one of a service also has `service {parses_text,
    parses_stream, scores_prompts, fixes_length, chunks_are_tokens, arguments}`.
    """
    return [_described(point, distribution) for point, distribution in _points()]


def _points() -> list[tuple[Any, Any]]:
    """The group's entry points with their distributions, the first of a name as imports find it."""
    found: dict[tuple[str, str], tuple[Any, Any]] = {}
    for distribution in metadata.distributions():
        for point in distribution.entry_points:
            if point.group == GROUP:
                found.setdefault((point.name, point.value), (point, distribution))
    return [found[key] for key in sorted(found)]


def _described(point: Any, distribution: Any) -> dict[str, Any]:
    about = {
        "group": GROUP,
        "name": point.name,
        "module": point.value,
        "package": distribution.metadata["Name"],
        "version": distribution.version,
    }
    name = point.value.partition(":")[0].strip()
    classes: dict[str, dict[str, Any]] = {}
    try:
        parts = [name, *(f"{name}.{part}" for part in PARTS)]
        package = importlib.import_module(name)
        for part in parts[1:] if hasattr(package, "__path__") else []:
            if find_spec(part) is not None:
                importlib.import_module(part)
        for module in [module for key, module in sorted(sys.modules.items()) if key == name or key.startswith(f"{name}.")]:
            for cls in _classes_of(module):
                classes[f"{cls.__module__}.{cls.__qualname__}"] = _class(cls, name)
    except Exception as error:
        return {**about, "classes": list(classes.values()), "error": f"{type(error).__name__}: {error}"}
    return {**about, "classes": list(classes.values())}


def _classes_of(module: ModuleType) -> list[type]:
    own = [value for value in vars(module).values() if isinstance(value, type) and value.__module__ == module.__name__]
    return [cls for cls in own if not cls.__name__.startswith("_")]


def _class(cls: type, package: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": cls.__name__,
        "module": cls.__module__,
        "file": inspect.getsourcefile(cls),
        "kind": _kind(cls, package),
        "base": next((base.__name__ for base in cls.__mro__[1:] if not base.__module__.startswith(package)), "object"),
    }
    if issubclass(cls, BaseAPIModel):
        described["service"] = {
            "parses_text": cls.parse_text_response is not BaseAPIModel.parse_text_response,
            "parses_stream": cls.parse_stream_response is not BaseAPIModel.parse_stream_response,
            "scores_prompts": hasattr(cls, "get_ppl_request_body"),
            "fixes_length": cls.fixes_length,
            "chunks_are_tokens": cls.chunks_are_tokens,
            "arguments": list(inspect.signature(cls).parameters),
        }
    return described


def _kind(cls: type, package: str) -> str:
    """What a class is: by its base, by the registry that it is in, by what it can do, or by the part of the plugin that it lies in."""
    if issubclass(cls, BaseAPIModel):
        return "model-service"
    if issubclass(cls, BaseModel):
        return "model-local"
    registry = getattr(cls, "__ais_bench_registry__", None)
    if registry in REGISTRIES:
        return REGISTRIES[registry]
    part = cls.__module__[len(package) :].lstrip(".").partition(".")[0]
    if PARTS.get(part):
        return str(PARTS[part])
    if callable(getattr(cls, "score", None)):
        return "evaluator"
    if callable(getattr(cls, "load", None)):
        return "dataset"
    if callable(getattr(cls, "generate", None)):
        return "model-local"
    return "other"


#: Registries → kinds.
REGISTRIES = {
    "load_dataset": "dataset",
    "icl_evaluators": "evaluator",
    "evaluators": "evaluator",
    "text_postprocessors": "postprocessor",
    "dict_postprocessors": "postprocessor",
    "icl_inferencers": "inferencer",
    "icl_retrievers": "retriever",
    "icl_prompt_templates": "prompt-template",
    "clients": "client",
    "tasks": "task",
    "metrics": "metric",
    "perf_metric_calculators": "metric",
}


if __name__ == "__main__":
    import json

    print(json.dumps(list_plugins()))
