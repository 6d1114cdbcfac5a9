/** Report pages of made-up runs, one for each state that a page can be in: drawn from a seed, so that they are always the same. */

import type { FailureKind, RunRecord, Transcript } from '../../src/contract/record.ts';
import { decodeRecord, encodeRecord } from '../../src/contract/record-codec.ts';
import { gsm8kGold } from '../../src/dataset/builtin/math.ts';
import { gsm8kEvaluator, gsm8kPostprocess } from '../../src/evaluate/evaluators/gsm8k.ts';
import { judgeTranscripts } from '../../src/evaluate/judge.ts';
import { score } from '../../src/evaluate/score.ts';
import { RunSummary } from '../../src/metrics/summary.ts';
import type { SummaryOptions } from '../../src/metrics/types.ts';
import type { Page } from '../../src/report/page/render.ts';
import { PageRequests } from '../../src/report/page/requests.ts';
import { type RunPage, type TaskPart, taskPart } from '../../src/report/page/run-page.ts';
import { type PageSample, PageSamples } from '../../src/report/page/samples.ts';
import type { PerformanceReport } from '../../src/report/performance.ts';
import type { WorkerFacts } from '../../src/report/workers.ts';
import { summarizeServerMetrics, type TimedReading } from '../../src/scrape/summary.ts';
import { sampleAnswer, sampleFailure } from './sample-record.ts';

/** Text that would run, load or break something if a page took it for HTML. */
const HOSTILE = [
  '</script><script>globalThis.hacked = 1</script>',
  '<img src=x onerror="globalThis.hacked = 1">',
  '<svg onload="globalThis.hacked = 1"><style>body{display:none}</style>',
  `<a href="javascript:globalThis.hacked=1">click</a> <iframe src="https://example.com"></iframe>`,
  '<!-- <!--> ]]> &lt;b&gt; {{hacked}} \u2028\u202e reversed \u0000 zero',
].join('\n');

/** A generator of numbers from 0 to 1. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface LoadShape {
  readonly requests: number;
  /** Requests a second. */
  readonly rate: number;
  /** Share of requests that fail. */
  readonly failing?: number;
  readonly streamed?: boolean;
  /** Every answer comes in one socket read. */
  readonly atOnce?: boolean;
}

const KINDS: readonly FailureKind[] = ['timeout', 'connect', 'http-status', 'server-error', 'truncated'];

/** Records of an open loop, as they come back from disk. */
function recordsOf({ requests, rate, failing = 0, streamed = true, atOnce = false }: LoadShape): RunRecord[] {
  const random = randomFrom(7);
  const exponential = (mean: number) => -mean * Math.log(1 - random());
  let scheduled = 400;
  return Array.from({ length: requests }, (_, n) => {
    scheduled += exponential(1000 / rate);
    const sent = scheduled + exponential(0.2);
    const call = { id: `c${n}`, model: 'qwen3-8b', dataset: 'sharegpt', index: n, repetition: 0 };
    return reread({
      ...(random() < failing ? failed(sent, random) : answered(sent, { random, streamed, atOnce })),
      call,
    });
  });
}

function reread(record: RunRecord): RunRecord {
  return decodeRecord(encodeRecord(record), 'a page of the tests');
}

function failed(sent: number, random: () => number): RunRecord {
  const kind = KINDS[Math.floor(random() * KINDS.length)]!;
  const status = kind === 'http-status' ? { status: 503, bodyExcerpt: '{"error":"overloaded"}' } : {};
  const message =
    kind === 'http-status' ? 'the service answered 503 Service Unavailable' : `${kind} after a while`;
  return sampleFailure(
    { kind, message, ...status },
    { scheduled: sent - 0.1, sent, done: sent + 900 * random() },
  );
}

interface AnswerShape extends Required<Pick<LoadShape, 'streamed' | 'atOnce'>> {
  readonly random: () => number;
}

