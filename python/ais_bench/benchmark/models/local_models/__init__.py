"""Where the guide puts local models. The worker adds the folder of this name below the user's."""

from ais_bench.benchmark.models.base import BaseModel

__all__ = ["BaseModel"]
