"""Models of images, videos and text over transformers (4.46 or later): any that `AutoModelForImageTextToText` loads.

AISBench's `HuggingFaceQwen2VLwithChatTemplate`, which is for Qwen's models alone. Options: those of `ChatModel`, and `vision_kwargs`.
"""

from __future__ import annotations

from typing import Any

from . import huggingface_loading as loading
from .dialogue import Dialogue, kinds_of
from .huggingface import KNOWN, ChatModel
from .media import Video, limits_of

#: What cuts the middle out of a text has no meaning among images.
TEXT_ONLY = {"mode", "drop_middle", "extract_pred_after_decode", "use_fastchat_template", "fastchat_template"}


class VisionModel(ChatModel):
    """Answers dialogues whose messages have images and videos among their texts; a text is one message of the user's."""

    model_classes: tuple[str, ...] = ("AutoModelForImageTextToText",)
    known = (KNOWN - TEXT_ONLY) | {"vision_kwargs", "processor_kwargs"}

    def load(self) -> dict[str, Any]:
        self._limits = limits_of(self.options.get("vision_kwargs"))
        return super().load()

    def load_tokenizer(self, transformers: Any, options: dict[str, Any]) -> Any:
        self._processor = loading.load_processor(transformers, options)
        self._tells_rate = hasattr(transformers, "video_utils") and hasattr(transformers.video_utils, "VideoMetadata")
        tokenizer = self._processor.tokenizer
        tokenizer.chat_template = getattr(self._processor, "chat_template", None) or tokenizer.chat_template
        return tokenizer

    def groups(self, inputs: list[Any]) -> list[list[int]]:
        """Prompts with the same kinds of media: processors want a batch of which each prompt has images, or none has."""
        alike: dict[Any, list[int]] = {}
        for place, given in enumerate(inputs):
            alone = place if self.options.get("batch_padding") is False else None
            alike.setdefault((kinds_of(given), alone), []).append(place)
        return list(alike.values())

    def encode(self, inputs: list[Any], max_out_len: int) -> Any:
        """Raises ValueError where a prompt leaves no room for the answer: one with images cannot be cut."""
        dialogues = [Dialogue(given, self._limits) for given in inputs]
        texts = [self._templated(dialogue.messages) for dialogue in dialogues]
        # Scoring pads on the right.
        self.tokenizer.padding_side = "left"
        batch = self._processor(
            text=texts,
            padding=True,
            return_tensors="pt",
            # Most templates write the first token themselves.
            add_special_tokens=not self._begins(texts[0]),
            **self._media(dialogues),
        )
        longest = int(batch["attention_mask"].sum(dim=1).max())
        if longest + max_out_len > int(self.options["max_seq_len"]):
            raise ValueError(
                f"a prompt of {longest} tokens and max_out_len {max_out_len} exceed max_seq_len {self.options['max_seq_len']}: "
                "raise it, or lower vision_kwargs.max_pixels"
            )
        return batch.to(self.model.device, dtype=self.model.dtype)

    def _templated(self, messages: list[dict[str, Any]]) -> str:
        return self.tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)

    def _begins(self, text: str) -> bool:
        first = self.tokenizer.bos_token
        return first is not None and text.startswith(first)

    def _media(self, dialogues: list[Dialogue]) -> dict[str, Any]:
        """What the processor takes beside the texts: images and videos by prompt."""
        found: dict[str, Any] = {}
        if any(dialogue.images for dialogue in dialogues):
            found["images"] = [dialogue.images for dialogue in dialogues]
        videos = [video for dialogue in dialogues for video in dialogue.videos]
        if videos:
            found["videos"] = [[to_array(video) for video in dialogue.videos] for dialogue in dialogues]
            if self._tells_rate:
                found |= {"video_metadata": [metadata_of(video) for video in videos], "do_sample_frames": False}
        return found


def to_array(video: Video) -> Any:
    """Frames, height, width, colours."""
    import numpy

    return numpy.stack([numpy.asarray(frame) for frame in video.frames])


def metadata_of(video: Video) -> dict[str, Any]:
    """What the processor would have read out of the file: it makes time stamps of it."""
    count = len(video.frames)
    width, height = video.frames[0].size
    return {
        "total_num_frames": count,
        "fps": video.rate,
        "duration": count / video.rate,
        "frames_indices": list(range(count)),
        "height": height,
        "width": width,
    }
