"""Reads the folder of a run: records, samples and summary, as lists of dicts.

    from ais_bench import results

    run = results.open_run("outputs/default/latest")
    run.summary()                     # one dict a task: score, interval, verdict of the load, metrics
    run.records()                     # one dict a request: times, tokens, failure; no texts
    run.samples(verdict="wrong")      # one dict an answer: prompt, content, target, verdict
    results.frame(run.records())      # a pandas.DataFrame, where pandas is installed

Standard library only. Times are milliseconds on the run's clock, as in ``docs/results.md``. What the run does not have is ``None``.
"""

import glob
import json
import os
import re

__all__ = ["ResultsError", "Run", "frame", "open_run"]

_RECORDS = re.compile(r"_records(?:\.w\d+)?\.jsonl$")
_KINDS = {
    "r": "role",
    "c": "content",
    "t": "reasoning",
    "g": "tool-call",
    "f": "finish",
    "u": "usage",
    "e": "error",
    "o": "other",
    "x": "unknown",
}
_PAYLOAD_KINDS = frozenset(_KINDS[letter] for letter in "ctg")
_VERDICT_COUNTS = ("n", "correct", "partial", "wrong", "unextractable", "inconsistent", "truncated", "failed")


class ResultsError(Exception):
    """A folder that is no run, or a line that is no record."""


def open_run(folder):
    """Opens the folder of a run, e.g. ``outputs/default/latest``."""
    path = os.path.abspath(os.path.expanduser(str(folder)))
    kinds = ("performances", "predictions", "results")
    if not any(os.path.isdir(os.path.join(path, kind)) for kind in kinds):
        raise ResultsError(
            "%s is not the folder of a run: it has none of %s; give the folder that the run printed as Results"
            % (path, ", ".join(kinds))
        )
    return Run(path)


def frame(rows):
    """Makes a ``pandas.DataFrame`` of a list of dicts."""
    try:
        import pandas
    except ImportError as error:
        raise ImportError("frame() needs pandas: pip install pandas") from error
    return pandas.DataFrame(rows)


class Run:
    """The folder of one run. Each method reads the files anew, so that a run can be looked at while it goes on."""

    def __init__(self, path):
        self.path = path
        self.name = os.path.basename(os.path.realpath(path))

    def __repr__(self):
        return "Run(%r)" % self.path

    def records(self, model=None, dataset=None, events=False):
        """Returns one dict a request, with TTFT, TPOT and E2EL computed as ``docs/metrics.md`` defines them.

        ``model`` and ``dataset`` select by abbr. With ``events`` each dict has ``events``: the reply's events as dicts with ``at_ms``,
        ``kind``, ``tokens`` (0 = unknown) and ``shared_read``.
        """
        tasks: dict = {}
        for path in sorted(glob.glob(self._files("performances", "*", "*_records*.jsonl"))):
            if _RECORDS.search(path):
                tasks.setdefault(_RECORDS.sub("", path), []).append(path)
        rows: list = []
        for paths in tasks.values():
            # One file a load worker: in the order in which requests ended, as one process would have written them.
            lines = _by_end([_lines(path, "record") for path in paths])
            rows.extend(self._last_attempts(lines, lambda line: line["call"]))
        rows = [_record_row(self.name, line, events) for line in rows]
        return [row for row in rows if _is_of(row, model, dataset)]

    def samples(self, model=None, dataset=None, verdict=None):
        """Returns one dict an answer (of a dialogue: a turn), with its verdict where the run was scored.

        ``model`` and ``dataset`` select by abbr, ``verdict`` by ``correct``, ``partial``, ``wrong``, ``unextractable``,
        ``inconsistent``, ``truncated`` or ``failed``.
        """
        rows: list = []
        for path in sorted(glob.glob(self._files("predictions", "*", "*.jsonl"))):
            verdicts = self._verdicts(path)
            lines = self._last_attempts(_lines(path, "prediction"), _call_of)
            rows.extend(_sample_row(self.name, line, verdicts) for line in lines)
        return [row for row in rows if _is_of(row, model, dataset) and verdict in (None, row["verdict"])]

    def summary(self, files=False):
        """Returns one dict a task (a model on a dataset): its score, and the metrics and validity of its load.

        Metrics are named like ``TTFT Average`` and ``Request Throughput``, in the units of ``summary_<time>.md``. With ``files`` each dict
        has the whole ``results/…json`` as ``score`` and ``performances/…json`` as ``performance``.
        """
        tasks: dict = {}
        for path in sorted(glob.glob(self._files("results", "*", "*.json"))):
            tasks.setdefault(_task_of(path), {})["score"] = _read_json(path)
        for path in sorted(glob.glob(self._files("performances", "*", "*.json"))):
            if not re.search(r"_(?:client(?:\.w\d+)?|end)\.json$", path):
                tasks.setdefault(_task_of(path), {})["performance"] = _read_json(path)
        return [_summary_row(self.name, task, tasks[task], files) for task in sorted(tasks)]

    def _files(self, *names):
        return os.path.join(glob.escape(self.path), *names)

    def _verdicts(self, predictions):
        folder, file = os.path.split(predictions)
        result = re.sub(r"(?:\.w\d+)?\.jsonl$", ".json", file)
        path = os.path.join(self.path, "results", os.path.basename(folder), result)
        details = (_read_json(path) if os.path.exists(path) else {}).get("details", {})
        found = details.values() if isinstance(details, dict) else details
        return {(one["id"], one.get("turn")): one for one in found if isinstance(one, dict) and "id" in one}

    def _last_attempts(self, lines, call_of):
        """Of a task that was continued: of each sample the requests of its last attempt."""
        lines = list(lines)
        path = os.path.join(self.path, "configs", "continued.json")
        continued = {tuple(json.loads(one)) for one in _read_json(path)} if os.path.exists(path) else set()
        attempts: dict = {}
        for n, line in enumerate(lines):
            call = call_of(line)
            if (call.get("model"), call.get("dataset")) not in continued:
                continue
            key = (call.get("turn"), call.get("label"))
            start, seen = attempts.get(call["id"], (n, set()))
            attempts[call["id"]] = (n, {key}) if key in seen else (start, seen | {key})
        return [line for n, line in enumerate(lines) if n >= attempts.get(call_of(line)["id"], (0, None))[0]]


