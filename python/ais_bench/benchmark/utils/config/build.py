"""Objects out of configs."""

from __future__ import annotations

from typing import Any

import ais_bench.benchmark.models  # noqa: F401  (registers what ships)
from ais_bench.benchmark.registry import LOAD_DATASET, MODELS

#: Keys of a model's config that are not the class's: AISBench takes them out, too.
NOT_THE_CLASS_S = frozenset(
    "use_timestamp run_cfg request_rate batch_size abbr attr response_anomaly summarizer_abbr pred_postprocessor min_out_len "
    "returns_tool_calls traffic_cfg".split()
)


def build_model_from_cfg(model_cfg: dict[str, Any]) -> Any:
    """Returns the model that a config describes; `type` is a class or the name of a registered one."""
    return MODELS.build({key: value for key, value in model_cfg.items() if key not in NOT_THE_CLASS_S})


def build_dataset_from_cfg(dataset_cfg: dict[str, Any]) -> Any:
    """Returns the dataset that a config describes; `type` is a class or the name of a registered one."""
    return LOAD_DATASET.build(dataset_cfg)
