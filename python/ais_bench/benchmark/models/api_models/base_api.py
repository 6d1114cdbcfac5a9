"""`BaseAPIModel` under the name of its module in AISBench."""

from ais_bench.benchmark.models.base_api import BaseAPIModel

__all__ = ["BaseAPIModel"]
