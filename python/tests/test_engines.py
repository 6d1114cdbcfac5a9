"""What of the shipped engines needs neither torch nor vLLM: where answers end, what is counted, and what options become."""

import os
import threading
import unittest
from types import SimpleNamespace

from ais_bench_worker.engines.dialogue import kinds_of
from ais_bench_worker.engines.huggingface_loading import load_model, load_processor, load_tokenizer
from ais_bench_worker.engines.huggingface_stopping import Stops
from ais_bench_worker.engines.media import Video
from ais_bench_worker.engines.process_memory import group_peak_bytes
from ais_bench_worker.engines.vllm_offline import engine_kwargs, frames_url, likelihood, sampling
from ais_bench_worker.engines.vllm_steps import Steps


class Rows:
    """As much of a tensor as a stopping criterion touches."""

    def __init__(self, rows):
        self.rows = rows
        self.shape = (len(rows), len(rows[0]))

    def __getitem__(self, key):
        return Rows([row[key[1]] for row in self.rows])

    def tolist(self):
        return self.rows

    def new_tensor(self, values):
        return SimpleNamespace(bool=lambda: values)

    def new_full(self, shape, value):
        return SimpleNamespace(bool=lambda: [value] * shape[0])


class Letters:
    def decode(self, ids, skip_special_tokens):
        return "".join(chr(token) for token in ids)


PROMPT = [0, 0, 0]
END = 7


def run_steps(words, *answers, step=1):
    """The growth that was told, and where each answer ended; answers are letters, `.` is the end of text."""
    told = []
    cancelled = threading.Event()
    stops = Stops(Letters(), [END], words, len(PROMPT), len(answers), cancelled, told.append)
    rows = [[END if letter == "." else ord(letter) for letter in answer] for answer in answers]
    for length in range(step, len(rows[0]) + 1, step):
        stops(Rows([PROMPT + row[:length] for row in rows]), None)
    ends = [stops.end_of(index, row) for index, row in enumerate(rows)]
    return [sum(counts) for counts in zip(*told)], [(count, reason) for _, count, reason in ends]


class TestStops(unittest.TestCase):
    def test_counts_what_it_tells(self):
        for step in (1, 2, 3):
            grown, ends = run_steps([], "abcdef", "ab....", ".aaaaa", step=step)
            self.assertEqual(grown, [6, 3, 1])
            self.assertEqual(ends, [(6, "length"), (3, "stop"), (1, "stop")])

    def test_ends_at_a_word_wherever_its_tokens_part(self):
        grown, ends = run_steps(["cd"], "abcdef", "aaaaaa", "cdcdcd")
        self.assertEqual(grown, [4, 6, 2])
        self.assertEqual(ends, [(4, "stop"), (6, "length"), (2, "stop")])

    def test_tells_nothing_of_the_rows_of_a_beam_search(self):
        told = []
        stops = Stops(Letters(), [END], ["a"], len(PROMPT), 1, threading.Event(), told.append)
        self.assertEqual(stops(Rows([[*PROMPT, 97], [*PROMPT, 97]]), None), [False, False])
        self.assertEqual(told, [])


class FakeEngine:
    """Answers each request with one token a step, as many as its prompt says."""

    def __init__(self):
        self.asked, self.done, self.aborted = {}, {}, []

    def add_request(self, request_id, prompt, params):
        self.asked[request_id] = prompt
        self.done[request_id] = 0
        return f"inner-{request_id}"

    def step(self):
        outputs = []
        for name in list(self.asked):
            self.done[name] += 1
            finished = self.done[name] == self.asked[name]
            answer = SimpleNamespace(token_ids=[0] * self.done[name])
            outputs.append(SimpleNamespace(request_id=name, outputs=[answer], finished=finished))
            if finished:
                del self.asked[name]
        return outputs

    def abort_request(self, request_ids, internal=False):
        self.aborted.append((request_ids, internal))


class TestSteps(unittest.TestCase):
    def setUp(self):
        self.cancelled = threading.Event()
        self.engine = FakeEngine()
        self.steps = Steps(self.engine, self.cancelled)

    def ask(self, *lengths):
        told = []
        with self.steps.told_to(told.append, len(lengths)):
            for place, length in enumerate(lengths):
                self.add(str(10 + place), length)
            while self.engine.asked:
                self.engine.step()
        return told

    def add(self, name, length):
        # The module of vLLM is only needed to ask for partial outputs.
        self.steps._places[name] = len(self.steps._places)
        self.steps._inner[name] = self.steps._add_request(name, length, None)

    def test_tells_growth_in_the_order_of_the_requests(self):
        told = self.ask(3, 1, 2)
        self.assertEqual(told, [[1, 1, 1], [1, 0, 1], [1, 0, 0]])
        self.assertEqual(self.ask(2), [[1], [1]])

    def test_ends_what_nobody_wants(self):
        with self.steps.told_to(lambda counts: None, 2):
            self.add("1", 5)
            self.add("2", 1)
            self.engine.step()
            self.cancelled.set()
            with self.assertRaises(InterruptedError):
                self.engine.step()
        self.assertEqual(self.engine.aborted, [(["inner-1"], True)])


