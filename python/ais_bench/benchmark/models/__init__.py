"""The base classes that a user's own model inherits from."""

from ais_bench.benchmark.models.base import BaseModel
from ais_bench.benchmark.models.base_api import BaseAPIModel
from ais_bench.benchmark.models.output import Output, RequestOutput

__all__ = ["BaseAPIModel", "BaseModel", "Output", "RequestOutput"]
