"""Every class of the guide's tables, used and inherited from."""

import asyncio
import importlib
import inspect
import sys
import tempfile
import unittest
from pathlib import Path

from ais_bench.benchmark import models, registry
from ais_bench.benchmark.models import api_models, local_models
from ais_bench.benchmark.models.output import FunctionCallOutput, PPLRequestOutput, RequestOutput
from ais_bench.benchmark.utils.config.build import build_model_from_cfg
from ais_bench.benchmark.utils.logging import AISLogger
from ais_bench.benchmark.utils.logging.error_codes import MODEL_CODES
from ais_bench.benchmark.utils.logging.exceptions import AISBenchValueError
from ais_bench.benchmark.utils.prompt import PromptList, to_messages, to_text
from ais_bench_worker.user_api import UserAPI
from ais_bench_worker.user_class import UserClass

#: A class file of a service that there is not, which takes from AISBench's modules all that its users' files take.
THEIR_FILE = '''
import aiohttp

from ais_bench.benchmark.models import APITemplateParser, BaseAPIModel, LMTemplateParser
from ais_bench.benchmark.models.api_models import base_api
from ais_bench.benchmark.models.output import Output, PPLRequestOutput, RequestOutput
from ais_bench.benchmark.openicl.icl_inferencer.output_handler import ppl_inferencer_output_handler as scored
from ais_bench.benchmark.registry import MODELS
from ais_bench.benchmark.utils.logging.error_codes import MODEL_CODES
from ais_bench.benchmark.utils.logging.exceptions import AISBenchValueError
from ais_bench.benchmark.utils.logging.logger import AISLogger
from ais_bench.benchmark.utils.prompt import PromptList

PATIENCE = aiohttp.ClientTimeout(total=60)
VOICES = {
    "reserved_roles": [{"role": "SYSTEM", "api_role": "director"}],
    "round": [{"role": "HUMAN", "api_role": "guest"}, {"role": "BOT", "api_role": "parrot", "generate": True}],
}
assert issubclass(base_api.BaseAPIModel, BaseAPIModel) and issubclass(RequestOutput, Output)


@MODELS.register_module()
class Parrot(BaseAPIModel):
    def __init__(self, path="", model="", stream=False, max_out_len=4096, retry=2, api_key="", host_ip="localhost", host_port=8080,
                 url="", trust_remote_code=False, generation_kwargs=None, meta_template=None, enable_ssl=False, verbose=False):
        super().__init__(path, stream, max_out_len, retry, host_ip, host_port, url, meta_template, generation_kwargs, enable_ssl, verbose)
        self.headers.update({"X-Perch": api_key or "none"})
        self.template_parser = (APITemplateParser if meta_template is None else LMTemplateParser)(meta_template or VOICES)
        self.bird = model or self._get_service_model_path()
        self.url = self._get_url()
        for logger in (self.logger, AISLogger()):
            logger.info("%s sits on %s", self.bird, self.url)
        AISLogger().warning(MODEL_CODES.UNKNOWN_ERROR, "it bites")

    def _get_url(self):
        return f"{self.base_url}repeat"

    async def get_request_body(self, input, max_out_len, output, **args):
        if max_out_len < 1:
            return ""
        parsed = self.parse_template(input, "gen")
        assert isinstance(parsed, PromptList)
        output.input = [f"{line['role']}: {line['prompt']}" for line in parsed]
        return dict(self.generation_kwargs, bird=self.bird, lines=output.input)

    async def parse_stream_response(self, data, output):
        output.content += data.get("squawk", "")
        output.output_tokens = data.get("squawks", 0)

    async def parse_text_response(self, data, output):
        output.update_extra_details_data_from_text_response(data)
        output.content += " ".join(data["squawks"])
        self.logger.debug(output.get_prediction())

    async def get_ppl_request_body(self, input, max_out_len, output, **args):
        if type(output) is scored.PPLRequestOutput is PPLRequestOutput:
            return {"overheard": await self.get_request_body(input, max_out_len, output)}
        raise AISBenchValueError(MODEL_CODES.UNKNOWN_ERROR, f"{output} is of another kind")

    def get_prompt_logprobs(self, data):
        return data["odds"]
'''


