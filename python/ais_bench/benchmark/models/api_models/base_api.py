"""`BaseAPIModel` under the name of its module in AISBench."""

from ais_bench.benchmark.models.base_api import APITemplateParser, BaseAPIModel, PromptType

__all__ = ["APITemplateParser", "BaseAPIModel", "PromptType"]