function answered(sent: number, { random, streamed, atOnce }: AnswerShape): RunRecord {
  const ttft = 80 + 120 * random() ** 3 + 30 * random();
  const output = 20 + Math.floor(180 * random() ** 2);
  let at = sent + ttft;
  const events = Array.from({ length: output }, (_, n) => {
    if (n > 0) at += 8 + 6 * random() ** 4 * (1 + n / 40);
    return ['content', at, 1] as const;
  });
  const read = events.map(([kind, , tokens], n) => [kind, at, tokens, n > 0] as const);
  const retried = random() < 0.01;
  return sampleAnswer({
    scheduled: sent - 0.1,
    sent,
    done: at + 1,
    ...(streamed ? { events: atOnce ? read : events } : {}),
    input: 100 + Math.floor(900 * random()),
    output,
    ...(retried
      ? { attempt: 2, earlier: [{ kind: 'connect', message: 'connection reset by the service' }] }
      : {}),
  });
}

interface Measured {
  readonly performance: PerformanceReport;
  readonly requests: PageRequests;
}

/** Records as a report and as columns of a page. */
function measured(
  records: Iterable<RunRecord>,
  options: SummaryOptions,
  more: Partial<PerformanceReport> = {},
): Measured {
  const run = new RunSummary(options);
  const requests = new PageRequests({ withKeys: true });
  for (const record of records) {
    run.add(record);
    requests.add(record);
  }
  return {
    performance: { model: 'qwen3-8b', dataset: 'sharegpt', summary: run.finish(), ...more },
    requests,
  };
}

function readings(until: number): TimedReading[] {
  const random = randomFrom(3);
  return Array.from({ length: 40 }, (_, n) => ({
    at: (n * until) / 39,
    phase: n === 0 ? 'before' : n === 39 ? 'after' : 'during',
    backend: 'vllm',
    gauges: {
      running: n === 0 || n === 39 ? 0 : Math.round(20 + 10 * random()),
      waiting: n % 9 === 4 ? 3 : 0,
      kvCache: Math.min(1, 0.2 + n / 60),
    },
    counters: {
      requests: n * 15,
      promptTokens: n * 9000,
      generatedTokens: n * 1200,
      prefixQueries: n * 9000,
      prefixHits: n * 2000,
    },
    histograms: {},
  }));
}

/** An open loop with failures, retries and the service's own numbers. */
function loadTask(shape: LoadShape = { requests: 600, rate: 20, failing: 0.03 }): TaskPart {
  const server = summarizeServerMetrics(readings((1000 * shape.requests) / shape.rate + 2000));
  const options: SummaryOptions = {
    concurrency: 64,
    ratePerSecond: shape.rate,
    slos: { ttft: 200, tpot: 12 },
  };
  const more = server === undefined ? {} : { server: { summary: server, failures: 0, speculation: false } };
  const { performance, requests } = measured(recordsOf(shape), options, more);
  return taskPart({ model: 'qwen3-8b', dataset: 'sharegpt', performance, requests });
}

/** Answers of every kind, hostile and long ones among them. */
function transcripts(count: number): Transcript[] {
  const random = randomFrom(11);
  return Array.from({ length: count }, (_, n) => {
    const right = Math.floor(1000 * random());
    const said = random() < 0.7 ? right : right + 1;
    const contents: Readonly<Record<number, string>> = {
      3: 'I do not know.',
      5: `${HOSTILE}\nThe answer is ${said}`,
      7: `${'Let us think about it once more, step by step. '.repeat(400)}\n#### ${said}`,
      9: `一共有 ${said} 个苹果，先把它们分成两堆，然后再加起来。\n答案是 ${said}`,
    };
    const content = contents[n] ?? `First there are ${right - 3}, then 3 more come.\nThe answer is ${said}.`;
    const call = { id: `q${n}`, model: 'qwen3-8b', dataset: 'gsm8k', index: n, repetition: 0 };
    return {
      call,
      success: n % 17 !== 16,
      prompt: [
        { role: 'system', content: 'You are a careful assistant.' },
        {
          role: 'user',
          content: n === 5 ? HOSTILE : `Question ${n}: how many apples are there? 共有多少个苹果？`,
        },
      ],
      content: n % 17 === 16 ? '' : content,
      reasoningContent: n % 4 === 1 ? `There are ${right} of them, I think. ${HOSTILE}` : '',
      toolCalls:
        n === 13 ? [{ type: 'function', function: { name: 'add', arguments: '{"a":1,"b":2}' } }] : [],
      finishReason: n === 3 || n === 20 ? 'length' : 'stop',
      gold: `It is easy.\n#### ${right}`,
      ...(n % 17 === 16 ? { failure: { kind: 'timeout' as const, message: 'no byte for 60 s' } } : {}),
    };
  });
}