class Auto:
    """transformers, as far as it is told with what to load something."""

    __version__ = "5.0"

    def __init__(self):
        self.told = []

    def __getattr__(self, name):
        def from_pretrained(path, **kwargs):
            self.told.append(kwargs["trust_remote_code"])
            tokenizer = SimpleNamespace(padding_side=None)
            return SimpleNamespace(eval=lambda: "model", generate=True, image_processor=True, tokenizer=tokenizer)

        return SimpleNamespace(from_pretrained=from_pretrained)


class TestRemoteCode(unittest.TestCase):
    def told(self, options):
        auto = Auto()
        options = {"path": os.path.dirname(__file__), **options}
        load_tokenizer(auto, options)
        load_processor(auto, options)
        torch = SimpleNamespace(dtype=str, float16="half")
        load_model(torch, auto, {**options, "model_kwargs": {"device_map": None, **options.get("model_kwargs", {})}}, ("AutoModel",))
        return auto.told

    def test_is_off_unless_asked_for(self):
        self.assertEqual(self.told({}), [False, False, False])
        self.assertEqual(self.told({"tokenizer_kwargs": {"trust_remote_code": True}}), [True, True, False])
        self.assertEqual(self.told({"model_kwargs": {"trust_remote_code": True}}), [False, False, True])
        self.assertFalse(engine_kwargs({"path": "p", "max_seq_len": 1})["trust_remote_code"])


class TestVllmOptions(unittest.TestCase):
    def test_become_those_of_the_engine(self):
        given = {"path": "p", "max_seq_len": 2048, "tokenizer_path": "t"}
        made = engine_kwargs({**given, "model_kwargs": {"torch_dtype": "torch.float", "device_map": "auto", "seed": 1}})
        common = {"model": "p", "tokenizer": "t", "max_model_len": 2048, "trust_remote_code": False}
        self.assertEqual(made, {**common, "dtype": "float", "seed": 1} | {"dtype": "float32"})
        self.assertEqual(engine_kwargs({**given, "model_kwargs": {"max_model_len": 9}})["max_model_len"], 9)

    def test_are_greedy_unless_told_otherwise(self):
        for generation, sample, temperature in (
            ({}, {}, 0),
            ({"do_sample": False, "temperature": 0.7}, {}, 0),
            ({"temperature": 0.7}, {}, 0.7),
            ({}, {"temperature": 0.5}, 0.5),
            ({"temperature": 0.7, "do_sample": None}, {"temperature": 0.5}, 0.5),
        ):
            made = sampling({"generation_kwargs": generation, "sample_kwargs": sample}, 16)
            self.assertEqual((made["temperature"], made["max_tokens"], "do_sample" in made), (temperature, 16, False))
        self.assertNotIn("temperature", sampling({"generation_kwargs": {"do_sample": True}}, 16))

    def test_have_stop_words_from_everywhere(self):
        made = sampling({"stop_words": "a", "stop_token_ids": [1], "sample_kwargs": {"stop": ["b"], "stop_token_ids": [2]}}, 1)
        self.assertEqual((made["stop"], made["stop_token_ids"]), (["a", "b"], [1, 2]))
        with self.assertRaisesRegex(ValueError, "one answer"):
            sampling({"sample_kwargs": {"n": 2}}, 1)

    def test_frames_are_listed(self):
        frame = SimpleNamespace(save=lambda file, kind: file.write(kind.encode()))
        self.assertEqual(frames_url(Video([frame, frame], 2.0)), "data:video/jpeg;base64,UE5H,UE5H")

    def test_likelihood_leaves_the_first_token_out(self):
        logprobs = [None, {5: SimpleNamespace(logprob=-1.0)}, {6: SimpleNamespace(logprob=-2.0), 9: SimpleNamespace(logprob=0.0)}]
        self.assertEqual(likelihood(logprobs, [4, 5, 6]), -3.0)


class TestDialogue(unittest.TestCase):
    def test_kinds_are_those_beside_text(self):
        self.assertEqual(kinds_of("hello"), frozenset())
        parts = [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": "b"}]
        self.assertEqual(kinds_of([{"role": "user", "content": parts}]), {"image_url"})


class TestMemory(unittest.TestCase):
    def test_is_that_of_this_group_at_least(self):
        found = group_peak_bytes()
        if found:
            self.assertGreater(found["rss_bytes"], 5_000_000)


if __name__ == "__main__":
    unittest.main()
