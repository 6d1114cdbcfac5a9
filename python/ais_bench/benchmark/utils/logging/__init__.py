"""Logger, errors and codes under AISBench's names."""

from ais_bench._user_packages import extend
from ais_bench.benchmark.utils.logging.logger import AISLogger, get_logger

__all__ = ["AISLogger", "get_logger"]

extend(__name__)
