"""Where the guide puts models behind a service. The worker adds the folder of this name below the user's."""

from ais_bench.benchmark.models.base_api import BaseAPIModel

__all__ = ["BaseAPIModel"]