class TheModels(unittest.TestCase):
    def test_have_the_names_of_aisbench_s_modules(self):
        for module, names in {
            "api_models.base_api": "BaseAPIModel APITemplateParser",
            "api_models.mindie_stream_api": "MindieStreamApi",
            "api_models.tgi_api": "TGICustomAPI TGICustomAPIStream",
            "api_models.triton_api": "TritonCustomAPI TritonCustomAPIStream",
            "api_models.vllm_custom_api": "VLLMCustomAPI VLLMCustomAPIStream",
            "api_models.vllm_custom_api_chat": "VLLMCustomAPIChat VLLMCustomAPIChatStream VllmMultiturnAPIChatStream",
            "local_models.base": "BaseModel LMTemplateParser",
            "local_models.huggingface": "HuggingFace HuggingFaceCausalLM",
            "local_models.huggingface_above_v4_33": "HuggingFaceBaseModel HuggingFacewithChatTemplate",
            "local_models.huggingface_vl": "HuggingFaceQwen2VLwithChatTemplate",
            "local_models.vllm_offline_vl": "VLLMOfflineVLModel",
        }.items():
            found = importlib.import_module(f"ais_bench.benchmark.models.{module}")
            for name in names.split():
                self.assertIs(getattr(found, name), getattr(models, name))
                if name not in ("APITemplateParser", "LMTemplateParser", "BaseAPIModel", "BaseModel"):
                    self.assertIs(registry.MODELS.get(name), getattr(models, name))

    def test_behind_a_service_can_be_inherited_from(self):
        for name in api_models.__all__:
            base = getattr(api_models, name)
            if not inspect.isclass(base) or not issubclass(base, models.BaseAPIModel) or base is models.BaseAPIModel:
                continue
            with self.subTest(name=name):

                class Mine(base):
                    async def get_request_body(self, input, max_out_len, output, **args):
                        body = await super().get_request_body(input, max_out_len, output, **args)
                        return {**body, "mine": True}

                model = Mine(model="m", host_port=9, generation_kwargs={"temperature": 0.5})
                self.assertTrue(model._get_url().startswith("http://localhost:9/"))
                self.assertEqual(model.url, model._get_url())
                body = asyncio.run(model.get_request_body("hi", 7, RequestOutput(), index=0, conversation_id="c", turn=0))
                self.assertTrue(body["mine"])
                self.assertIn("0.5", str(body))

    def test_that_are_loaded_name_engines_that_there_are(self):
        for name in local_models.__all__:
            engine = getattr(getattr(local_models, name), "engine_name", None)
            if engine:
                module, _, cls = engine.partition(":")
                self.assertTrue(callable(getattr(importlib.import_module(module), cls)))
        for heavy in ("torch", "transformers", "vllm", "aiohttp"):
            self.assertNotIn(heavy, sys.modules)

    def test_read_what_servers_say(self):
        usage = {"prompt_tokens": 3, "completion_tokens": 2}
        call = {"index": 0, "id": "c", "function": {"name": "f", "arguments": '{"a"'}}
        rest = {"index": 0, "function": {"arguments": ": 1}"}}
        cases = [
            ("VLLMCustomAPIChat", [{"choices": [{"delta": {"role": "assistant", "content": ""}}]}], ""),
            ("VLLMCustomAPIChat", [{"choices": [{"delta": {"content": "a"}}]}, {"choices": [], "usage": usage}], "a"),
            ("VLLMCustomAPIChat", [{"choices": [{"delta": {"tool_calls": [one]}}]} for one in (call, rest)], ""),
            ("VLLMCustomAPI", [{"choices": [{"text": "a"}]}, {"choices": [{"text": "b", "finish_reason": "stop"}]}], "ab"),
            ("TGICustomAPI", [{"token": {"text": "a"}}, {"token": {"text": "b"}, "generated_text": "ab"}], "ab"),
            ("TritonCustomAPI", [{"text_output": "a"}, {"text_output": ["b"]}], "ab"),
            ("MindieStreamApi", [{"generated_text": "a"}, {"generated_text": "ab"}], "ab"),
            ("VITAGenerateAPI", [{"text": ["a"]}, {"text": ["b"]}], "ab"),
        ]
        for name, events, content in cases:
            with self.subTest(name=name, events=events):
                model, output = getattr(models, name)(model="m", stream=True), RequestOutput()
                output.input = "hi"
                for event in events:
                    asyncio.run(model.parse_stream_response(event, output))
                self.assertEqual(output.content, content)
                if "usage" in events[-1]:
                    self.assertEqual((output.input_tokens, output.output_tokens), (3, 2))
                if content == "" and "tool_calls" in str(events):
                    self.assertEqual(output.tool_calls, [{"id": "c", "name": "f", "arguments": '{"a": 1}'}])

    def test_of_old_names_stream_as_they_did(self):
        self.assertTrue(models.VLLMCustomAPIChatStream(model="m").stream)
        self.assertTrue(models.VllmMultiturnAPIChatStream(model="m", custom_client={}).stream)
        self.assertFalse(models.VLLMFunctionCallAPIChat(model="m", stream=True).stream)
        self.assertTrue(models.MindieStreamApi().stream)

    def test_are_made_out_of_configs(self):
        model = build_model_from_cfg({"type": "VLLMCustomAPIChat", "attr": "service", "abbr": "a", "model": "m", "batch_size": 2})
        self.assertIsInstance(model, models.VLLMCustomAPIChat)
        by_path = registry.MODELS.build({"type": "ais_bench.benchmark.models.TGICustomAPI"})
        self.assertIsInstance(by_path, models.TGICustomAPI)
        with self.assertRaisesRegex(KeyError, "Nothing is not registered in models; there are"):
            registry.MODELS.build({"type": "Nothing"})


