"""Models of images, videos and text over transformers, under the name of their module in AISBench."""

from __future__ import annotations

from ais_bench.benchmark.models.local_models.huggingface_above_v4_33 import HuggingFacewithChatTemplate
from ais_bench.benchmark.registry import MODELS


@MODELS.register_module()
class HuggingFaceVL(HuggingFacewithChatTemplate):
    """Any model that transformers' `AutoModelForImageTextToText` loads."""

    engine_name = "ais_bench_worker.engines.huggingface_vl:VisionModel"


@MODELS.register_module()
class HuggingFaceQwen2VLwithChatTemplate(HuggingFaceVL):
    """AISBench's name of `HuggingFaceVL`, where it is for Qwen's models alone."""
