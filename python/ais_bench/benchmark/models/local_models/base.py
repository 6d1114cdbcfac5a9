"""`BaseModel` under the name of its module in AISBench."""

from ais_bench.benchmark.models.base import BaseModel, LMTemplateParser, PromptType

__all__ = ["BaseModel", "LMTemplateParser", "PromptType"]
