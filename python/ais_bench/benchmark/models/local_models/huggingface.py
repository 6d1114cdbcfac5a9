"""AISBench's older class of base models, under the name of its module there."""

from __future__ import annotations

from ais_bench.benchmark.models.local_models.huggingface_above_v4_33 import HuggingFaceBaseModel
from ais_bench.benchmark.registry import MODELS


@MODELS.register_module()
class HuggingFace(HuggingFaceBaseModel):
    """A base model from local files."""


@MODELS.register_module()
class HuggingFaceCausalLM(HuggingFace):
    """AISBench's other name of `HuggingFace`."""
