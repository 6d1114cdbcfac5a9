import base64
import json
import tempfile
import textwrap
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

#: Everything that a class may say about its requests.
WHOLE = """
import asyncio
from ais_bench.benchmark.models import BaseAPIModel

class Splitter:
    def __init__(self): self.rest = b""
    def push(self, data):
        *whole, self.rest = (self.rest + data).split(b"|")
        return whole
    def end(self):
        if self.rest: raise ValueError(f"cut at {self.rest!r}")
        return [b"!"]

class Whole(BaseAPIModel):
    chunks_are_tokens = False
    def get_framing(self): return "bytes"
    def make_splitter(self): return Splitter()
    def get_method(self, **args): return "PUT" if args["index"] else "POST"
    async def get_url(self, **args): return f"{self.base_url}jobs/{args['index']}"
    def get_headers(self, **args): return {"X-Index": args["index"]}
    def sign_request(self, request): return {"X-Sum": str(sum(request["body"]))}
    async def get_request_body(self, input, max_out_len, output, **args):
        return {"text": input, "bytes": input.encode(), "none": None}[self.path]
    async def parse_stream_response(self, frame, output):
        await asyncio.sleep(0)
        output.content += frame.decode()
    async def parse_text_response(self, data, output): output.content = data["said"]
    def get_next_request(self, data, output, **args):
        if data.get("done"): return None
        return {"url": f"poll/{args['index']}", "body": b"\\xff", "after_ms": 5}
    def get_ppl_request_body(self, input, max_out_len, output, **args):
        output.input = input
        return {"prompt": input, "prompt_logprobs": 0}
    def get_prompt_logprobs(self, data): return [None, {"12": {"logprob": -1.5}, "7": {"logprob": -9}}]
    def stream_is_complete(self, output, saw_done): return saw_done or output.content.endswith("!")
"""


