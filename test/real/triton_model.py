"""Triton with a decoupled text model that says the prompt's words over and over: triton_model.py HTTP_PORT

`max_tokens` and `stream` may stand beside the text, as stock backends have them, or in `parameters` (`max_new_tokens`), as
AISBench sends them. The prompt `__raise__` makes the model fail.
"""

import itertools
import sys

import numpy as np
from pytriton.model_config import DynamicBatcher, ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig

port = int(sys.argv[1])


def field(request, name, parameter, default):
    value = request.data.get(name)
    if value is not None:
        return value.reshape(-1)[0]
    return (request.parameters or {}).get(parameter, default)


def pieces(request):
    text = request.data["text_input"].reshape(-1)[0].decode()
    if text == "__raise__":
        raise RuntimeError("the model failed as it was told to")
    words = text.split() or ["nothing"]
    count = int(field(request, "max_tokens", "max_new_tokens", 16))
    return [words[i % len(words)] if i == 0 else " " + words[i % len(words)] for i in range(count)]


def answer(text):
    return {"text_output": np.char.encode(np.array([[text]]), "utf-8")}


def infer(requests):
    replies = [pieces(request) for request in requests]
    if all(field(request, "stream", "stream", False) for request in requests):
        for step in itertools.zip_longest(*replies, fillvalue=""):
            yield [answer(piece) for piece in step]
    else:
        yield [answer("".join(reply)) for reply in replies]


config = TritonConfig(
    http_address="127.0.0.1", http_port=port, grpc_port=port + 1, metrics_port=port + 2, log_verbose=0
)
with Triton(config=config) as triton:
    triton.bind(
        model_name="echo",
        infer_func=infer,
        inputs=[
            Tensor(name="text_input", dtype=bytes, shape=(1,)),
            Tensor(name="max_tokens", dtype=np.int32, shape=(1,), optional=True),
            Tensor(name="stream", dtype=np.bool_, shape=(1,), optional=True),
        ],
        outputs=[Tensor(name="text_output", dtype=bytes, shape=(1,))],
        config=ModelConfig(
            decoupled=True, batching=True, max_batch_size=8, batcher=DynamicBatcher(max_queue_delay_microseconds=100)
        ),
    )
    triton.serve()
