/** What `ais_bench new --language python` writes: the guide's examples, working as they are. */
import type { Framing } from '../contract/base-api-model.ts';

/** A model for a service: it speaks `v1/completions`. */
const API_MODEL_CLASS = `"""A model behind a service of your own.

As written it speaks v1/completions as vLLM, llama.cpp's server and \`ais_bench serve\` do; make each method say what your service says.
Sending, retrying, timing and recording are done for you.
"""

from typing import Dict, Optional, Union

from ais_bench.benchmark.models import BaseAPIModel
from ais_bench.benchmark.models.output import RequestOutput
from ais_bench.benchmark.utils.prompt import PromptList

PromptType = Union[PromptList, str]


class {{className}}(BaseAPIModel):
    is_api: bool = True

    def __init__(
        self,
        path: str = "",  # folder of the tokenizer
        stream: bool = False,  # whether replies are streamed
        max_out_len: int = 4096,  # largest number of tokens to generate
        retry: int = 2,  # how often a failed request is sent again
        api_key: str = "",  # sent as Authorization: Bearer <api_key>
        host_ip: str = "localhost",  # host of the service
        host_port: int = 8080,  # port of the service
        url: str = "",  # base URL of the service, instead of host_ip and host_port
        trust_remote_code: bool = False,  # kept for AISBench's configs; no remote code is ever run
        generation_kwargs: Optional[Dict] = None,  # sent as they are with every request
        # An argument that you add here is a key of the config: {{config}}
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

    def _get_url(self) -> str:
        """Required. Absolute URL that requests are posted to; \`self.base_url\` comes from url, or from host_ip and host_port."""
        return f"{self.base_url}v1/completions"

    async def get_request_body(self, input: PromptType, max_out_len: int, output: RequestOutput, **args) -> dict:
        """Required. The JSON body of one request; the same arguments must give an equal body.

        \`input\` is a text, or a list of {"role": "HUMAN" | "BOT" | "SYSTEM", "prompt": text}. What you keep in \`output.extra_details_data\` is
        stored beside the answer. \`args\` says which row of the dataset this is: index, repetition, conversation_id, turn.
        """
        output.extra_details_data["row"] = args["index"]
        return {
            "model": self._get_service_model_path(),  # the config's model; empty: the name that v1/models gives
            "prompt": input if isinstance(input, str) else "\\n".join(item["prompt"] for item in input),
            "stream": self.stream,
            **({"stream_options": {"include_usage": True}} if self.stream else {}),
            **self.generation_kwargs,
            "max_tokens": max_out_len,
        }

    async def parse_text_response(self, data: Dict, output: RequestOutput) -> None:
        """For stream=False. \`data\` is the JSON of the whole reply. Without this method the model only streams."""
        self._read(data, output)

    async def parse_stream_response(self, data: Dict, output: RequestOutput) -> None:
        """For stream=True and for --mode perf. \`data\` is the JSON of one event.

        Add what the event brought to \`output.content\`, or set it to the whole text so far: both work. The event that first brings text is the
        first token.
        """
        self._read(data, output)

    def _read(self, data: Dict, output: RequestOutput) -> None:
        for choice in data["choices"]:
            output.content += choice["text"]
            output.finish_reason = choice["finish_reason"] or output.finish_reason  # "length": cut at max_out_len
        if data.get("usage"):
            output.input_tokens = data["usage"]["prompt_tokens"]
            output.output_tokens = data["usage"]["completion_tokens"]
`;

export const PYTHON_API_MODEL_CONFIG = `from {{classImport}} import {{className}}

models = [
    dict(
        attr="service",  # (required) a model behind a service
        type={{className}},  # (required) the class
        abbr="{{snake}}",  # (required) unique name of the model; names the result files
        path="",  # (optional) folder of the tokenizer: counts tokens where the service does not
        model="",  # (optional) the model's name at the service; empty: self._get_service_model_path() has it from v1/models
        stream=False,  # (optional) whether replies are streamed; True gives TTFT and TPOT
        request_rate=0,  # (optional) requests per second; 0 sends as fast as batch_size lets
        retry=2,  # (optional) how often a failed request is sent again
        api_key="",  # (optional) sent as Authorization: Bearer <api_key>; never written anywhere
        host_ip="localhost",  # (optional) host of the service
        host_port=8080,  # (optional) port of the service
        url="",  # (optional) base URL of the service, instead of host_ip and host_port
        max_out_len=512,  # (optional) largest number of tokens to generate
        batch_size=1,  # (optional) largest number of requests in flight
        trust_remote_code=False,  # (optional) kept for AISBench's configs; no remote code is ever run
        # (optional) sent as they are with every request; what there is, your service's documentation says
        generation_kwargs=dict(temperature=0.01, ignore_eos=False),
    )
]
`;