class TheEngineOfAServiceClass(unittest.TestCase):
    def engine(self, file, name, **arguments):
        options = {"file": str(file), "class": name, "folder": str(Path(file).parent), "model": "m", "arguments": arguments}
        engine = UserAPI(options)
        self.addCleanup(lambda: engine.close())
        return engine, engine.load()

    def written(self, source, name, file="written.py", **arguments):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        path = Path(holder.name) / file
        path.write_text(textwrap.dedent(source))
        return self.engine(path, name, **arguments)

    def test_runs_the_guide_s_class(self):
        engine, loaded = self.engine(SOURCE, "MyCustomAPI", host_port=9, url="", model="m", enable_ssl=False)
        headers = {"Content-Type": "application/json"}
        self.assertEqual(loaded, {"url": "http://localhost:9/generate", "headers": headers, "framing": "sse", "has": []})
        built = engine.build(1, "2 + 2?", 5, {"index": 0})
        self.assertEqual(built, {"body": {"json": {"prompt": "2 + 2?", "limit": 5}}, "output": {"input": "2 + 2?"}})
        [read] = engine.parse_events([(1, [{"word": "4"}, {"word": ""}, {"word": "!"}])], [])
        self.assertEqual(read, {"changes": ["4", 0, "!"]})
        self.assertEqual(engine.end(1), {"output": {"input": "2 + 2?"}, "complete": None})

    def test_knows_the_model_before_it_is_made(self):
        engine, loaded = self.written(NAMED, "Named", url="http://there/", host_port=1)
        self.assertEqual((loaded["url"], loaded["headers"]["X-Model"]), ("http://there/v1/say", "m"))
        built = engine.build(1, [{"role": "user", "content": "?"}], 5, {"index": 7})
        self.assertEqual(built, {"body": {"json": {"model": "m", "turns": ["HUMAN"]}}, "output": {}})
        self.assertEqual(engine.parse_text(1, "4"), {"+content": "4 7"})

    def test_keeps_an_output_until_it_is_released(self):
        engine, _ = self.engine(SOURCE, "MyCustomAPI")
        for number in range(1, 6):
            engine.build(number, "?", 5, {})
        self.assertEqual(engine.parse_events([], [1, 2, 9]), [])
        self.assertEqual(engine.kept_requests(), 3)
        [gone, lives] = engine.parse_events([(1, [{"word": "a"}]), (5, [{"word": "a"}])], [3])
        self.assertEqual((gone["changes"], gone["error"]["type"], lives), ([], "KeyError", {"changes": ["a"]}))
        self.assertEqual(engine.kept_requests(), 2)

    def test_says_of_a_batch_what_came_before_the_parser_raised(self):
        engine, _ = self.engine(SOURCE, "MyCustomAPI")
        engine.build(1, "?", 5, {})
        engine.build(2, "?", 5, {})
        first, second = engine.parse_events([(1, [{"word": "a"}, {}, {"word": "b"}]), (2, [{"word": "c"}])], [])
        self.assertEqual((first["changes"], second), (["a"], {"changes": ["c"]}))
        self.assertIn("KeyError", first["error"]["traceback"])

    def test_refuses_a_body_that_cannot_be_sent(self):
        engine, _ = self.engine(SOURCE, "MyCustomAPI", generation_kwargs={"seed": object()})
        with self.assertRaisesRegex(TypeError, "get_request_body returned what JSON cannot say"):
            engine.build(1, "?", 5, {})

    def test_says_all_that_a_class_says_of_a_request(self):
        engine, loaded = self.written(WHOLE, "Whole", path="bytes")
        self.assertEqual((loaded["url"], loaded["framing"]), ("http://localhost:8080/", "bytes"))
        self.assertIn("splitter_end", loaded["has"])
        built = engine.build(1, "hi", 5, {"index": 3, "turn": 0})
        self.assertEqual(
            built,
            {
                "body": {"base64": base64.b64encode(b"hi").decode()},
                "method": "PUT",
                "url": "http://localhost:8080/jobs/3",
                "headers": {"X-Index": "3"},
                "output": {},
            },
        )
        signed = engine.sign({"method": "PUT", "url": "u", "headers": {}, "body": base64.b64encode(b"\x01\x02").decode()})
        self.assertEqual(signed, {"X-Sum": "3"})
        following = engine.next_request(1, {"done": False}, {"index": 3})
        self.assertEqual(following["next"], {"url": "poll/3", "body": {"base64": "/w=="}, "after_ms": 5})
        self.assertIsNone(engine.next_request(1, {"done": True}, {"index": 3})["next"])
        self.assertEqual(engine.prompt_logprobs({}), [None, -1.5])

    def test_sends_texts_and_nothing(self):
        for path, body in [("text", {"text": "hi"}), ("none", {})]:
            engine, _ = self.written(WHOLE, "Whole", f"sends_{path}.py", path=path)
            self.assertEqual(engine.build(1, "hi", 5, {"index": 0})["body"], body)

    def test_cuts_bytes_however_they_are_cut(self):
        body = b"ab|c||d|"
        for size in range(1, len(body) + 1):
            engine, _ = self.written(WHOLE, "Whole", f"cut_{size}.py", path="bytes")
            engine.build(1, "hi", 5, {"index": 0})
            pieces = [base64.b64encode(body[at : at + size]).decode() for at in range(0, len(body), size)]
            [read] = engine.parse_events([(1, [*pieces, None])], [])
            self.assertEqual("".join(change or "" for change in read["changes"]), "abcd!")
            self.assertEqual(read["changes"], ["ab", "c", 0, "d", "!"])
            ends = [body[: at + size].count(b"|") - body[:at].count(b"|") for at in range(0, len(body), size)]
            self.assertEqual(read["frames"], [*ends, 1])
            self.assertEqual(engine.end(1)["complete"], [True, True])

    def test_fails_a_body_that_ends_inside_a_frame(self):
        engine, _ = self.written(WHOLE, "Whole", "cut_off.py", path="bytes")
        engine.build(1, "hi", 5, {"index": 0})
        [read] = engine.parse_events([(1, [base64.b64encode(b"ab|c").decode(), None])], [])
        self.assertEqual((read["changes"], read["error"]["message"]), (["ab"], "cut at b'c'"))
        self.assertEqual((read["frames"], read["by"]), ([1], "end"))

    def test_says_which_method_refused_a_body(self):
        source = WHOLE.replace("        return whole\n", "        return None\n")
        engine, _ = self.written(source, "Whole", "refuses.py", path="bytes")
        engine.build(1, "hi", 5, {"index": 0})
        piece = base64.b64encode(b"ab|c|").decode()
        [read] = engine.parse_events([(1, [piece])], [])
        self.assertEqual((read["changes"], read["by"], read["error"]["type"]), ([], "push", "TypeError"))
        engine.build(2, "hi", 5, {"index": 0})
        engine.model.make_splitter = lambda: 1 / 0
        [read] = engine.parse_events([(2, [piece])], [])
        self.assertEqual((read["changes"], read["by"], read["error"]["type"]), ([], "make_splitter", "ZeroDivisionError"))

    def test_blames_no_splitter_for_its_parser(self):
        source = WHOLE.replace("output.content += frame.decode()", "output.content += {b'ab': 'ab'}[frame]")
        engine, _ = self.written(source, "Whole", "bad_parser.py", path="bytes")
        engine.build(1, "hi", 5, {"index": 0})
        [read] = engine.parse_events([(1, [base64.b64encode(b"ab|c|").decode()])], [])
        self.assertEqual((read["changes"], read["frames"], read["error"]["type"]), (["ab"], [2], "KeyError"))
        self.assertNotIn("by", read)

    def test_builds_what_scores_a_prompt(self):
        engine, _ = self.written(WHOLE, "Whole", "scores.py", path="text")
        built = engine.build(2, "hi", 1, {"index": 0}, ppl=True)
        self.assertEqual(built["body"], {"json": {"prompt": "hi", "prompt_logprobs": 0}})
        self.assertEqual(built["output"], {"input": "hi"})

    def test_refuses_a_next_request_without_a_url(self):
        source = WHOLE.replace('{"url": f"poll', '{"uri": f"poll')
        engine, _ = self.written(source, "Whole", "no_url.py", path="text")
        engine.build(1, "hi", 5, {"index": 0})
        with self.assertRaisesRegex(TypeError, "return a dict with the key 'url', or None"):
            engine.next_request(1, {}, {"index": 0})

    def test_what_it_says_is_json(self):
        engine, loaded = self.written(WHOLE, "Whole", "json.py", path="bytes")
        json.dumps([loaded, engine.build(1, "hi", 5, {"index": 1})], allow_nan=False)


if __name__ == "__main__":
    unittest.main()
