import glob
import json
import os
import subprocess
import sys
import tempfile
import unittest

from ais_bench import results

FIXTURES = os.path.join(os.path.dirname(__file__), "..", "..", "test", "fixtures", "runs-7e3bceb")
EVENTS = {"at": [139730, 0, 10000, 10000], "kind": "rccf", "shared": "0100"}


def record(id="a", index=0, **more):
    line = {
        "v": 1,
        "call": {"id": id, "model": "m", "dataset": "d", "index": index, "repetition": 0},
        "attempt": 1,
        "earlier": [],
        "streamed": True,
        "outcome": "ok",
        "finishReason": "stop",
        "inputTokens": {"value": 6, "source": "server"},
        "outputTokens": {"value": 3, "source": "server"},
        "times": {"scheduled": 95.4, "sent": 95.9, "headers": 97.9, "done": 166.0, "events": EVENTS},
    }
    line.update(more)
    return line


def failed(id="a", index=0):
    failure = {"kind": "http-status", "message": "busy", "status": 503}
    line = record(id, index, outcome="failed", failure=failure, times={"sent": 1, "done": 2})
    return {key: value for key, value in line.items() if not key.endswith("Tokens")}


def prediction(id="a", index=0, **more):
    line = {"data_abbr": "d", "model": "m", "id": index, "repetition": 0, "uuid": id, "success": True}
    line.update(origin_prompt="2+2?", content="4", reasoning_content="", tool_calls=[], gold="4")
    line.update(more)
    return line