class AClassFileOfAISBenchsUsers(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name).resolve()
        modules, path, meta_path = dict(sys.modules), list(sys.path), list(sys.meta_path)

        def restore():
            sys.modules.clear()
            sys.modules.update(modules)
            sys.path[:] = path
            sys.meta_path[:] = meta_path

        self.addCleanup(restore)

    def load(self, engine_class, source, name, **arguments):
        (self.folder / "theirs.py").write_text(source)
        file = str(self.folder / "theirs.py")
        engine = engine_class({"file": file, "class": name, "folder": str(self.folder), "model": "m", "arguments": arguments})
        engine.load()
        self.addCleanup(engine.close)
        return engine

    def test_runs_as_it_is(self):
        engine = self.load(UserAPI, THEIR_FILE, "Parrot", stream=True, generation_kwargs={"temperature": 0.01})
        self.assertIs(registry.MODELS.get("Parrot"), type(engine.model))
        self.assertEqual(engine.model.headers, {"Content-Type": "application/json", "X-Perch": "none"})
        given = [{"role": "system", "content": "brief"}, {"role": "user", "content": "hi"}]
        built = engine.build(1, given, 5, {"index": 3})
        lines = ["director: brief", "guest: hi"]
        self.assertEqual(built["body"]["json"], {"lines": lines, "bird": "m", "temperature": 0.01})
        events = [{"squawk": "a"}, {"squawks": 2}]
        self.assertEqual(engine.parse_events([(1, events)], []), [{"changes": ["a", {"output_tokens": 2}]}])
        self.assertEqual(engine.parse_text(1, {"squawks": ["b", "c"]}), {"+content": "b c", "input": lines})
        self.assertEqual(engine.build(2, given, 5, {}, ppl=True)["body"]["json"]["overheard"], built["body"]["json"])
        self.assertEqual(engine.prompt_logprobs({"odds": [None, {"9": {"logprob": -2.0}}]}), [None, -2.0])
        self.assertEqual(engine.build(3, given, 0, {})["body"], {"text": ""})

    def test_that_sends_by_itself_says_what_it_misses(self):
        source = THEIR_FILE + "\n    async def close(self):\n        async with aiohttp.ClientSession(): pass\n"
        engine = self.load(UserAPI, source, "Parrot")
        with self.assertRaisesRegex(Exception, "aiohttp cannot be imported: ClientSession is used"):
            engine._settled(engine.model.close())
        engine.model.close = None


class AClassOverAnEngine(unittest.TestCase):
    """With an engine that needs no weights, in the place of transformers'."""

    SOURCE = """
from ais_bench.benchmark.models import HuggingFacewithChatTemplate
from ais_bench_worker.engine import Engine, GenerateResult

class Echo(Engine):
    def load_tokenizer(self, transformers, options): return "tokenizer"
    def load_model(self, torch, transformers, options): return options["path"]
    def load(self):
        self.tokenizer = self.load_tokenizer(None, self.options)
        self.model = self.load_model(None, None, self.options)
    def generate(self, inputs, max_out_len):
        return GenerateResult([f"{self.model} {one}" for one in inputs], [1] * len(inputs), [2] * len(inputs), ["stop"] * len(inputs))

class Hooked(HuggingFacewithChatTemplate):
    engine_name = f"{__name__}:Echo"
    def _load_model(self, torch, transformers, options):
        return "mine " + super()._load_model(torch, transformers, options)
    def _to_input(self, prompt): return "in: " + str(prompt)

class Generates(HuggingFacewithChatTemplate):
    engine_name = f"{__name__}:Echo"
    def generate(self, input, max_out_len, **kwargs):
        return [text.upper() for text in super().generate(input, max_out_len)]
    def get_token_len(self, prompt): return len(prompt)
"""

    setUp = AClassFileOfAISBenchsUsers.setUp
    load = AClassFileOfAISBenchsUsers.load

    def test_may_override_a_hook(self):
        result = self.load(UserClass, self.SOURCE, "Hooked", path="w", max_out_len=3).generate(["a"], 3)
        self.assertEqual((result.texts, result.output_tokens, result.finish_reasons), (["mine w in: a"], [2], ["stop"]))

    def test_may_override_generate(self):
        engine = self.load(UserClass, self.SOURCE, "Generates", path="w")
        result = engine.generate([[{"role": "user", "content": "a"}]], 3)
        self.assertEqual(result.texts, ["W [{'ROLE': 'USER', 'CONTENT': 'A'}]"])
        self.assertEqual((result.input_tokens, result.output_tokens), ([1], [len(result.texts[0])]))
        with self.assertRaisesRegex(TypeError, "input is a list of prompts"):
            engine.model.generate("a", 3)


