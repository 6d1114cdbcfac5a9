"""Text models over transformers (4.40 or later, 5 too): `ChatModel` with the tokenizer's chat template, `TextModel` without.

Options and their meanings are AISBench's (`HuggingFacewithChatTemplate`, `HuggingFaceBaseModel`, `HuggingFace`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

from ..engine import Engine, GenerateResult, PplResult, cancelled, tell_tokens
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
    #: Classes of transformers that may load the weights, the first that can.
    model_classes: tuple[str, ...] = ("AutoModelForCausalLM", "AutoModel")
    known = KNOWN
    #: Absent where the config says tokenizer_only.
    model: Any
    tokenizer: Any

    def load(self) -> dict[str, Any]:
        self._check_options()
        options = self.options
        torch, transformers = loading.packages()
        if options.get("hf_cache_dir") is None and os.environ.get("HF_MODEL_HUB"):
            options = {**options, "hf_cache_dir": os.environ["HF_MODEL_HUB"]}
        self._torch = torch
        self.tokenizer = self.load_tokenizer(transformers, options)
        if options.get("tokenizer_only"):
            self.model = None
            return {"device": None, "dtype": None}
        self.model = self.load_model(torch, transformers, options)
        loading.set_pad_token(self.tokenizer, self.model.generation_config, options.get("pad_token_id"))
        self._sampling = loading.sampling(options.get("generation_kwargs", {}))
        return {"device": str(self.model.device), "dtype": str(self.model.dtype), "transformers": transformers.__version__}

    def load_tokenizer(self, transformers: Any, options: dict[str, Any]) -> Any:
        return loading.load_tokenizer(transformers, options)

    def load_model(self, torch: Any, transformers: Any, options: dict[str, Any]) -> Any:
        return loading.load_model(torch, transformers, options, self.model_classes)

    def generate(self, inputs: list[Any], max_out_len: int) -> GenerateResult:
        if self.model is None:
            raise RuntimeError("the config says tokenizer_only: there are no weights to generate with")
        count = len(inputs)
        answers: list[tuple[str, int, int, str]] = [("", 0, 0, "")] * count
        for places in self.groups(inputs):
            asked = [inputs[place] for place in places]
            for place, answer in zip(places, self._answers(asked, max_out_len, self._teller(places, count))):
                answers[place] = answer
        texts, input_tokens, output_tokens, reasons = ([answer[part] for answer in answers] for part in range(4))
        return GenerateResult(texts, input_tokens, output_tokens, reasons)  # type: ignore[arg-type]

    def get_ppl(self, inputs: list[Any]) -> PplResult:
        """The loss of each text as it stands, without a chat template; in float32, over a batch that is padded on the right."""
        if self.model is None:
            raise RuntimeError("the config says tokenizer_only: there are no weights to score with")
        found: list[float] = []
        tokens: list[int] = []
        for places in self.groups(inputs):
            rows = [self.token_ids(plain_text(inputs[place]), 0, special=True) for place in places]
            if any(len(row) < 2 for row in rows):
                raise ValueError("a text of one token has no loss: the first token is not expected of anything")
            found += losses(self._torch, self.model, self.tokenizer, rows)
            tokens += [len(row) - 1 for row in rows]
        return PplResult(found, tokens)

    def groups(self, inputs: list[Any]) -> list[list[int]]:
        """The places of the inputs that are answered together."""
        if self.options.get("batch_padding") is False:
            return [[place] for place in range(len(inputs))]
        return [list(range(len(inputs)))] if inputs else []

    def as_text(self, given: Any) -> str:
        return plain_text(given)

    def encode(self, inputs: list[Any], max_out_len: int) -> Any:
        """What the model is given for a batch: `input_ids`, padded on the left, their `attention_mask`, and what else it takes."""
        prompts = [self.token_ids(self.as_text(given), max_out_len, self.adds_special_tokens) for given in inputs]
        return padded(self.tokenizer, prompts, "left")

    def close(self) -> None:
        self.model = self.tokenizer = None

    def _answers(self, inputs: list[Any], max_out_len: int, tell: Callable[[list[int]], None]) -> Iterator[tuple[str, int, int, str]]:
        """Of each input: the answer's text, the tokens of prompt and answer, and why the answer ended."""
        batch = self.encode(inputs, max_out_len).to(self.model.device)
        width = batch["input_ids"].shape[1]
        stops = Stops(self.tokenizer, self._end_ids(), self._stop_words(), width, len(inputs), cancelled, tell)
        rows = self._run(batch, max_out_len, stops)
        for index, (row, asked) in enumerate(zip(rows, batch["attention_mask"].sum(dim=1).tolist())):
            ids, count, reason = stops.end_of(index, row)
            yield stops.cut(self.tokenizer.decode(ids, skip_special_tokens=True)), asked, count, reason

    def _run(self, batch: Any, max_out_len: int, stops: Stops) -> list[list[int]]:
        """The new tokens of each prompt."""
        sampling = dict(self._sampling)
        seed = sampling.pop("seed", None)
        if seed is not None:
            self._torch.manual_seed(int(seed))
        with self._torch.inference_mode():
            output = self.model.generate(
                **batch,
                max_new_tokens=max_out_len,
                pad_token_id=self.tokenizer.pad_token_id,
                eos_token_id=stops.end_ids or None,
                stopping_criteria=[stops],
                **sampling,
            )
        return output[:, batch["input_ids"].shape[1] :].tolist()

    def _teller(self, places: list[int], count: int) -> Callable[[list[int]], None]:
        """Tells the growth of some answers as that of all answers of the batch."""

        def tell(grown: list[int]) -> None:
            by_place = dict(zip(places, grown))
            tell_tokens([by_place.get(place, 0) for place in range(count)])

        return tell

    def token_ids(self, text: str, max_out_len: int, special: bool) -> list[int]:
        """The prompt's tokens, `special` ones of the tokenizer's own before it; cut so that prompt and answer fit in `max_seq_len`."""
        ids = self.tokenizer(text, add_special_tokens=special)["input_ids"]
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
        unknown = sorted(set(self.options) - self.known)
        if unknown:
            raise ValueError(f"unknown option {unknown[0]!r}; there are: {', '.join(sorted(self.known))}")
        mode = self.options.get("mode", "none")
        if mode not in ("none", "mid"):
            raise ValueError(f"mode is {mode!r}; there are none and mid")
        if (self.options.get("generation_kwargs") or {}).get("num_return_sequences") not in (None, 1):
            raise ValueError("generation_kwargs.num_return_sequences is more than 1: a prompt gets one answer")
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


