import random
import unittest

from ais_bench.benchmark.models.output import RequestOutput
from ais_bench_worker.kept_output import KeptOutput


class Mirror:
    """The other side: makes the changes that it gets."""

    def __init__(self):
        self.fields = {"content": "", "reasoning_content": ""}
        self.calls = []

    def take(self, change):
        if change == 0:
            return
        if isinstance(change, str):
            change = {"+content": change}
        for name, value in change.items():
            if name.startswith("+"):
                self.fields[name[1:]] += value
            elif name != "tool_calls":
                self.fields[name] = value
        for call in change.get("tool_calls", []):
            while len(self.calls) <= call["at"]:
                self.calls.append({"arguments": ""})
            known = self.calls[call["at"]]
            known.update(id=call["id"], name=call["name"])
            known["arguments"] = call["="] if "=" in call else known["arguments"] + call["+"]


def change_at_random(rng, output):
    kind = rng.randrange(9)
    piece = rng.choice(["a", "日本", "\ud800", "", "x" * 40])
    if kind <= 2:
        output.content += piece
    elif kind == 3:
        output.content = piece
    elif kind == 4:
        output.reasoning_content += piece
    elif kind == 5:
        output.output_tokens += rng.randrange(3)
    elif kind == 6:
        output.finish_reason = rng.choice([None, "stop", "length"])
    elif kind == 7:
        output.tool_calls.append({"id": f"c{len(output.tool_calls)}", "name": "f", "arguments": piece})
    elif output.tool_calls:
        call = rng.choice(output.tool_calls)
        call["arguments"] = rng.choice([call["arguments"] + piece, piece])


class TheChanges(unittest.TestCase):
    def test_make_the_same_output_on_the_other_side(self):
        for seed in range(300):
            rng, output, mirror = random.Random(seed), RequestOutput(), Mirror()
            kept = KeptOutput(output)
            for _ in range(rng.randrange(30)):
                for _ in range(rng.randrange(3)):
                    change_at_random(rng, output)
                mirror.take(kept.changes())
                with self.subTest(seed=seed):
                    for name in mirror.fields:
                        self.assertEqual(mirror.fields[name], getattr(output, name))
                    self.assertEqual(mirror.fields.get("output_tokens", 0), output.output_tokens)
                    self.assertEqual(mirror.fields.get("finish_reason"), output.finish_reason)
                    self.assertEqual(mirror.calls, [{**call} for call in output.tool_calls])

    def test_of_an_event_do_not_grow_with_the_answer(self):
        output = RequestOutput()
        kept = KeptOutput(output)
        for number in range(5000):
            output.content += "word "
            output.extra_details_data.setdefault("ids", []).append(number)
            self.assertEqual(kept.changes(), "word ")
        self.assertEqual(len(kept.rest()["extra_details_data"]["ids"]), 5000)

    def test_refuse_what_is_no_text(self):
        output = RequestOutput()
        kept = KeptOutput(output)
        output.content = None
        with self.assertRaisesRegex(TypeError, "output.content must be a text, but it was set to None"):
            kept.changes()

    def test_leave_out_what_cannot_travel(self):
        output = RequestOutput()
        output.extra_details_data = {"a": 1, "b": object(), "c": float("nan")}
        output.input = object()
        self.assertEqual(KeptOutput(output).rest(), {"extra_details_data": {"a": 1}})

    def test_take_a_library_s_numbers(self):
        class Count(float):
            pass

        output = RequestOutput()
        kept = KeptOutput(output)
        output.output_tokens = Count(3)
        self.assertEqual(kept.changes(), {"output_tokens": 3})
        self.assertIs(type(KeptOutput(output).changes()["output_tokens"]), int)


if __name__ == "__main__":
    unittest.main()
