import tempfile
import unittest
from pathlib import Path

from ais_bench_worker.user_api import UserAPI

SOURCE = Path(__file__).with_name("test_guide_classes.py")

NAMED = """
from ais_bench.benchmark.models import BaseAPIModel

class Named(BaseAPIModel):
    def __init__(self, path="", **kwargs):
        super().__init__(path=path, **kwargs)
        self.headers["X-Model"] = self.model

    def _get_url(self):
        return self.base_url + "v1/say"

    def get_request_body(self, input, max_out_len, output, **args):
        output.began = args["index"]
        output.handle = object()
        return {"model": self.model, "turns": [item["role"] for item in input]}

    async def parse_text_response(self, data, output):
        output.content = f"{data} {output.began}"
"""


class TheEngineOfAServiceClass(unittest.TestCase):
    def engine(self, file, name, **arguments):
        options = {"file": str(file), "class": name, "folder": str(Path(file).parent), "model": "m", "arguments": arguments}
        engine = UserAPI(options)
        self.addCleanup(lambda: engine.close())
        return engine, engine.load()

    def test_runs_the_guide_s_class(self):
        engine, told = self.engine(SOURCE, "MyCustomAPI", host_port=9, url="", model="m", enable_ssl=False)
        self.assertEqual(told, {"url": "http://localhost:9/generate", "headers": {"Content-Type": "application/json"}})
        built = engine.request_body("2 + 2?", 5, {"index": 0}, None)
        self.assertEqual(built["body"], {"prompt": "2 + 2?", "limit": 5})
        state = built["state"]
        for word in ["4", "!"]:
            state = engine.parse("parse_stream_response", {"word": word}, state)
        self.assertEqual((state["content"], state["input"], state["uuid"]), ("4!", "2 + 2?", built["state"]["uuid"]))

    def test_knows_the_model_before_it_is_made(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "named.py"
            file.write_text(NAMED)
            engine, told = self.engine(file, "Named", url="http://there/", host_port=1)
            self.assertEqual((told["url"], told["headers"]["X-Model"]), ("http://there/v1/say", "m"))
            built = engine.request_body([{"role": "user", "content": "?"}], 5, {"index": 7}, None)
            self.assertEqual(built["body"], {"model": "m", "turns": ["HUMAN"]})
            self.assertNotIn("handle", built["state"])
            self.assertEqual(engine.parse("parse_text_response", "4", built["state"])["content"], "4 7")

    def test_refuses_a_body_that_cannot_be_sent(self):
        engine, _ = self.engine(SOURCE, "MyCustomAPI", generation_kwargs={"seed": object()})
        with self.assertRaisesRegex(TypeError, "get_request_body returned what JSON cannot say"):
            engine.request_body("?", 5, {}, None)


if __name__ == "__main__":
    unittest.main()