def plain_text(given: Any) -> str:
    """A text; of a dialogue, its messages joined by newlines."""
    return given if isinstance(given, str) else "\n".join(text_of(message) for message in given)


def text_of(message: dict[str, Any]) -> str:
    content = message["content"]
    if isinstance(content, str):
        return content
    other = next((part["type"] for part in content if part["type"] != "text"), None)
    if other is not None:
        raise ValueError(f"a message has a part {other!r} where only text is taken")
    return "".join(part["text"] for part in content)


def losses(torch: Any, model: Any, tokenizer: Any, rows: list[list[int]]) -> list[float]:
    """Of each row of tokens, the mean negative log likelihood in nats of all but the first."""
    batch = padded(tokenizer, rows, "right").to(model.device)
    with torch.inference_mode():
        logits = model(**batch).logits
        found = []
        # One row at a time: in float32, the whole batch over a large vocabulary may not fit.
        for index, row in enumerate(rows):
            expected = logits[index, : len(row) - 1].float()
            found.append(torch.nn.functional.cross_entropy(expected, batch["input_ids"][index, 1 : len(row)]).item())
    return found


def padded(tokenizer: Any, rows: list[list[int]], side: str) -> Any:
    """Rows of tokens as one batch. The side is set on the tokenizer: not every version of transformers takes it here."""
    tokenizer.padding_side = side
    return tokenizer.pad({"input_ids": rows}, padding=True, return_tensors="pt")