class ThePrompts(unittest.TestCase):
    PROMPT = PromptList(
        [
            {"section": "begin", "pos": "begin"},
            {"role": "SYSTEM", "fallback_role": "HUMAN", "prompt": "Be brief."},
            {"section": "begin", "pos": "end"},
            {"section": "round", "pos": "begin"},
            {"role": "HUMAN", "prompt": "1+1?"},
            {"role": "BOT", "prompt": "2"},
            {"role": "HUMAN", "prompt": "2+2?"},
            {"role": "BOT", "prompt": ""},
            {"section": "round", "pos": "end"},
        ]
    )

    ROUND = [{"role": "HUMAN", "begin": "<H>", "end": "\n"}, {"role": "BOT", "begin": "<B>", "end": "\n", "generate": True}]

    def test_become_a_text(self):
        parser = models.LMTemplateParser({"begin": "[", "round": self.ROUND, "end": "]"})
        self.assertEqual(parser.parse_template(self.PROMPT, "gen"), "[<H>Be brief.\n<H>1+1?\n<B>2\n<H>2+2?\n<B>")
        self.assertEqual(parser.parse_template(self.PROMPT, "ppl"), "[<H>Be brief.\n<H>1+1?\n<B>2\n<H>2+2?\n<B>\n]")
        self.assertEqual(models.LMTemplateParser().parse_template(self.PROMPT), "Be brief.\n1+1?\n2\n2+2?")
        self.assertEqual(parser.parse_template(["a", "b"]), ["a", "b"])

    def test_become_messages(self):
        parser = models.APITemplateParser({"round": [{"role": "HUMAN", "api_role": "user"}, {"role": "BOT", "generate": True}]})
        self.assertEqual(
            parser.parse_template(self.PROMPT, "gen"),
            [
                {"role": "user", "prompt": "Be brief.\n1+1?"},
                {"role": "BOT", "prompt": "2"},
                {"role": "user", "prompt": "2+2?"},
            ],
        )
        with self.assertRaisesRegex(KeyError, "neither in meta_template's round nor"):
            parser.parse_template(PromptList([{"role": "CRITIC", "prompt": "?"}]))

    def test_become_what_services_take(self):
        prompt = PromptList([{"role": "HUMAN", "prompt": "a", "name": "n"}, {"role": "BOT", "prompt": "b"}])
        self.assertEqual(to_messages(prompt)[0], {"role": "user", "content": "a", "name": "n"})
        self.assertEqual((to_text(prompt), to_messages("a")), ("a\nb", [{"role": "user", "content": "a"}]))
        with self.assertRaisesRegex(ValueError, "part 'image_url' cannot be sent as one text"):
            to_text(PromptList([{"role": "HUMAN", "prompt": [{"type": "image_url", "image_url": {"url": "u"}}]}]))

    def test_are_counted(self):
        model = models.VLLMCustomAPIChat(model="m")
        self.assertEqual(model.get_token_len("Two words, 三个字!"), 7)
        self.assertEqual(model.get_token_len_from_template(["a b", "c"]), [2, 1])


class TheOutputs(unittest.TestCase):
    def test_say_the_whole_prediction(self):
        output = RequestOutput(perf_mode=True)
        output.reasoning_content, output.content = "hm", "4"
        self.assertEqual(output.get_prediction(), "hm</think>4")
        output.record_time_point()
        output.success = True
        metrics = output.get_metrics()
        self.assertEqual((metrics["prediction"], metrics["success"], "content" in metrics), ("hm</think>4", False, False))
        output.clear_time_points()
        self.assertEqual(output.time_points, [])

    def test_keep_a_call_s_message(self):
        output = FunctionCallOutput()
        output.update_extra_details_data_from_text_response({"choices": [{"message": {"role": "assistant"}}]})
        self.assertEqual(output.extra_details_data, {"message": {"role": "assistant"}})
        self.assertIsNone(PPLRequestOutput().ppl)


class TheErrors(unittest.TestCase):
    def test_have_codes(self):
        with self.assertRaisesRegex(ValueError, r"\[MODEL.PARSE_FAILED\] no"):
            raise AISBenchValueError(MODEL_CODES.PARSE_FAILED, "no")
        with self.assertLogs("ais_bench", "WARNING") as logged:
            AISLogger().warning(MODEL_CODES.UNKNOWN_ERROR, "made of %s", "wood")
        self.assertIn("[MODEL.UNKNOWN_ERROR] made of wood", logged.output[0])


if __name__ == "__main__":
    unittest.main()
