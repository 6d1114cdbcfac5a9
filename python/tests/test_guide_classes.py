"""The guide's own code: its two classes with lost indentation and missing imports restored, bodies filled in."""

import asyncio
import unittest
from typing import Dict, List, Optional, Union

from ais_bench.benchmark.models import BaseAPIModel, BaseModel
from ais_bench.benchmark.models.output import Output, RequestOutput
from ais_bench.benchmark.registry import MODELS
from ais_bench.benchmark.utils.prompt import PromptList

PromptType = Union[PromptList, str]


class MyCustomModel(BaseModel):
    def __init__(
        self,
        path: str,
        max_seq_len: int = 2048,
        tokenizer_only: bool = False,
        meta_template: Optional[Dict] = None,
        generation_kwargs: Optional[Dict] = dict(),
        sync_rank: bool = False,
        **kwargs,
    ):
        super().__init__(path, max_seq_len, tokenizer_only, meta_template, generation_kwargs, sync_rank)
        self.others = kwargs

    def generate(self, input: PromptType, max_out_len: int, **kwargs) -> List[str]:
        return [f"{self.path} {max_out_len} {prompt}" for prompt in input]


class MyCustomAPI(BaseAPIModel):
    is_api: bool = True

    def __init__(
        self,
        path: str = "",
        stream: bool = False,
        max_out_len: int = 4096,
        retry: int = 2,
        api_key: str = "",
        host_ip: str = "localhost",
        host_port: int = 8080,
        url: str = "",
        trust_remote_code: bool = False,
        generation_kwargs: Optional[Dict] = dict(),
    ):
        super().__init__(
            path=path,
            stream=stream,
            max_out_len=max_out_len,
            retry=retry,
            api_key=api_key,
            host_ip=host_ip,
            host_port=host_port,
            url=url,
            generation_kwargs=generation_kwargs,
        )
        self.url = self._get_url()

    def _get_url(self):
        return self.base_url + "generate"

    async def get_request_body(self, input: PromptType, max_out_len: int, output: RequestOutput, **args) -> dict:
        output.input = input
        return {"prompt": input, "limit": max_out_len, **self.generation_kwargs}

    async def parse_text_response(self, data: Dict, output: RequestOutput):
        output.content = data["text"]

    async def parse_stream_response(self, data: Dict, output: RequestOutput):
        output.content += data["word"]


class TheLocalModel(unittest.TestCase):
    def test_keeps_its_options_and_answers(self):
        model = MyCustomModel("weights", generation_kwargs={"stop_token_ids": None}, device="cpu")
        self.assertEqual(model.generate(["a"], 7), ["weights 7 a"])
        self.assertEqual((model.max_seq_len, model.generation_kwargs), (2048, {"stop_token_ids": None}))
        self.assertEqual(model.others, {"device": "cpu"})
        self.assertFalse(model.is_api)

    def test_without_generate_says_so(self):
        @MODELS.register_module()
        class Empty(BaseModel):
            pass

        with self.assertRaisesRegex(NotImplementedError, "Empty has no generate"):
            Empty("weights").generate(["a"], 1)

    def test_shares_no_default_with_another(self):
        first = BaseModel("a")
        first.generation_kwargs["temperature"] = 1
        self.assertEqual(BaseModel("b").generation_kwargs, {})


class TheServiceModel(unittest.TestCase):
    def test_builds_a_body_and_reads_both_replies(self):
        model = MyCustomAPI(host_port=9, generation_kwargs={"temperature": 0.01})
        output = RequestOutput()
        self.assertIsInstance(output, Output)
        body = asyncio.run(model.get_request_body("2 + 2?", 5, output))
        self.assertEqual(body, {"prompt": "2 + 2?", "limit": 5, "temperature": 0.01})
        self.assertEqual((model.url, output.input), ("http://localhost:9/generate", "2 + 2?"))
        asyncio.run(model.parse_text_response({"text": "4"}, output))
        asyncio.run(model.parse_stream_response({"word": "!"}, output))
        self.assertEqual(output.get_prediction(), "4!")

    def test_knows_its_base_url(self):
        for given, expected in [
            ({"url": "example.com/v2", "enable_ssl": True}, "https://example.com/v2/"),
            ({"url": "http://example.com/a?b=1"}, "http://example.com/a/?b=1"),
            ({"host_ip": "::1", "host_port": 80}, "http://[::1]:80/"),
        ]:
            self.assertEqual(BaseAPIModel(**given).base_url, expected)

    def test_knows_the_service_s_model_where_it_is_named(self):
        self.assertEqual(BaseAPIModel(model="m")._get_service_model_path(), "m")
        with self.assertRaisesRegex(ValueError, "has no name"):
            BaseAPIModel()._get_service_model_path()


if __name__ == "__main__":
    unittest.main()
