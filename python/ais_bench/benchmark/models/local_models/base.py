"""`BaseModel` under the name of its module in AISBench."""

from ais_bench.benchmark.models.base import BaseModel

__all__ = ["BaseModel"]
