"""The worker as it is started, in folders that used to kill it."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

MAIN = Path(__file__).resolve().parents[1] / "ais_bench_worker" / "__main__.py"
TRAP = "raise ImportError('a file of the user was imported by accident')\n"
STRAY = "queue types json random struct tempfile threading typing enum re logging selectors asyncio socket".split()
PLACE = "ais_bench/benchmark/models"

SERVICE = """
from ais_bench.benchmark.models import BaseAPIModel
from ais_bench.benchmark.models.output import RequestOutput

class MyCustomAPI(BaseAPIModel):
    def _get_url(self): return self.base_url + "say"
    def get_request_body(self, input, max_out_len, output, **args): return {"text": input}
    def parse_text_response(self, data, output): output.content = data
"""

LOCAL = """
from ais_bench.benchmark.models import BaseModel

class MyCustomModel(BaseModel):
    def generate(self, input, max_out_len, **kwargs): return [f"{prompt}!" for prompt in input]
"""

#: A model that answers in a program of its own.
SPAWNS = """
import multiprocessing
from ais_bench.benchmark.models import BaseModel
from helper import double

def answer(prompt):
    from ais_bench.benchmark.models import MyOther
    return f"{double(prompt)} {MyOther.__name__}"

class MyCustomModel(BaseModel):
    def generate(self, input, max_out_len, **kwargs):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            return pool.map(answer, input)
