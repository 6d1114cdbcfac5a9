/**
 * A folder shaped as a checkout of AISBench's repository, with modules of our own: they import packages that are not installed, as its modules
 * do, and files lie there whose names Python's library has too. No tool may run or need any of them.
 */

const ABSENT = 'import mmengine_that_is_not_installed\n';

/** What a module of the tree says when it is run in the place of the tool's own. */
const never = (module: string): string => `raise RuntimeError("${module} of the checkout was run")\n`;

const BENCHMARK = 'ais_bench/benchmark';

/** The files by path. */
export const CHECKOUT: Readonly<Record<string, string>> = {
  'setup.py': never('setup.py'),
  'queue.py': never('queue.py'),
  'typing.py': never('typing.py'),
  'json/__init__.py': never('json'),
  'requirements.txt': 'mmengine\n',
  'ais_bench/__init__.py': `__version__ = "3.0"\n`,
  [`${BENCHMARK}/__init__.py`]: `from ais_bench.benchmark.registry import MODELS\n`,
  [`${BENCHMARK}/registry.py`]: `${ABSENT}MODELS = mmengine_that_is_not_installed.Registry("model")\n`,
  [`${BENCHMARK}/cli/__init__.py`]: '',
  [`${BENCHMARK}/cli/main.py`]: never('cli.main'),
  [`${BENCHMARK}/models/__init__.py`]: [
    'from ais_bench.benchmark.models.local_models.base import BaseModel, LMTemplateParser',
    'from ais_bench.benchmark.models.api_models.base_api import BaseAPIModel, APITemplateParser',
    'from ais_bench.benchmark.models.api_models.vllm_custom_api_chat import VLLMCustomAPIChat',
    'from ais_bench.benchmark.models.local_models.huggingface_above_v4_33 import HuggingFacewithChatTemplate',
    '',
  ].join('\n'),
  [`${BENCHMARK}/models/output.py`]: `${ABSENT}class Output:\n    pass\n\n\nclass RequestOutput(Output):\n    pass\n`,
  [`${BENCHMARK}/models/api_models/__init__.py`]: '',
  [`${BENCHMARK}/models/api_models/base_api.py`]: `import aiohttp_that_is_not_installed\n${ABSENT}class BaseAPIModel:\n    pass\n`,
  [`${BENCHMARK}/models/api_models/vllm_custom_api_chat.py`]:
    'from ais_bench.benchmark.registry import MODELS\n\n\n@MODELS.register_module()\nclass VLLMCustomAPIChat:\n    pass\n',
  [`${BENCHMARK}/models/local_models/__init__.py`]: '',
  [`${BENCHMARK}/models/local_models/base.py`]: `${ABSENT}class BaseModel:\n    pass\n`,
  [`${BENCHMARK}/models/local_models/huggingface_above_v4_33.py`]: `import transformers\n\n\nclass HuggingFacewithChatTemplate:\n    pass\n`,
  [`${BENCHMARK}/utils/__init__.py`]: `from ais_bench.benchmark.utils.prompt import PromptList\n`,
  [`${BENCHMARK}/utils/prompt.py`]: `${ABSENT}class PromptList(list):\n    pass\n`,
  [`${BENCHMARK}/configs/models/vllm_api/vllm_api_stream_chat.py`]:
    'from ais_bench.benchmark.models import VLLMCustomAPIChat\n\nmodels = [dict(attr="service", type=VLLMCustomAPIChat, abbr="vllm-api-stream-chat", stream=True)]\n',
};
