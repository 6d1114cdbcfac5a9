"""Two classes in the form of AISBench's guide: OpenAI's completions, and a model that repeats its prompt."""

import weakref

from ais_bench.benchmark.models import BaseAPIModel, BaseModel


class Completions(BaseAPIModel):
    def __init__(self, path="", **options):
        super().__init__(path=path, **options)
        self.url = self._get_url()

    def _get_url(self):
        return self.base_url + "v1/completions"

    async def get_request_body(self, input, max_out_len, output, **args):
        output.input = input
        body = {"prompt": input, "model": self._get_service_model_path(), "max_tokens": max_out_len}
        return {**body, "stream": self.stream, **self.generation_kwargs}

    async def parse_text_response(self, data, output):
        self.take(data, output)

    async def parse_stream_response(self, data, output):
        self.take(data, output)

    def take(self, data, output):
        for choice in data["choices"]:
            output.content += choice["text"]
            if choice["finish_reason"]:
                output.finish_reason = choice["finish_reason"]
        if data.get("usage"):
            output.input_tokens = data["usage"]["prompt_tokens"]
            output.output_tokens = data["usage"]["completion_tokens"]


class Repeater(BaseModel):
    def generate(self, input, max_out_len, **kwargs):
        return [" ".join(str(prompt).split()[:max_out_len]) for prompt in input]


class Counting(BaseAPIModel):
    """Says how many outputs there are."""

    def __init__(self, path="", **options):
        super().__init__(path=path, **options)
        self.alive = weakref.WeakSet()

    def _get_url(self):
        return self.base_url + "say"

    def get_request_body(self, input, max_out_len, output, **args):
        self.alive.add(output)
        output.extra_details_data["alive"] = len(self.alive)
        return {"n": args["index"]}

    async def parse_text_response(self, data, output):
        output.content += data["piece"]

    async def parse_stream_response(self, data, output):
        output.content += data["piece"]
