"""From options to a tokenizer and a model of transformers."""

from __future__ import annotations

import functools
import importlib
from typing import Any

from ..engine import MissingPackage
from .packages import require
from .sources import load_from


def packages() -> tuple[Any, Any]:
    return require("torch", "torch"), require("transformers", "transformers>=4.40")


def load_processor(transformers: Any, options: dict[str, Any]) -> Any:
    """What turns texts, images and videos into tensors; texts are padded on the left."""
    if not hasattr(transformers, "AutoModelForImageTextToText"):
        raise MissingPackage("transformers", "transformers>=4.46", f"{transformers.__version__} has no models of images and text")
    given = {**(options.get("tokenizer_kwargs") or {}), **(options.get("processor_kwargs") or {})}
    kwargs = {"trust_remote_code": False, **cache(options), **given}
    # Of its parts, only the tokenizer knows sides.
    sides = {name: kwargs.pop(name) for name in ("padding_side", "truncation_side") if name in kwargs}
    if sides.get("padding_side", "left") != "left":
        raise ValueError("padding_side is left: an answer follows the end of its prompt")
    processor = load_from(*tokenizer_source(options), transformers.AutoProcessor.from_pretrained, kwargs)
    if not hasattr(processor, "image_processor"):
        raise ValueError("the model has no processor of images: use HuggingFacewithChatTemplate for a model of texts")
    processor.tokenizer.padding_side = "left"
    return processor


def load_tokenizer(transformers: Any, options: dict[str, Any]) -> Any:
    """Padded and truncated on the left unless `tokenizer_kwargs` says otherwise."""
    kwargs = {
        "padding_side": "left",
        "truncation_side": "left",
        "trust_remote_code": False,
        **cache(options),
        **(options.get("tokenizer_kwargs") or {}),
    }
    return load_from(*tokenizer_source(options), transformers.AutoTokenizer.from_pretrained, kwargs)


def tokenizer_source(options: dict[str, Any]) -> tuple[str, str]:
    """The tokenizer's folder or name, and the option that says it: the model's own unless there is another."""
    own = options.get("tokenizer_path")
    return (own, "tokenizer_path") if own else (options["path"], "path")


def load_model(torch: Any, transformers: Any, options: dict[str, Any], classes: tuple[str, ...]) -> Any:
    """The weights, by the first of the classes that can, and an adapter over them where one is named."""
    kwargs = dict(options.get("model_kwargs") or {})
    given = kwargs.pop("dtype", kwargs.pop("torch_dtype", "float16"))
    kwargs[dtype_name(transformers)] = to_dtype(torch, given)
    device_map = to_device_map(torch, kwargs.pop("device_map", "auto"))
    if device_map is not None:
        require("accelerate", "accelerate")
        kwargs["device_map"] = device_map
    kwargs = {"trust_remote_code": False, **cache(options), **kwargs}
    model = _first_that_can(transformers, classes, options["path"], kwargs)
    if options.get("peft_path"):
        peft = require("peft", "peft")
        peft_kwargs = {"is_trainable": False, **(options.get("peft_kwargs") or {})}
        load = functools.partial(peft.PeftModel.from_pretrained, model)
        model = load_from(options["peft_path"], "peft_path", load, peft_kwargs)
    return model.eval()


def _first_that_can(transformers: Any, classes: tuple[str, ...], path: str, kwargs: dict[str, Any]) -> Any:
    refusals = []
    for name in classes:
        try:
            model = load_from(path, "path", getattr(transformers, name).from_pretrained, kwargs)
        except ValueError as error:
            refusals.append(error)
            continue
        if hasattr(model, "generate"):
            return model
    raise refusals[0] if refusals else ValueError(f"{path} is no model that generates")


def cache(options: dict[str, Any]) -> dict[str, Any]:
    folder = options.get("hf_cache_dir")
    return {} if folder is None else {"cache_dir": folder}


def dtype_name(transformers: Any) -> str:
    """transformers 4.56 gave `torch_dtype` its new name."""
    major, minor = (int(part) for part in transformers.__version__.split(".")[:2])
    return "dtype" if (major, minor) >= (4, 56) else "torch_dtype"


def to_dtype(torch: Any, given: Any) -> Any:
    """`torch.float16`, `float16`, `auto`, `None`: what AISBench's configs write."""
    if given is None or given == "None":
        return None
    if given == "auto":
        return "auto"
    found = getattr(torch, str(given).removeprefix("torch."), None)
    if isinstance(found, torch.dtype):
        return found
    raise ValueError(f"dtype is {given!r}; write auto, float32, float16 or bfloat16")


def to_device_map(torch: Any, given: Any) -> Any:
    """`auto` is the Ascend NPU where there is one; a machine with nothing but a CPU needs no map, and no accelerate."""
    if given == "auto" and has_npu(torch):
        return "npu"
    if given in (None, "cpu") or (given == "auto" and not has_accelerator(torch)):
        return None
    return given


def has_npu(torch: Any) -> bool:
    """torch-npu makes itself known to torch when it is imported."""
    try:
        importlib.import_module("torch_npu")
    except ImportError:
        return False
    return torch.npu.is_available()


def has_accelerator(torch: Any) -> bool:
    return torch.cuda.is_available() or torch.backends.mps.is_available() or (hasattr(torch, "xpu") and torch.xpu.is_available())


def set_pad_token(tokenizer: Any, generation_config: Any, given: int | None) -> None:
    """The tokenizer's own, else the one given, that of the generation config, or the end of text."""
    if given is None and tokenizer.pad_token_id is not None:
        return
    ends = generation_config.eos_token_id
    end = ends[0] if isinstance(ends, (list, tuple)) and ends else ends
    for one in (given, generation_config.pad_token_id, tokenizer.eos_token_id, end):
        if isinstance(one, int):
            tokenizer.pad_token = tokenizer.convert_ids_to_tokens(one)
            return
    raise ValueError("the tokenizer has no token to pad with: give pad_token_id")


#: Keys that are of no meaning where nothing is drawn.
SAMPLING = ("temperature", "top_k", "top_p", "min_p", "typical_p", "seed")


def sampling(kwargs: dict[str, Any]) -> dict[str, Any]:
    """Greedy unless `do_sample` is true and the temperature is not 0."""
    given = {key: value for key, value in kwargs.items() if value is not None}
    if given.get("do_sample") and given.get("temperature") != 0:
        return given
    return {**{key: value for key, value in given.items() if key not in SAMPLING}, "do_sample": False}
