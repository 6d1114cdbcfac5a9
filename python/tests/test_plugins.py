import sys
import tempfile
import unittest
from pathlib import Path

from ais_bench_worker.plugins import list_plugins

FILES = {
    "my_plugin/__init__.py": "",
    "my_plugin/models/__init__.py": "from .example import ExampleAPI, ExampleModel\n",
    "my_plugin/models/example.py": """
from ais_bench.benchmark.models import BaseModel, VLLMCustomAPIChat
from ais_bench.benchmark.registry import MODELS

@MODELS.register_module()
class ExampleAPI(VLLMCustomAPIChat):
    def __init__(self, path="", stream=False, depth=1, **kwargs):
        super().__init__(path=path, stream=stream, **kwargs)

class ExampleModel(BaseModel):
    def generate(self, input, max_out_len, **kwargs): return list(input)
""",
    "my_plugin/datasets.py": """
from ais_bench.benchmark.registry import LOAD_DATASET

@LOAD_DATASET.register_module()
class ExampleDataset:
    @staticmethod
    def load(path): return []

class _Hidden: pass
""",
    "my_plugin/evaluators.py": "class ExampleEvaluator:\n    def score(self, predictions, references): return {}\n",
    "my_plugin-1.2.dist-info/METADATA": "Metadata-Version: 2.1\nName: my-plugin\nVersion: 1.2\n",
    "my_plugin-1.2.dist-info/entry_points.txt": "[ais_bench.benchmark_plugins]\nmine = my_plugin\n",
    "broken_plugin.py": "import a_package_that_is_missing\n",
    "broken_plugin-0.dist-info/METADATA": "Metadata-Version: 2.1\nName: broken\nVersion: 0\n",
    "broken_plugin-0.dist-info/entry_points.txt": "[ais_bench.benchmark_plugins]\nbroken = broken_plugin\n[other]\nx = y\n",
}


class ThePlugins(unittest.TestCase):
    def test_are_listed_with_what_they_bring(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name).resolve()
            for path, text in FILES.items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_text(text)
            modules = dict(sys.modules)
            self.addCleanup(lambda: (sys.modules.clear(), sys.modules.update(modules)))
            sys.path.append(str(folder))
            self.addCleanup(lambda: sys.path.remove(str(folder)))
            broken, mine = list_plugins()
        self.assertEqual((mine["name"], mine["module"], mine["package"], mine["version"]), ("mine", "my_plugin", "my-plugin", "1.2"))
        self.assertNotIn("error", mine)
        self.assertEqual(
            sorted((cls["name"], cls["kind"], cls["base"], cls["module"]) for cls in mine["classes"]),
            [
                ("ExampleAPI", "model-service", "VLLMCustomAPIChat", "my_plugin.models.example"),
                ("ExampleDataset", "dataset", "object", "my_plugin.datasets"),
                ("ExampleEvaluator", "evaluator", "object", "my_plugin.evaluators"),
                ("ExampleModel", "model-local", "BaseModel", "my_plugin.models.example"),
            ],
        )
        service = next(cls for cls in mine["classes"] if cls["kind"] == "model-service")
        arguments = ["path", "stream", "depth", "kwargs"]
        # The last three are those of the shipped class that it inherits from.
        known = {"parses_text": True, "parses_stream": True, "arguments": arguments}
        inherited = {"scores_prompts": True, "fixes_length": True, "chunks_are_tokens": True}
        self.assertEqual(service["service"], {**known, **inherited})
        self.assertEqual(service["file"], str(folder / "my_plugin/models/example.py"))
        self.assertEqual((broken["name"], broken["classes"]), ("broken", []))
        self.assertIn("a_package_that_is_missing", broken["error"])


if __name__ == "__main__":
    unittest.main()