def _lines(path, what):
    """The objects of a JSON Lines file. A last line without its line feed was cut off by a crash and is no data."""
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n") or not line.strip():
                continue
            try:
                data = json.loads(line.decode("utf-8"))
            except ValueError as error:
                raise ResultsError("%s:%d is no %s: %s" % (path, number, what, error)) from error
            key = "call" if what == "record" else "uuid"
            if not isinstance(data, dict) or key not in data:
                raise ResultsError("%s:%d is no %s: it has no %s" % (path, number, what, key))
            if what == "record" and data.get("v") != 1:
                raise ResultsError("%s:%d has format %r, and this reader knows 1" % (path, number, data.get("v")))
            yield data


def _read_json(path):
    with open(path, encoding="utf-8") as file:
        try:
            return json.load(file)
        except ValueError as error:
            raise ResultsError("%s is not JSON: %s" % (path, error)) from error


def _by_end(files):
    if len(files) == 1:
        return files[0]
    heads = []
    for n, lines in enumerate(files):
        ended = float("-inf")
        for line in lines:
            ended = line.get("times", {}).get("done", ended)
            heads.append((ended, n, line))
    heads.sort(key=lambda head: head[:2])
    return [line for _, _, line in heads]


def _task_of(path):
    folder, file = os.path.split(path)
    return os.path.basename(folder), os.path.splitext(file)[0]


def _is_of(row, model, dataset):
    return model in (None, row["model"]) and dataset in (None, row["dataset"])


def _call_of(line):
    return {"id": line["uuid"], "model": line.get("model"), "dataset": line.get("data_abbr"), "turn": line.get("turn_id")}


def _record_row(run, line, with_events):
    call, times = line["call"], line.get("times", {})
    failure = line.get("failure") or {}
    events = _events(times.get("events"))
    row = {"run": run, "model": call["model"], "dataset": call["dataset"], "id": call["id"]}
    row.update({name: call.get(name) for name in ("index", "repetition", "turn", "label")})
    row.update(outcome=line.get("outcome"), attempts=line.get("attempt"), streamed=line.get("streamed"))
    row.update(server=line.get("server"), adapter=line.get("adapter"), worker=line.get("worker", line.get("agent")))
    row["finish_reason"] = line.get("finishReason")
    row.update(failure_kind=failure.get("kind"), failure_message=failure.get("message"), http_status=failure.get("status"))
    for name, key in (("input_tokens", "inputTokens"), ("output_tokens", "outputTokens")):
        count = line.get(key) or {}
        row[name], row[name + "_source"] = count.get("value"), count.get("source")
    row.update(cached_tokens=line.get("cachedTokens"), reasoning_tokens=line.get("reasoningTokens"))
    row.update({name + "_ms": times.get(name) for name in ("scheduled", "sent", "headers", "done")})
    row.update(_latencies(row, events, line.get("severalTokens") is True))
    if with_events:
        row["events"] = events
    return row


