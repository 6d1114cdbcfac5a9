"""vLLM in this process, with text, images and videos: AISBench's `VLLMOfflineVLModel`, of which a whole batch is one call.

vLLM answers in processes of its own, in the worker's process group: they end with it.
"""

from __future__ import annotations

import base64
import io
import os
import sys
import traceback
from typing import Any

from ..engine import Engine, GenerateResult, PplResult, cancelled, tell_tokens
from .dialogue import Dialogue
from .huggingface import plain_text
from .media import Video, limits_of
from .packages import require
from .process_memory import group_peak_bytes
from .sources import check_source, out_of_reach
from .vllm_steps import Steps, takes

#: Options that this engine acts on, and AISBench's that have nothing to decide here.
KNOWN = {
    "path", "max_out_len", "batch_size", "max_seq_len", "tokenizer_only", "meta_template", "generation_kwargs", "sample_kwargs",
    "tokenizer_path", "model_kwargs", "vision_kwargs", "stop_words", "stop_token_ids", "sync_rank",
}  # fmt: skip

#: transformers' names of types of numbers → vLLM's.
DTYPES = {"float": "float32", "half": "float16", "None": "auto"}


#: How long vLLM's processes may take to end by themselves.
CLOSE_S = 1.0


class OfflineModel(Engine):
    """Answers dialogues, put into words by the model's chat template; a text is one message of the user's."""

    def load(self) -> dict[str, Any]:
        options = self.options
        unknown = sorted(set(options) - KNOWN)
        if unknown:
            raise ValueError(f"unknown option {unknown[0]!r}; there are: {', '.join(sorted(KNOWN))}")
        if options.get("tokenizer_only"):
            raise ValueError("tokenizer_only has no meaning for VLLMOfflineVLModel: vLLM loads the weights")
        self._limits = limits_of(options.get("vision_kwargs"))
        # Nothing is sent anywhere unless the user says so.
        os.environ.setdefault("VLLM_NO_USAGE_STATS", "1")
        self._kwargs = engine_kwargs(options)
        reason = stay_offline(self._kwargs, options)
        vllm = require("vllm", "vllm")
        self._sampling_params = vllm.SamplingParams
        try:
            self._llm = vllm.LLM(**self._kwargs)
        except Exception as error:
            if reason and "LocalEntryNotFoundError" in traceback.format_exc():
                raise out_of_reach(options["path"], "path", reason) from error
            raise
        self._steps = Steps(self._llm.llm_engine, cancelled)
        return {"vllm": vllm.__version__}

    def generate(self, inputs: list[Any], max_out_len: int) -> GenerateResult:
        messages = [self._messages(given) for given in inputs]
        params = [self._sampling_params(**sampling(self.options, max_out_len)) for _ in inputs]
        if not inputs:
            return GenerateResult(texts=[])
        with self._steps.told_to(tell_tokens, len(inputs)):
            outputs = self._asked(self._llm.chat, messages, params)
        answers = [output.outputs[0] for output in outputs]
        return GenerateResult(
            texts=[answer.text for answer in answers],
            input_tokens=[len(output.prompt_token_ids) for output in outputs],
            output_tokens=[len(answer.token_ids) for answer in answers],
            finish_reasons=[answer.finish_reason for answer in answers],
        )

    def get_ppl(self, inputs: list[Any]) -> PplResult:
        """The loss of each text as it stands, without a chat template."""
        tokenizer = self._llm.get_tokenizer()
        # vLLM wants room for one token more.
        room = int(self._kwargs["max_model_len"]) - 1
        rows = [tokenizer.encode(plain_text(given))[-room:] for given in inputs]
        if any(len(row) < 2 for row in rows):
            raise ValueError("a text of one token has no loss: the first token is not expected of anything")
        params = self._sampling_params(temperature=0, max_tokens=1, prompt_logprobs=0)
        outputs = self._asked(self._llm.generate, [{"prompt_token_ids": row} for row in rows], params) if rows else []
        sums = [likelihood(output.prompt_logprobs, row) for output, row in zip(outputs, rows)]
        tokens = [len(row) - 1 for row in rows]
        return PplResult(losses=[-total / count for total, count in zip(sums, tokens)], tokens=tokens)

    def peak_memory(self) -> dict[str, int]:
        return {**group_peak_bytes(), **device_bytes_in_use(sys.modules.get("torch"))}

    def close(self) -> None:
        """Lets vLLM's processes give back their shared memory, in the time that a worker has for it."""
        core = getattr(self._llm.llm_engine, "engine_core", None) if hasattr(self, "_llm") else None
        if core is not None:
            core.shutdown(**({"timeout": CLOSE_S} if takes(core.shutdown, "timeout") else {}))

    def _messages(self, given: Any) -> list[dict[str, Any]]:
        dialogue = Dialogue(given, self._limits)
        media = {"image": iter(dialogue.images), "video": iter(dialogue.videos)}
        return [
            {**message, "content": [to_part(part, media) for part in message["content"]]} for message in dialogue.messages
        ]

    def _asked(self, ask: Any, prompts: list[Any], params: Any) -> list[Any]:
        """Ends this process where vLLM's own has died: another worker may load the model again."""
        try:
            return ask(prompts, params, use_tqdm=False)
        except Exception as error:
            if type(error).__name__ == "EngineDeadError":
                print(f"vLLM's engine died: {error}", file=sys.stderr, flush=True)
                os._exit(1)
            raise


