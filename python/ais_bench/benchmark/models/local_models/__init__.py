"""Models that the worker loads. The guide has users put theirs into a folder of this name, which the worker adds."""

from ais_bench._user_packages import extend
from ais_bench.benchmark.models.base import BaseModel, LMTemplateParser
from ais_bench.benchmark.models.local_models.huggingface import HuggingFace, HuggingFaceCausalLM
from ais_bench.benchmark.models.local_models.huggingface_above_v4_33 import HuggingFaceBaseModel, HuggingFacewithChatTemplate
from ais_bench.benchmark.models.local_models.huggingface_vl import HuggingFaceQwen2VLwithChatTemplate, HuggingFaceVL
from ais_bench.benchmark.models.local_models.vllm_offline_vl import VLLMOfflineVLModel

__all__ = [
    "BaseModel",
    "HuggingFace",
    "HuggingFaceBaseModel",
    "HuggingFaceCausalLM",
    "HuggingFaceQwen2VLwithChatTemplate",
    "HuggingFaceVL",
    "HuggingFacewithChatTemplate",
    "LMTemplateParser",
    "VLLMOfflineVLModel",
]

extend(__name__)
