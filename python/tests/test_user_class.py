import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

from ais_bench.benchmark.utils.prompt import PromptList
from ais_bench_worker.user_class import UserClass
from ais_bench_worker.worker import described

GUIDE = """
from typing import Dict, List, Optional, Union
from ais_bench.benchmark.models import BaseModel
from ais_bench.benchmark.utils.prompt import PromptList

class MyCustomModel(BaseModel):
    def __init__(self, path: str, max_seq_len: int = 2048, tokenizer_only: bool = False,
                 meta_template: Optional[Dict] = None, generation_kwargs: Optional[Dict] = dict(),
                 sync_rank: bool = False, **kwargs):
        super().__init__(path, max_seq_len, tokenizer_only, meta_template, generation_kwargs, sync_rank)
        self.kwargs = kwargs

    def generate(self, input, max_out_len: int, **kwargs) -> List[str]:
        self.seen = input
        return [str(prompt)[:max_out_len] for prompt in input]
"""

#: A class whose `generate` is one expression.
BRIEF = """
class Brief:
    def __init__(self, path):
        pass
    def generate(self, input, max_out_len):
        return {}
"""


class TheEngineOfAUserClass(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        modules, path = dict(sys.modules), list(sys.path)
        self.addCleanup(lambda: (sys.modules.clear(), sys.modules.update(modules), sys.path.__setitem__(slice(None), path)))

    def engine(self, source, name="MyCustomModel", file="my_custom_model.py", **arguments):
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(source), encoding="utf-8")
        options = {"file": str(path), "class": name, "folder": str(self.folder), "arguments": {"path": "w", **arguments}}
        engine = UserClass(options)
        engine.load()
        return engine

    def test_hands_the_config_to_the_guide_s_signature(self):
        given = {"max_seq_len": 9, "generation_kwargs": {"stop_token_ids": [2]}, "max_out_len": 5, "fp16": False, "seed": 0}
        model = self.engine(GUIDE, **given).model
        self.assertEqual((model.path, model.max_seq_len, model.generation_kwargs), ("w", 9, {"stop_token_ids": [2]}))
        self.assertEqual(model.kwargs, {"max_out_len": 5, "fp16": False, "seed": 0})

    def test_leaves_out_of_kwargs_what_the_config_left_out(self):
        source = "class Loose:\n    def __init__(self, path, **kwargs): self.kwargs = kwargs\n"
        defaults = {"tokenizer_only": False, "generation_kwargs": {}, "max_seq_len": 9}
        self.assertEqual(self.engine(source, "Loose", **defaults).model.kwargs, {"max_seq_len": 9})

    def test_gives_texts_and_dialogues_in_the_words_of_the_guide(self):
        engine = self.engine(GUIDE)
        parts = [{"type": "text", "text": "look"}]
        dialogue = [
            {"role": "system", "content": "brief"},
            {"role": "user", "content": "2 + 2?", "name": "n"},
            {"role": "assistant", "content": "4"},
            {"role": "critic", "content": parts},
        ]
        self.assertEqual(engine.generate(["abc", dialogue], 2).texts, ["ab", "br"])
        self.assertEqual(
            engine.model.seen[1],
            [
                {"role": "SYSTEM", "prompt": "brief"},
                {"role": "HUMAN", "prompt": "2 + 2?", "name": "n"},
                {"role": "BOT", "prompt": "4"},
                {"role": "critic", "prompt": parts},
            ],
        )
        self.assertIsInstance(engine.model.seen[1], PromptList)

    def test_passes_only_what_is_taken(self):
        narrow = "class Narrow:\n    def __init__(self, path, batch_size): self.size = batch_size\n"
        self.assertEqual(self.engine(narrow, "Narrow", batch_size=3, max_seq_len=9, generation_kwargs={}).model.size, 3)
        with self.assertRaisesRegex(TypeError, "takes no 'batch_sizes'; did you mean 'batch_size'"):
            self.engine(narrow, "Narrow", batch_size=3, batch_sizes=4)
        with self.assertRaisesRegex(TypeError, "Narrow.__init__ needs 'batch_size': write it in the config"):
            self.engine(narrow, "Narrow")

    def test_counts_tokens_where_the_class_can(self):
        self.assertIsNone(self.engine(GUIDE).generate(["a b"], 9).output_tokens)
        counting = GUIDE + "    def get_token_len(self, prompt): return len(prompt.split())\n"
        result = self.engine(counting, file="counting.py").generate([[{"role": "user", "content": "a b"}]], 1)
        self.assertEqual((result.input_tokens, result.output_tokens), ([2], [1]))

    def test_awaits_and_takes_any_sequence(self):
        source = BRIEF.replace("def generate", "async def generate")
        self.assertEqual(self.engine(source.format("(x for x in input)"), "Brief").generate(["a"], 1).texts, ["a"])

    def test_refuses_what_is_no_list_of_texts(self):
        for number, (given, error) in enumerate(
            [
                ("'ab'", "str where a list of 2 texts belongs"),
                ("None", "None where a list of 2"),
                ("['a']", "1 texts for 2 prompts"),
                ("['a', 4]", "int where text 1 belongs"),
            ]
        ):
            engine = self.engine(BRIEF.format(given), "Brief", f"brief_{number}.py")
            with self.assertRaisesRegex((TypeError, ValueError), f"generate returned {error}"):
                engine.generate(["x", "y"], 1)

    def test_says_that_the_input_is_a_list(self):
        words = "`input` is a list of at most batch_size prompts, here 2"
        for number, body in enumerate(["input.strip()", "'You said ' + input", "{'a': 1}[input]", "str(input)", "[str(input)]", "None"]):
            engine = self.engine(BRIEF.format(body), "Brief", f"one_{number}.py")
            with self.assertRaises((AttributeError, TypeError, ValueError)) as caught:
                engine.generate(["x", "y"], 1)
            self.assertIn(words, described(caught.exception)["message"])
        engine = self.engine(BRIEF.format("[1 / 0]"), "Brief", "other.py")
        with self.assertRaises(ZeroDivisionError) as caught:
            engine.generate(["x", "y"], 1)
        self.assertNotIn(words, described(caught.exception)["message"])

    def test_names_the_classes_that_there_are(self):
        with self.assertRaisesRegex(AttributeError, "has no class MyCustomModle; did you mean MyCustomModel"):
            self.engine(GUIDE, "MyCustomModle")

    def test_imports_neighbours(self):
        (self.folder / "answers.py").write_text("ANSWER = 'forty'")
        source = "from answers import ANSWER\n" + BRIEF.format("[ANSWER]")
        self.assertEqual(self.engine(source, "Brief").generate(["x"], 1).texts, ["forty"])

    def test_imports_relatively_in_the_place_of_the_guide(self):
        place = "ais_bench/benchmark/models/local_models"
        (self.folder / place).mkdir(parents=True)
        (self.folder / place / "answers.py").write_text("ANSWER = 'forty'")
        (self.folder / "ais_bench/__init__.py").write_text("raise ImportError('the wrong ais_bench')")
        source = "from .answers import ANSWER\n" + BRIEF.format("[ANSWER]")
        engine = self.engine(source, "Brief", f"{place}/relative.py")
        self.assertEqual(engine.generate(["x"], 1).texts, ["forty"])
        self.assertEqual(type(engine.model).__module__, "ais_bench.benchmark.models.local_models.relative")

    def test_may_be_called_what_no_import_could_say(self):
        place = "ais_bench/benchmark/models/local_models"
        for file in ["my.v2.py", "my-model.py", "base.py"]:
            engine = self.engine(BRIEF.format("['a']"), "Brief", f"{place}/{file}")
            self.assertEqual(engine.generate(["x"], 1).texts, ["a"])

    def test_may_be_called_as_a_module_of_python(self):
        self.assertEqual(self.engine(BRIEF.format("['a']"), "Brief", "random.py").generate(["x"], 1).texts, ["a"])

    def test_closes_what_can_be_closed(self):
        engine = self.engine(BRIEF.format("[]") + "    def close(self): self.closed = True\n", "Brief")
        engine.close()
        self.assertTrue(engine.model.closed)
        self.engine(GUIDE).close()


if __name__ == "__main__":
    unittest.main()
