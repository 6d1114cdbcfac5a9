"""vLLM in the worker, without a service, under the name of its module in AISBench."""

from __future__ import annotations

from ais_bench.benchmark.models.local_models._engines import EngineModel
from ais_bench.benchmark.models.template_parser import APITemplateParser
from ais_bench.benchmark.registry import MODELS


@MODELS.register_module()
class VLLMOfflineVLModel(EngineModel):
    """A chat model of text, and of images and videos where it takes them; `self.llm` is vLLM's."""

    engine_name = "ais_bench_worker.engines.vllm_offline:OfflineModel"

    def __init__(self, *args: object, **options: object) -> None:
        """Takes what vLLM's engine takes: docs/local-models.md."""
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.template_parser = APITemplateParser(self.meta_template or None)
        self.llm = self.engine._llm

    def get_token_len(self, prompt: str) -> int:
        """Tokens of a text by the model's tokenizer."""
        return len(self.llm.get_tokenizer().encode(prompt))
