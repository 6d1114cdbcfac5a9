"""Objects out of configs, under AISBench's names."""

from ais_bench._user_packages import extend
from ais_bench.benchmark.utils.config.build import build_model_from_cfg

__all__ = ["build_model_from_cfg"]

extend(__name__)
