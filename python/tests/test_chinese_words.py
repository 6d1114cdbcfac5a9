"""Words by jieba: what is asked of it, and what is said where it is missing."""

import sys
import unittest
from types import SimpleNamespace
from unittest import mock

from ais_bench_worker.chinese_words import ChineseWords
from ais_bench_worker.engine import MissingPackage


class TestChineseWords(unittest.TestCase):
    def test_cuts_with_jieba(self):
        asked = []
        fake = SimpleNamespace(
            __version__="0",
            setLogLevel=lambda level: None,
            initialize=lambda: asked.append("initialize"),
            cut=lambda text, cut_all: iter([text[:2], text[2:]]),
        )
        with mock.patch.dict(sys.modules, {"jieba": fake}):
            words = ChineseWords({})
            self.assertEqual(words.load(), "0")
            self.assertEqual(words.cut("港口清淤"), ["港口", "清淤"])
            words.close()
        self.assertEqual(asked, ["initialize"])

    def test_says_what_to_install(self):
        with mock.patch.dict(sys.modules, {"jieba": None}), self.assertRaises(MissingPackage) as caught:
            ChineseWords({}).load()
        self.assertEqual(caught.exception.requirement, "jieba==0.42.1")


if __name__ == "__main__":
    unittest.main()
