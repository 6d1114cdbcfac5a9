"""Registries under AISBench's names, for classes that carry its decorators and for code that makes objects out of configs."""

from __future__ import annotations

import importlib
from typing import Any, Callable, TypeVar

C = TypeVar("C", bound=Callable[..., Any])


class Registry:
    """Classes and functions by name. One that is registered again under a name replaces the former."""

    def __init__(self, name: str = "", **_options: Any) -> None:
        self.name = name
        self._modules: dict[str, Any] = {}

    def register_module(
        self, name: str | list[str] | None = None, force: bool = True, module: Any = None, **_options: Any
    ) -> Callable[[C], C]:
        """Registers the class or function that it decorates, or `module`, under its own name or the names given."""

        def register(found: C) -> C:
            names = [name] if isinstance(name, str) else name or [getattr(found, "__name__", type(found).__name__)]
            for one in names:
                if not force and one in self._modules:
                    raise KeyError(f"{one} is already registered in {self.name}")
                self._modules[one] = found
            try:
                found.__ais_bench_registry__ = self.name  # type: ignore[attr-defined]
            except (AttributeError, TypeError):
                pass
            return found

        return register(module) if module is not None else register

    def get(self, key: str) -> Any:
        """The class of that name, or that a dotted path names; None where there is none."""
        if key in self._modules or "." not in key:
            return self._modules.get(key)
        package, _, name = key.rpartition(".")
        return getattr(importlib.import_module(package), name, None)

    def build(self, cfg: dict[str, Any], *_args: Any, **defaults: Any) -> Any:
        """An object of the class that `cfg["type"]` is or names, made with the other keys."""
        return build_from_cfg(cfg, self, defaults)

    @property
    def module_dict(self) -> dict[str, Any]:
        """What is registered, by name."""
        return dict(self._modules)

    def __contains__(self, key: str) -> bool:
        return key in self._modules

    def __len__(self) -> int:
        return len(self._modules)

    def __repr__(self) -> str:
        return f"Registry({self.name!r}, {sorted(self._modules)})"


def build_from_cfg(cfg: dict[str, Any], registry: Registry, default_args: dict[str, Any] | None = None) -> Any:
    """An object of the class that `cfg["type"]` is or names, made with the other keys. Raises KeyError where there is no such class."""
    given = {**(default_args or {}), **cfg}
    if "type" not in given:
        raise KeyError(f"a config of {registry.name} needs the key 'type', but it has {sorted(given)}")
    kind = given.pop("type")
    found = registry.get(kind) if isinstance(kind, str) else kind
    if found is None:
        raise KeyError(f"{kind} is not registered in {registry.name}; there are {sorted(registry.module_dict)}")
    return found(**given)


CLIENTS = Registry("clients")
DICT_POSTPROCESSORS = Registry("dict_postprocessors")
EVALUATORS = Registry("evaluators")
ICL_DATASET_READERS = Registry("icl_dataset_readers")
ICL_EVALUATORS = Registry("icl_evaluators")
ICL_INFERENCERS = Registry("icl_inferencers")
ICL_PROMPT_TEMPLATES = Registry("icl_prompt_templates")
ICL_RETRIEVERS = Registry("icl_retrievers")
LOAD_DATASET = Registry("load_dataset")
METRICS = Registry("metrics")
MODELS = Registry("models")
PARTITIONERS = Registry("partitioners")
PERF_METRIC_CALCULATORS = Registry("perf_metric_calculators")
RUNNERS = Registry("runners")
TASKS = Registry("tasks")
TEXT_POSTPROCESSORS = Registry("text_postprocessors")