class ARunFolder(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = os.path.join(scratch.name, "20260105_[070809]")

    def write(self, path, content, end="\n"):
        path = os.path.join(self.folder, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        text = "\n".join(json.dumps(line) for line in content) + end if isinstance(content, list) else json.dumps(content)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def test_has_a_row_for_each_request(self):
        self.write("performances/m/d_records.jsonl", [record(), failed("b", 1)])
        ok, other = results.open_run(self.folder).records()
        self.assertEqual((ok["run"], ok["id"], ok["index"], ok["outcome"]), ("20260105_[070809]", "a", 0, "ok"))
        self.assertAlmostEqual(ok["ttft_ms"], 139.73 - 95.9)
        self.assertAlmostEqual(ok["e2el_ms"], 149.73 - 95.9)
        self.assertAlmostEqual(ok["tpot_ms"], 10 / 2)
        self.assertEqual((ok["output_tokens"], ok["output_tokens_source"], ok["cached_tokens"]), (3, "server", None))
        self.assertEqual((other["failure_kind"], other["http_status"], other["ttft_ms"]), ("http-status", 503, None))
        self.assertEqual(set(ok), set(other))

    def test_has_the_events_where_they_are_wanted(self):
        self.write("performances/m/d_records.jsonl", [record()])
        (row,) = results.open_run(self.folder).records(events=True)
        self.assertEqual([event["kind"] for event in row["events"]], ["role", "content", "content", "finish"])
        self.assertEqual(row["events"][1], {"at_ms": 139.73, "kind": "content", "tokens": 0, "shared_read": True})

    def test_puts_the_files_of_load_workers_in_the_order_of_their_ends(self):
        def ended(id, at):
            return record(id, times={"sent": 1, "done": at, "events": {"at": [], "kind": ""}})

        self.write("performances/m/d_records.w1.jsonl", [ended("a", 10), ended("c", 30)])
        self.write("performances/m/d_records.w2.jsonl", [ended("b", 20), ended("d", 40)])
        self.assertEqual([row["id"] for row in results.open_run(self.folder).records()], ["a", "b", "c", "d"])

    def test_takes_the_last_attempt_of_a_task_that_was_continued(self):
        self.write("performances/m/d_records.jsonl", [failed(), record("b", 1), record()])
        self.assertEqual(len(results.open_run(self.folder).records()), 3)
        self.write("configs/continued.json", ('["m","d"]',))
        self.assertEqual([row["id"] for row in results.open_run(self.folder).records()], ["b", "a"])

    def test_leaves_out_a_line_that_a_crash_cut_off(self):
        self.write("performances/m/d_records.jsonl", [record(), record("b")], end="")
        self.assertEqual([row["id"] for row in results.open_run(self.folder).records()], ["a"])

    def test_names_a_line_that_is_no_record(self):
        for line, why in (({"v": 1}, "d_records.jsonl:2 is no record: it has no call"), (record(v=2), "format 2")):
            self.write("performances/m/d_records.jsonl", [record(), line])
            with self.assertRaisesRegex(results.ResultsError, why):
                results.open_run(self.folder).records()

    def test_joins_answers_and_verdicts(self):
        turns = [prediction("b", 1, turn_id=turn, turns=2) for turn in (0, 1)]
        self.write("predictions/m/d.jsonl", [prediction(), *turns])
        extraction = {"answer": "5", "rule": "last-number", "span": [0, 1]}
        wrong = {"id": "a", "reference": "4.0", "verdict": "wrong", "extraction": extraction}
        partial = {"id": "b", "turn": 1, "reference": "4", "verdict": "partial", "credit": 0.5}
        self.write("results/m/d.json", {"accuracy": 16.7, "details": {"0": wrong, "1": partial}})
        rows = results.open_run(self.folder).samples()
        self.assertEqual([row["verdict"] for row in rows], ["wrong", None, "partial"])
        self.assertEqual([row["credit"] for row in rows], [0, None, 0.5])
        self.assertEqual([row["target"] for row in rows], ["4.0", "4", "4"])
        self.assertEqual((rows[0]["answer"], rows[0]["rule"], rows[0]["prompt"]), ("5", "last-number", "2+2?"))
        self.assertEqual(results.open_run(self.folder).samples(verdict="partial"), rows[2:])
        self.assertEqual(results.open_run(self.folder).samples(model="other"), [])

    def test_has_a_row_for_each_task(self):
        self.write("results/m/d.json", {"metric": "accuracy", "accuracy": 75, "interval": {"low": 40, "high": 90}, "n": 8})
        stats = {"name": "TTFT", "unit": "ms", "stats": {"average": 12.5, "p99": 30}}
        summary = {"rows": [stats], "common": [{"name": "Request Throughput", "value": 8.4, "unit": "req/s"}]}
        performance = {"verdict": "VALID", "reasons": [], "model": "m/1", "dataset": "d", "summary": summary}
        self.write("performances/m_1/d.json", performance)
        self.write("performances/m_1/d_client.json", [])
        scored, loaded = results.open_run(self.folder).summary()
        self.assertEqual((scored["model"], scored["value"], scored["low"], scored["n"]), ("m", 75, 40, 8))
        self.assertEqual((loaded["model"], loaded["validity"], loaded["TTFT P99"]), ("m/1", "VALID", 30))
        self.assertEqual((loaded["Request Throughput"], loaded["value"], scored["validity"]), (8.4, None, None))
        self.assertEqual(results.open_run(self.folder).summary(files=True)[1]["performance"], performance)

    def test_may_be_of_an_earlier_version(self):
        found = glob.glob(os.path.join(FIXTURES, "*", "performances")) + glob.glob(os.path.join(FIXTURES, "*", "*", "performances"))
        folders = {os.path.realpath(os.path.dirname(one)) for one in found}
        self.assertEqual(len(folders), 5)
        for folder in folders:
            run = results.open_run(folder)
            records, samples, summary = run.records(), run.samples(), run.summary()
            self.assertEqual({row["id"] for row in records}, {row["id"] for row in samples}, folder)
            self.assertTrue(all(row["ttft_ms"] > 0 for row in records if row["outcome"] == "ok" and row["streamed"]))
            scored = os.path.isdir(os.path.join(folder, "results", "vllm-api-stream-chat"))
            self.assertEqual({row["verdict"] is not None for row in samples}, {scored}, folder)
            for row in summary:
                if scored:
                    self.assertEqual(row["correct"], sum(one["verdict"] == "correct" for one in samples))
                if row["validity"] is not None:
                    mean = sum(one["ttft_ms"] for one in records) / len(records)
                    self.assertAlmostEqual(row["TTFT Average"], mean, 6)

    def test_must_be_one(self):
        os.makedirs(self.folder)
        with self.assertRaisesRegex(results.ResultsError, "is not the folder of a run"):
            results.open_run(self.folder)

    def test_needs_nothing_but_the_standard_library(self):
        code = "import sys, ais_bench.results; print([n for n in sys.modules if n.startswith('ais_bench')], 'pandas' in sys.modules)"
        said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
        self.assertEqual(said.strip(), "['ais_bench._user_packages', 'ais_bench', 'ais_bench.results'] False")
