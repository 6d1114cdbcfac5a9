"""Text models over transformers, under the name of their module in AISBench."""

from __future__ import annotations

from ais_bench.benchmark.models.local_models._engines import EngineModel
from ais_bench.benchmark.models.template_parser import APITemplateParser
from ais_bench.benchmark.registry import MODELS


@MODELS.register_module()
class HuggingFaceBaseModel(EngineModel):
    """A base model from local files: prompts are texts to be continued."""

    engine_name = "ais_bench_worker.engines.huggingface:TextModel"


@MODELS.register_module()
class HuggingFacewithChatTemplate(EngineModel):
    """A chat model from local files: prompts go through the chat template of its tokenizer."""

    engine_name = "ais_bench_worker.engines.huggingface:ChatModel"

    def __init__(self, *args: object, **options: object) -> None:
        """Takes what `HuggingFaceBaseModel` takes."""
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.template_parser = APITemplateParser(self.meta_template or None)