const SPLITTER = `
    def make_splitter(self):
        """Cuts one reply into frames; each reply has its own."""
        return Frames()


class Frames:
    """Cuts a body into frames, here a length of four bytes and as many bytes of JSON."""

    def __init__(self):
        self.rest = b""

    def push(self, data: bytes) -> List[Dict]:
        """The frames that these bytes complete, however they are cut."""
        self.rest += data
        frames = []
        while len(self.rest) >= 4 and len(self.rest) >= 4 + int.from_bytes(self.rest[:4], "big"):
            end = 4 + int.from_bytes(self.rest[:4], "big")
            frames.append(json.loads(self.rest[4:end]))
            self.rest = self.rest[end:]
        return frames

    def end(self) -> List[Dict]:
        """Raises where the body ended inside a frame."""
        if self.rest:
            raise ValueError(f"{len(self.rest)} bytes of a frame")
        return []
`;

/** What an event is, what `data` is of it, and how it is read, by framing. */
const PARTS: Readonly<
  Record<Exclude<Framing, 'sse'>, readonly [events: string, data: string, read: string]>
> = {
  ndjson: ['a line of JSON each', 'the JSON of one line', ''],
  'json-array': ['an element each of the one JSON array that the body is', 'one element of the array', ''],
  'sse-events': [
    'server-sent events as they come, blank ones and [DONE] included',
    '{"data", "type"} of one event. Errors are yours to see',
    `        if data["type"] == "error":
            output.error_info = data["data"]
        if data["type"] == "error" or data["data"] in ("", "[DONE]"):
            return
        data = json.loads(data["data"])
`,
  ],
  bytes: [
    'by make_splitter',
    'one frame of make_splitter. Errors are yours to see',
    `        if data.get("error"):
            output.error_info = data["error"]
            return
`,
  ],
};

/** Returns the template of a class for a service whose streams are cut so. */
export function pythonClassTemplate(framing: Framing): string {
  if (framing === 'sse') return API_MODEL_CLASS;
  const [events, data, read] = PARTS[framing];
  const method = `    def get_framing(self) -> str:
        """How the body of a stream is cut into events: ${events}."""
        return "${framing}"

`;
  const parser = '    async def parse_stream_response';
  const [head = '', tail = ''] = API_MODEL_CLASS.split(parser);
  const body = tail
    .replace('the JSON of one event', data)
    .replace('        self._read(', `${read}        self._read(`);
  const imports = read === '' ? '' : 'import json\n';
  const types = framing === 'bytes' ? 'Dict, List, Optional' : 'Dict, Optional';
  const speaks = "speaks v1/completions as vLLM, llama.cpp's server and `ais_bench serve` do; make";
  return `${head.replace(speaks, 'speaks v1/completions, its streams cut as get_framing says; make')}${method}${parser}${body}`
    .replace('from typing import Dict, Optional', `${imports}from typing import ${types}`)
    .concat(framing === 'bytes' ? SPLITTER : '');
}

/** A local model: it needs no weights. */
export const PYTHON_LOCAL_MODEL_CLASS = `"""A model that is loaded in a process of its own.

As written it says the prompt's last words again, a word a token, and needs no weights; put your own inference in.
"""

from typing import Dict, List, Optional, Union

from ais_bench.benchmark.models import BaseModel
from ais_bench.benchmark.utils.prompt import PromptList

PromptType = Union[PromptList, str]


class {{className}}(BaseModel):
    def __init__(
        self,
        path: str,  # where weights and tokenizer lie
        max_seq_len: int = 2048,  # longest sequence, prompt and answer together
        tokenizer_only: bool = False,  # whether only the tokenizer is loaded
        meta_template: Optional[Dict] = None,  # meta template
        generation_kwargs: Optional[Dict] = None,  # what there is, the model's documentation says
        sync_rank: bool = False,  # kept for AISBench's configs: a model runs in one process
        **kwargs,  # every further key of the config: {{config}}
    ):
        """Loads tokenizer and weights; called once."""
        super().__init__(path, max_seq_len, tokenizer_only, meta_template, generation_kwargs, sync_rank)

    def generate(self, input: List[PromptType], max_out_len: int, **kwargs) -> List[str]:
        """Required. Answers a batch of at most batch_size prompts with as many texts, in the same order.

        A prompt is a text, or a list of {"role": "HUMAN" | "BOT" | "SYSTEM", "prompt": text}. What it raises fails the prompts of this batch and
        no others.
        """
        return [" ".join(self._words(prompt)[-max_out_len:]) for prompt in input]

    def get_token_len(self, prompt: str) -> int:
        """Optional. Tokens of a text by the model's own tokenizer; without it a run counts none."""
        return len(prompt.split())

    def _words(self, prompt: PromptType) -> List[str]:
        text = prompt if isinstance(prompt, str) else " ".join(item["prompt"] for item in prompt)
        return text.split()
`;

export const PYTHON_LOCAL_MODEL_CONFIG = `from {{classImport}} import {{className}}

models = [
    dict(
        attr="local",  # (required) a model that is loaded here
        type={{className}},  # (required) the class
        abbr="{{snake}}",  # (required) unique name of the model; names the result files
        path="THUDM/chatglm-6b",  # (required) where weights and tokenizer lie
        max_out_len=100,  # (required) largest number of tokens to generate
        batch_size=1,  # (required) prompts that are answered together
        max_seq_len=2048,  # (required) longest sequence, prompt and answer together
        # (optional) what there is, the model's documentation says
        generation_kwargs=dict(temperature=0.0, stop_token_ids=None),
        # Any further key is your class's: my_key arrives as an argument of __init__.
    )
]
`;
