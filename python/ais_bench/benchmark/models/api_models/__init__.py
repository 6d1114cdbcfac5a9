"""Models behind a service. The guide has users put theirs into a folder of this name, which the worker adds."""

from ais_bench._user_packages import extend
from ais_bench.benchmark.models.api_models.mindie_stream_api import MindieStreamApi
from ais_bench.benchmark.models.api_models.tgi_api import TGICustomAPI, TGICustomAPIStream
from ais_bench.benchmark.models.api_models.triton_api import TritonCustomAPI, TritonCustomAPIStream
from ais_bench.benchmark.models.api_models.vita_generate_api import VITAGenerateAPI
from ais_bench.benchmark.models.api_models.vllm_custom_api import VLLMCustomAPI, VLLMCustomAPIStream
from ais_bench.benchmark.models.api_models.vllm_custom_api_chat import (
    VLLMCustomAPIChat,
    VLLMCustomAPIChatStream,
    VLLMFunctionCallAPIChat,
    VllmMultiturnAPIChatStream,
)
from ais_bench.benchmark.models.api_models.vllm_custom_api_old import VLLMCustomAPIOld
from ais_bench.benchmark.models.base_api import APITemplateParser, BaseAPIModel

__all__ = [
    "APITemplateParser",
    "BaseAPIModel",
    "MindieStreamApi",
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
    "VllmMultiturnAPIChatStream",
]

extend(__name__)
