"""Text models over transformers (4.40 or later, 5 too): `ChatModel` with the tokenizer's chat template, `TextModel` without.

Options and their meanings are AISBench's (`HuggingFacewithChatTemplate`, `HuggingFaceBaseModel`, `HuggingFace`).
"""

from __future__ import annotations

import os
from typing import Any

from ..engine import Engine, GenerateResult, cancelled
from . import huggingface_loading as loading
from .huggingface_stopping import Stops

#: Options that this engine acts on, and AISBench's that have nothing to decide here.
KNOWN = {
    "path", "max_out_len", "batch_size", "max_seq_len", "tokenizer_only", "meta_template", "generation_kwargs",
    "tokenizer_path", "tokenizer_kwargs", "model_kwargs", "peft_path", "peft_kwargs", "stop_words", "stop_token_ids",
    "mode", "drop_middle", "pad_token_id", "batch_padding", "hf_cache_dir", "end_str",
    "extract_pred_after_decode", "use_fastchat_template", "fastchat_template", "sync_rank",
}  # fmt: skip

ROLES = {"HUMAN": "user", "BOT": "assistant", "SYSTEM": "system"}


class TextModel(Engine):
    """Continues texts; of a dialogue, its messages joined by newlines."""

    #: Whether the tokenizer puts its own first token before the text; a chat template has done so already.
    adds_special_tokens = True
    #: Whether the tokenizer's own end of text ends an answer, beside that of the model's generation config.
    ends_as_tokenizer_says = False

    def load(self) -> dict[str, Any]:
        self._check_options()
        options = self.options
        torch, transformers = loading.packages()
        if options.get("hf_cache_dir") is None and os.environ.get("HF_MODEL_HUB"):
            options = {**options, "hf_cache_dir": os.environ["HF_MODEL_HUB"]}
        self._torch = torch
        self.tokenizer = loading.load_tokenizer(transformers, options)
        if options.get("tokenizer_only"):
            self.model = None
            return {"device": None, "dtype": None}
        self.model = loading.load_model(torch, transformers, options)
        loading.set_pad_token(self.tokenizer, self.model.generation_config, options.get("pad_token_id"))
        self._sampling = loading.sampling(options.get("generation_kwargs", {}))
        return {"device": str(self.model.device), "dtype": str(self.model.dtype), "transformers": transformers.__version__}

    def generate(self, inputs: list[Any], max_out_len: int) -> GenerateResult:
        if self.model is None:
            raise RuntimeError("the config says tokenizer_only: there are no weights to generate with")
        if not inputs:
            return GenerateResult(texts=[])
        if self.options.get("batch_padding") is False and len(inputs) > 1:
            return joined([self.generate([given], max_out_len) for given in inputs])
        prompts = [self._token_ids(self.as_text(given), max_out_len) for given in inputs]
        rows, stops = self._run(prompts, max_out_len)
        result = GenerateResult(texts=[], input_tokens=[len(ids) for ids in prompts], output_tokens=[], finish_reasons=[])
        for index, row in enumerate(rows):
            ids, count, reason = stops.end_of(index, row)
            result.texts.append(stops.cut(self.tokenizer.decode(ids, skip_special_tokens=True)))
            result.output_tokens.append(count)
            result.finish_reasons.append(reason)
        return result

    def as_text(self, given: Any) -> str:
        return given if isinstance(given, str) else "\n".join(text_of(message) for message in given)

    def close(self) -> None:
        self.model = self.tokenizer = None

    def _run(self, prompts: list[list[int]], max_out_len: int) -> tuple[list[list[int]], Stops]:
        """The new tokens of each prompt, and what ended them."""
        torch, tokenizer = self._torch, self.tokenizer
        padded = tokenizer.pad({"input_ids": prompts}, padding=True, padding_side="left", return_tensors="pt")
        width = padded["input_ids"].shape[1]
        stops = Stops(tokenizer, self._end_ids(), self._stop_words(), width, cancelled)
        sampling = dict(self._sampling)
        seed = sampling.pop("seed", None)
        if seed is not None:
            torch.manual_seed(int(seed))
        with torch.inference_mode():
            output = self.model.generate(
                **padded.to(self.model.device),
                max_new_tokens=max_out_len,
                pad_token_id=tokenizer.pad_token_id,
                eos_token_id=stops.end_ids or None,
                stopping_criteria=[stops],
                **sampling,
            )
        return output[:, width:].tolist(), stops

    def _token_ids(self, text: str, max_out_len: int) -> list[int]:
        """The prompt's tokens, cut so that prompt and answer fit in `max_seq_len`."""
        ids = self.tokenizer(text, add_special_tokens=self.adds_special_tokens)["input_ids"]
        room = int(self.options["max_seq_len"]) - max_out_len
        if room < 1:
            raise ValueError(f"max_out_len {max_out_len} leaves no room for a prompt in max_seq_len {self.options['max_seq_len']}")
        if len(ids) <= room:
            return ids or [self.tokenizer.pad_token_id]
        if self.options.get("mode", "none") == "mid" or self.options.get("drop_middle"):
            return ids[: room - room // 2] + ids[len(ids) - room // 2 :]
        return ids[:room] if self.tokenizer.truncation_side == "right" else ids[-room:]

    def _end_ids(self) -> list[int]:
        own = self._sampling.get("eos_token_id", self.model.generation_config.eos_token_id)
        ends = list(own) if isinstance(own, (list, tuple)) else [own]
        if self.ends_as_tokenizer_says:
            ends.append(self.tokenizer.eos_token_id)
        return [one for one in dict.fromkeys([*ends, *(self.options.get("stop_token_ids") or [])]) if one is not None]

    def _stop_words(self) -> list[str]:
        words = self.options.get("stop_words") or []
        end = self.options.get("end_str")
        return [word for word in [*([words] if isinstance(words, str) else words), end] if word]

    def _check_options(self) -> None:
        unknown = sorted(set(self.options) - KNOWN)
        if unknown:
            raise ValueError(f"unknown option {unknown[0]!r}; there are: {', '.join(sorted(KNOWN))}")
        mode = self.options.get("mode", "none")
        if mode not in ("none", "mid"):
            raise ValueError(f"mode is {mode!r}; there are none and mid")
        if self.options.get("fastchat_template") or self.options.get("use_fastchat_template"):
            raise ValueError("FastChat's templates are not supported: leave the option out, and the tokenizer's own is used")


class ChatModel(TextModel):
    """Answers dialogues, put into words by the tokenizer's chat template; a text is one message of the user's."""

    adds_special_tokens = False
    ends_as_tokenizer_says = True

    def load(self) -> dict[str, Any]:
        loaded = super().load()
        if not getattr(self.tokenizer, "chat_template", None):
            raise ValueError("the tokenizer has no chat template: use a chat model, or HuggingFaceBaseModel for this one")
        return loaded

    def as_text(self, given: Any) -> str:
        messages = [{"role": "user", "content": given}] if isinstance(given, str) else merged(given)
        return self.tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)


def merged(given: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Messages with text, those of one role after another joined by a newline, as chat templates want them."""
    messages: list[dict[str, str]] = []
    for message in given:
        role, text = ROLES.get(message["role"], message["role"]), text_of(message)
        if text == "":
            continue
        if messages and messages[-1]["role"] == role:
            messages[-1]["content"] += "\n" + text
        else:
            messages.append({"role": role, "content": text})
    return messages


def text_of(message: dict[str, Any]) -> str:
    content = message["content"]
    if isinstance(content, str):
        return content
    other = next((part["type"] for part in content if part["type"] != "text"), None)
    if other is not None:
        raise ValueError(f"a part {other!r} in a message to a model of texts")
    return "".join(part["text"] for part in content)


def joined(results: list[GenerateResult]) -> GenerateResult:
    def every(name: str) -> list[Any]:
        return [one for result in results for one in getattr(result, name)]

    return GenerateResult(every("texts"), every("input_tokens"), every("output_tokens"), every("finish_reasons"))
