"""Words of Chinese texts as jieba finds them: AISBench and LongBench's authors score by these."""

from __future__ import annotations

from typing import Any

from .engine import MissingPackage


class ChineseWords:
    def __init__(self, options: dict[str, Any]) -> None:
        self._jieba: Any = None

    def load(self) -> str:
        """Reads the dictionary; the version of jieba."""
        try:
            import jieba
        except ImportError as error:
            raise MissingPackage("jieba", "jieba==0.42.1", str(error)) from error
        jieba.setLogLevel("ERROR")
        jieba.initialize()
        self._jieba = jieba
        return str(jieba.__version__)

    def cut(self, text: str) -> list[str]:
        return list(self._jieba.cut(text, cut_all=False))

    def close(self) -> None:
        self._jieba = None
