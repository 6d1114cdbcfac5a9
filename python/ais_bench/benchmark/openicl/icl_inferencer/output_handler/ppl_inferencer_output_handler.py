"""Outputs of perplexity under the name of their module in AISBench."""

from ais_bench.benchmark.models.output import PPLRequestOutput, PPLResponseOutput

__all__ = ["PPLRequestOutput", "PPLResponseOutput"]