def device_bytes_in_use(torch: Any) -> dict[str, int]:
    """What is taken of CUDA's devices now, by whomever: vLLM takes what it needs when it starts, in a process that torch cannot ask."""
    if torch is None or not torch.cuda.is_available():
        return {}
    pairs = [torch.cuda.mem_get_info(index) for index in range(torch.cuda.device_count())]
    return {"device_bytes": sum(total - free for free, total in pairs)}


def stay_offline(kwargs: dict[str, Any], options: dict[str, Any]) -> str:
    """Keeps vLLM and its processes off the network where all is in folders, or the hub is out of reach; says why it is.

    Raises FileNotFoundError where a path names no folder. vLLM's other hub is its own matter.
    """
    if os.environ.get("VLLM_USE_MODELSCOPE", "").lower() in ("1", "true"):
        return ""
    sources = {"path": kwargs["model"], "tokenizer_path": options.get("tokenizer_path") or kwargs["model"]}
    reason = next(filter(None, (check_source(source, option) for option, source in sources.items())), "")
    if reason or (not kwargs["trust_remote_code"] and all(os.path.isdir(source) for source in sources.values())):
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    return reason


def engine_kwargs(options: dict[str, Any]) -> dict[str, Any]:
    """What `vllm.LLM` is made with."""
    given = dict(options.get("model_kwargs") or {})
    # transformers' words, which AISBench's other configs have.
    given.pop("device_map", None)
    dtype = str(given.pop("dtype", given.pop("torch_dtype", "auto"))).removeprefix("torch.")
    named = {"tokenizer": options["tokenizer_path"]} if options.get("tokenizer_path") else {}
    common = {"model": options["path"], "max_model_len": int(options["max_seq_len"]), "trust_remote_code": False}
    return {**common, **named, "dtype": DTYPES.get(dtype, dtype), **given}


def sampling(options: dict[str, Any], max_out_len: int) -> dict[str, Any]:
    """Greedy unless a temperature is given; `do_sample: false` overrules one."""
    given = {**(options.get("generation_kwargs") or {}), **(options.get("sample_kwargs") or {})}
    given = {key: value for key, value in given.items() if value is not None}
    if given.get("n", 1) != 1:
        raise ValueError("n is more than 1: a prompt gets one answer")
    do_sample = given.pop("do_sample", None)
    if do_sample is False or (not do_sample and "temperature" not in given):
        given["temperature"] = 0
    words = options.get("stop_words") or []
    stop = [*([words] if isinstance(words, str) else words), *as_list(given.pop("stop", []))]
    ids = [*(options.get("stop_token_ids") or []), *given.pop("stop_token_ids", [])]
    return {**given, "max_tokens": max_out_len, "stop": stop, "stop_token_ids": ids}


def as_list(given: Any) -> list[Any]:
    return [given] if isinstance(given, str) else list(given)


def to_part(part: dict[str, Any], media: dict[str, Any]) -> dict[str, Any]:
    """A part as `LLM.chat` takes it; the next image or video of the dialogue where it stands for one."""
    if part["type"] == "text":
        return part
    medium = next(media[part["type"]])
    if isinstance(medium, Video):
        return {"type": "video_url", "video_url": {"url": frames_url(medium)}}
    return {"type": "image_pil", "image_pil": medium}


def frames_url(video: Video) -> str:
    """The frames as vLLM takes a list of them; as PNG, which loses nothing: only its name says JPEG."""
    return "data:video/jpeg;base64," + ",".join(base64.b64encode(to_png(frame)).decode() for frame in video.frames)


def to_png(image: Any) -> bytes:
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def likelihood(logprobs: list[Any], row: list[int]) -> float:
    """The sum of the log probabilities of all tokens but the first."""
    return sum(at[token].logprob for at, token in zip(logprobs[1:], row[1:]))