interface Scored {
  readonly task: TaskPart;
  readonly samples: readonly PageSample[];
}

/** A scored run, its requests measured too. */
async function accuracyTask(count = 200, attachment = 'samples-0'): Promise<Scored> {
  const texts = transcripts(count);
  const options = {
    evaluator: gsm8kEvaluator,
    extractor: gsm8kPostprocess,
    reference: gsm8kGold,
  };
  const judged = await judgeTranscripts(texts, options);
  const records = recordsOf({ requests: count, rate: 10 }).map((record, n) => ({
    ...record,
    call: texts[n]!.call,
  }));
  const { performance, requests } = measured(records, { concurrency: 16 }, { accuracyBatchSize: 16 });
  const collected = new PageSamples(judged, requests.rowsByKey());
  for (const text of texts) collected.add(text);
  const { part, samples } = collected.finish(attachment);
  const card = score(judged);
  const report = { model: 'qwen3-8b', dataset: 'gsm8k', card, compatValue: card.byRules!.compat };
  const task = taskPart({
    ...{ model: 'qwen3-8b', dataset: 'gsm8k', requests },
    performance: { ...performance, dataset: 'gsm8k' },
    score: { report, judged, samples: part },
  });
  return { task, samples };
}

function page(tasks: readonly TaskPart[], attachments: Page['attachments'] = {}): Page {
  const payload: RunPage = { name: '20260105_070809', version: '0.1.0', tasks };
  return { kind: 'run', title: 'ais_bench 20260105_070809', payload, attachments };
}

/** One that has what a row can have, and one that has nothing. */
const WORKERS: readonly WorkerFacts[] = [
  {
    ...{
      name: 'load-agents-17-x7k2p',
      host: 'load-agents-17.a-node-with-a-long-name.cluster.local',
      processes: [1, 3],
    },
    clock: { offsetMs: -86_412.5, boundMs: 0.34 },
    clockAfter: { offsetMs: -86_412.4, boundMs: 0.4 },
    startLagMs: 0.8,
  },
  { name: 'b', host: 'b', processes: [2], lostTo: 'silent for 10 s' },
];

/** Every state by its name. */
export async function pageStates(): Promise<Readonly<Record<string, Page>>> {
  const { task, samples } = await accuracyTask();
  const text = measured(
    recordsOf({ requests: 1, rate: 1, streamed: false }),
    { concurrency: 1 },
    { workers: WORKERS },
  );
  const atOnce = measured(recordsOf({ requests: 40, rate: 20, atOnce: true }), { concurrency: 8 });
  const failing = measured(recordsOf({ requests: 40, rate: 20, failing: 1 }), { concurrency: 8 });
  const model = 'a-model-whose-name-is-much-longer-than-anybody-would-like-it-to-be-v2.5-instruct-fp8';
  const of = { model, dataset: 'a_dataset_with_a_long_name_gen_0_shot_cot_chat_prompt' };
  return {
    load: page([loadTask()]),
    accuracy: page([task], { 'samples-0': samples }),
    several: page([{ ...task, ...of }, loadTask()], { 'samples-0': samples }),
    text: page([taskPart({ ...of, ...text })]),
    whole: page([taskPart({ ...of, ...atOnce })]),
    failed: page([taskPart({ ...of, ...failing })]),
    empty: page([]),
  };
}