def _events(packed):
    if not packed:
        return []
    events, at = [], 0
    tokens, shared = packed.get("tokens"), packed.get("shared")
    for n, gap in enumerate(packed["at"]):
        at += gap
        events.append(
            {
                "at_ms": at / 1000,
                "kind": _KINDS.get(packed["kind"][n], "other"),
                "tokens": tokens[n] if tokens else 0,
                "shared_read": bool(shared) and shared[n] == "1",
            }
        )
    return events


def _latencies(row, events, several_tokens):
    found = {"ttft_ms": None, "tpot_ms": None, "e2el_ms": None}
    sent, done = row["sent_ms"], row["done_ms"]
    if row["outcome"] != "ok" or sent is None:
        return found
    if not row["streamed"]:
        found["e2el_ms"] = None if done is None else done - sent
        return found
    payload = [event for event in events if event["kind"] in _PAYLOAD_KINDS]
    if not payload:
        return found
    first, last = payload[0], payload[-1]
    found["e2el_ms"] = last["at_ms"] - sent
    if _came_at_once(row, payload, several_tokens):
        return found
    found["ttft_ms"] = first["at_ms"] - sent
    later = (row["output_tokens"] or 0) - (first["tokens"] or 1)
    span = last["at_ms"] - first["at_ms"]
    if len(payload) > 1 and later > 0 and span > 0:
        found["tpot_ms"] = span / later
    return found


def _came_at_once(row, payload, several_tokens):
    """Returns whether an answer of several tokens came at one instant, so that the time of its first token is not known."""
    if payload[0]["at_ms"] != payload[-1]["at_ms"]:
        return False
    tokens = row["output_tokens"] or 0
    if tokens > 0 and row["output_tokens_source"] != "chunks":
        return tokens > 1
    return len(payload) > 1 or several_tokens


def _sample_row(run, line, verdicts):
    call = _call_of(line)
    scored = verdicts.get((call["id"], call["turn"]), {})
    extraction = scored.get("extraction") or {}
    credit = scored.get("credit")
    if credit is None and scored:
        credit = 1 if scored.get("verdict") == "correct" else 0
    return {
        "run": run,
        "model": call["model"],
        "dataset": call["dataset"],
        "id": call["id"],
        "index": line.get("id"),
        "repetition": line.get("repetition"),
        "turn": call["turn"],
        "success": line.get("success"),
        "prompt": line.get("origin_prompt"),
        "content": line.get("content"),
        "reasoning": line.get("reasoning_content"),
        "tool_calls": line.get("tool_calls"),
        "finish_reason": line.get("finish_reason"),
        "failure": line.get("failure"),
        "source": line.get("source"),
        "details": line.get("details"),
        "target": scored.get("reference", line.get("gold")),
        "verdict": scored.get("verdict"),
        "credit": credit,
        "answer": extraction.get("answer"),
        "rule": extraction.get("rule"),
        "explanation": scored.get("explanation"),
        "compat_verdict": (scored.get("compat") or {}).get("verdict"),
    }


def _summary_row(run, task, found, with_files):
    score, performance = found.get("score"), found.get("performance")
    score, performance = score or {}, performance or {}
    interval, summary = score.get("interval") or {}, performance.get("summary") or {}
    row = {"run": run, "model": performance.get("model", task[0]), "dataset": performance.get("dataset", task[1])}
    row.update(metric=score.get("metric"), value=score.get(score.get("metric"), score.get("accuracy")))
    row.update(low=interval.get("low"), high=interval.get("high"))
    row.update({name: score.get(name) for name in _VERDICT_COUNTS})
    row.update(validity=performance.get("verdict"), reasons=performance.get("reasons"))
    for one in (summary.get("rows") or []) + (summary.get("further") or []):
        for name, value in (one.get("stats") or {}).items():
            row["%s %s" % (one["name"], name[:1].upper() + name[1:])] = value
    for one in summary.get("common") or []:
        row[one["name"]] = one["value"]
    if with_files:
        row.update(score=found.get("score"), performance=found.get("performance"))
    return row