"""


class TheWorker(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name).resolve()

    def write(self, **files):
        for name, text in files.items():
            self.place(name, text)

    def place(self, path, text):
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)

    def talk(self, *requests, env=None):
        """The answers to requests, of a worker started as the other side starts it."""
        to_worker, from_us = os.pipe()
        to_us, from_worker = os.pipe()
        script = (
            "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); "
            "os.execv(sys.executable, [sys.executable, '-u', sys.argv[3]])"
        )
        # Above the two descriptors that the worker speaks over.
        ends = [os.dup2(end, 50 + n, inheritable=True) for n, end in enumerate([to_worker, from_worker])]
        worker = subprocess.Popen(
            [sys.executable, "-c", script, *map(str, ends), str(MAIN)],
            cwd=self.folder,
            env={**os.environ, "PYTHONSAFEPATH": "ais_bench", **(env or {})},
            close_fds=False,
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for end in [*ends, to_worker, from_worker]:
            os.close(end)
        answers = []
        watchdog = threading.Timer(40, lambda: os.killpg(worker.pid, signal.SIGKILL))
        watchdog.start()
        self.addCleanup(watchdog.cancel)
        with os.fdopen(from_us, "w") as out, os.fdopen(to_us) as back:
            for number, (op, fields) in enumerate([*requests, ("close", {})]):
                out.write(json.dumps({"id": number, "op": op, **fields}) + "\n")
            out.flush()
            for line in back:
                message = json.loads(line)
                if "ok" in message:
                    answers.append(message)
            worker.wait(20)
        self.assertEqual(worker.returncode, 0, worker.stdout.read().decode())
        worker.stdout.close()
        self.assertEqual(len(answers), len(requests) + 1)
        return answers[:-1]

    def load(self, engine, file, name, **arguments):
        options = {"file": str(self.folder / file), "class": name, "folder": str(self.folder), "model": "m", "arguments": arguments}
        return ("load", {"engine": f"ais_bench_worker.{engine}", "options": options})

    def runs_local(self, file, name="MyCustomModel", expected=("a!",), env=None):
        loaded, answered = self.talk(
            self.load("user_class:UserClass", file, name, path="w"), ("generate", {"inputs": ["a"], "max_out_len": 3}), env=env
        )
        self.assertTrue(loaded["ok"], loaded)
        self.assertEqual(answered.get("result", answered.get("error")), {
            "texts": list(expected), "input_tokens": None, "output_tokens": None, "finish_reasons": None,
        })

    def runs_service(self, file, name="MyCustomAPI"):
        [loaded] = self.talk(self.load("user_api:UserAPI", file, name))
        self.assertTrue(loaded["ok"], loaded)
        self.assertEqual(loaded["result"]["url"], "http://localhost:8080/say")

    def test_lives_beside_files_that_are_called_like_python_s(self):
        for name in STRAY:
            self.place(f"{name}.py", TRAP)
            self.place(f"models/{name}.py", TRAP)
        self.place("models/mine.py", LOCAL)
        self.runs_local("models/mine.py")
        self.runs_local("models/mine.py", env={"PYTHONPATH": f"{self.folder}:{self.folder / 'models'}"})

    def test_lives_in_a_checkout_of_aisbench(self):
        self.checkout()
        self.place(f"{PLACE}/local_models/my_custom_model.py", LOCAL)
        self.place(f"{PLACE}/api_models/my_custom_api.py", SERVICE)
        self.runs_local(f"{PLACE}/local_models/my_custom_model.py")
        self.runs_service(f"{PLACE}/api_models/my_custom_api.py")

    def checkout(self):
        """A folder shaped as AISBench's: its packages import what is not installed."""
        for path in [
            "ais_bench/__init__.py",
            "ais_bench/benchmark/__init__.py",
            "ais_bench/benchmark/registry.py",
            "ais_bench/benchmark/utils/__init__.py",
            "ais_bench/benchmark/utils/prompt.py",
            f"{PLACE}/output.py",
            f"{PLACE}/local_models/base.py",
            f"{PLACE}/api_models/base_api.py",
            f"{PLACE}/api_models/vllm_custom_api.py",
        ]:
            self.place(path, "import mmengine_that_is_missing\n" + TRAP)
        for place in ["", "/local_models", "/api_models"]:
            self.place(
                f"{PLACE}{place}/__init__.py",
                "from ais_bench.benchmark.models.local_models.base import BaseModel\nimport mmengine_that_is_missing\n",
            )

    def test_finds_what_each_step_s_init_names(self):
        self.checkout()
        self.place(f"{PLACE}/local_models/my_other.py", LOCAL.replace("MyCustomModel", "MyOther"))
        line = "from ais_bench.benchmark.models.local_models.my_other import MyOther\n"
        forms = {
            "models/__init__.py": ("ais_bench.benchmark.models", line),
            "models/local_models/__init__.py": ("ais_bench.benchmark.models.local_models", "from .my_other import MyOther  # noqa\n"),
            "models/api_models/__init__.py": (
                "ais_bench.benchmark.models.api_models",
                "try:\n    from ..local_models.my_other import *\nexcept ImportError:\n    pass\n",
            ),
            "__init__.py": ("ais_bench.benchmark", line.replace("MyOther\n", "MyOther as Another\nMyOther = Another\n")),
        }
        for init, (package, text) in forms.items():
            with self.subTest(init=init):
                whole = "import mmengine_that_is_missing\n" + text if "Another" not in text else text
                self.place(f"ais_bench/benchmark/{init}", whole)
                self.place("mine.py", f"from {package} import MyOther\n\nclass Mine(MyOther):\n    pass\n")
                self.runs_local("mine.py", "Mine")

    def test_runs_a_class_of_an_init_itself(self):
        self.place(f"{PLACE}/local_models/__init__.py", LOCAL)
        self.runs_local(f"{PLACE}/local_models/__init__.py")

    def test_gives_the_user_s_files_to_programs_that_a_model_starts(self):
        self.checkout()
        self.place("helper.py", "def double(text): return text * 2\n")
        self.place(f"{PLACE}/local_models/my_other.py", LOCAL.replace("MyCustomModel", "MyOther"))
        self.place(f"{PLACE}/__init__.py", "from .local_models.my_other import MyOther\n")
        for file in ["mine.py", f"{PLACE}/local_models/my_custom_model.py"]:
            with self.subTest(file=file):
                self.place(file, SPAWNS)
                self.runs_local(file, expected=("aa MyOther",))

    def test_gives_them_beside_files_that_are_called_like_python_s(self):
        for name in STRAY:
            self.place(f"{name}.py", TRAP)
        self.place("helper.py", "def double(text): return text * 2\n")
        self.place(f"{PLACE}/local_models/my_other.py", LOCAL.replace("MyCustomModel", "MyOther"))
        self.place(f"{PLACE}/__init__.py", "from .local_models.my_other import MyOther\n")
        self.place("mine.py", SPAWNS)
        self.runs_local("mine.py", expected=("aa MyOther",))

    def test_tells_what_it_lacks_of_aisbench_without_naming_a_package(self):
        self.place("mine.py", "from ais_bench.benchmark.tasks.base import BaseTask\n" + LOCAL)
        [loaded] = self.talk(self.load("user_class:UserClass", "mine.py", "MyCustomModel", path="w"))
        self.assertNotIn("requirement", loaded["error"])
        self.assertIn("take the import of ais_bench.benchmark.tasks out of the class", loaded["error"]["cure"])

    def test_lists_plugins(self):
        [listed] = self.talk(("plugins", {}))
        self.assertIsInstance(listed["result"], list)

    def test_leaves_no_trace_of_its_start_in_the_environment(self):
        source = LOCAL.replace('f"{prompt}!"', "str(__import__('os').environ.get('PYTHONSAFEPATH'))")
        self.place("mine.py", source)
        self.runs_local("mine.py", expected=("None",))
        self.runs_local("mine.py", expected=("1",), env={"PYTHONSAFEPATH": "1"})


if __name__ == "__main__":
    unittest.main()
