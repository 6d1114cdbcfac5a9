"""Model classes, to be used and inherited from."""

from ais_bench._user_packages import extend
from ais_bench.benchmark.models.api_models import (
    MindieStreamApi,
    TGICustomAPI,
    TGICustomAPIStream,
    TritonCustomAPI,
    TritonCustomAPIStream,
    VITAGenerateAPI,
    VLLMCustomAPI,
    VLLMCustomAPIChat,
    VLLMCustomAPIChatStream,
    VLLMCustomAPIOld,
    VLLMCustomAPIStream,
    VLLMFunctionCallAPIChat,
    VllmMultiturnAPIChatStream,
)
from ais_bench.benchmark.models.base import BaseModel, LMTemplateParser
from ais_bench.benchmark.models.base_api import APITemplateParser, BaseAPIModel
from ais_bench.benchmark.models.local_models import (
    HuggingFace,
    HuggingFaceBaseModel,
    HuggingFaceCausalLM,
    HuggingFaceQwen2VLwithChatTemplate,
    HuggingFaceVL,
    HuggingFacewithChatTemplate,
    VLLMOfflineVLModel,
)
from ais_bench.benchmark.models.output import (
    FunctionCallOutput,
    LMMOutput,
    Output,
    PPLRequestOutput,
    PPLResponseOutput,
    RequestOutput,
)
from ais_bench.benchmark.utils.prompt import PromptList, PromptType

__all__ = [
    "APITemplateParser",
    "BaseAPIModel",
    "BaseModel",
    "FunctionCallOutput",
    "HuggingFace",
    "HuggingFaceBaseModel",
    "HuggingFaceCausalLM",
    "HuggingFaceQwen2VLwithChatTemplate",
    "HuggingFaceVL",
    "HuggingFacewithChatTemplate",
    "LMMOutput",
    "LMTemplateParser",
    "MindieStreamApi",
    "Output",
    "PPLRequestOutput",
    "PPLResponseOutput",
    "PromptList",
    "PromptType",
    "RequestOutput",
    "TGICustomAPI",
    "TGICustomAPIStream",
    "TritonCustomAPI",
    "TritonCustomAPIStream",
    "VITAGenerateAPI",
    "VLLMCustomAPI",
    "VLLMCustomAPIChat",
    "VLLMCustomAPIChatStream",
    "VLLMCustomAPIOld",
    "VLLMCustomAPIStream",
    "VLLMFunctionCallAPIChat",
    "VLLMOfflineVLModel",
    "VllmMultiturnAPIChatStream",
]

extend(__name__)
