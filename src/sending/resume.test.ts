import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { runFake } from '../../test/support/fake-ask.ts';
import { sampleFailure } from '../../test/support/sample-record.ts';
import { DIALOGUES, sampleClass, sampleDataset, samplePlan } from '../../test/support/sample-source.ts';
import type { Mode } from '../config/modes.ts';
import type { LoadConfig } from '../config/plan.ts';
import { BaseAPIModel } from '../contract/base-api-model.ts';
import type { FailureKind, RunRecord, Transcript } from '../contract/record.ts';
import { encodeRecord, encodeTranscript } from '../contract/record-codec.ts';
import { redactor } from '../store/redact.ts';
import { customDialogue } from './custom-dialogue.ts';
import { multiTurn, perplexity, singleTurn } from './inferencers.ts';
import type { Task } from './prepare.ts';
import { readResume } from './resume.ts';
import { requestCount, sampleAt, sampleCount, type TaskSamples } from './shape.ts';

const folder = mkdtempSync(join(tmpdir(), 'resume-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const files = { records: join(folder, 'r.jsonl'), predictions: join(folder, 'p.jsonl') };

const REPETITIONS = 2;
const model = samplePlan({ repetitions: REPETITIONS });
const setting = (dataset: ReturnType<typeof sampleDataset>) => ({ model, dataset, train: [] });

const single = singleTurn(setting(sampleDataset()));
const dialogue = multiTurn(setting(sampleDataset(DIALOGUES)));

class Scoring extends BaseAPIModel {
  getUrl(): string {
    return this.baseUrl;
  }
  getRequestBody(): object {
    return {};
  }
  override getPplRequestBody(): object {
    return {};
  }
  override getPromptLogprobs(): readonly (number | null)[] {
    return [];
  }
}
const choice = perplexity(
  {
    ...setting(
      sampleDataset({
        prompt_template: { template: { A: '{question} yes', B: '{question} no' } },
        inferencer: { type: 'PPLInferencer' },
      }),
    ),
    model: { ...model, ...sampleClass(Scoring) },
  },
  'all',
);

/** One request for `a`, two for any other question. */
const custom = customDialogue(
  setting(sampleDataset({ inferencer: { type: 'Mine' } })),
  async ({ prompt, row }, ask) => {
    const first = await ask(prompt);
    const last = row['question'] === 'a' ? first : await ask('sure?');
    return { prediction: last.content };
  },
);

const source = (shape: TaskSamples['shape'], rows: readonly Record<string, unknown>[]): TaskSamples => ({
  model,
  shape,
  rows: rows.map((row, index) => ({ index, row })),
});
const SOURCES = {
  single: source(
    single,
    ['a', 'b', 'c é\u2028'].map((question) => ({ question, answer: `${question}!` })),
  ),
  dialogue: source(dialogue, [
    { question: ['a', 'b'], answer: ['A', 'B'] },
    { question: ['c', 'd', 'e'], answer: ['C', 'D', 'E'] },
  ]),
  custom: source(
    custom,
    ['a', 'b', 'c'].map((question) => ({ question, answer: `${question}!` })),
  ),
  choice: source(
    choice,
    ['a', 'b'].map((question) => ({ question, answer: 'B' })),
  ),
};
type Name = keyof typeof SOURCES;
const NAMES = Object.keys(SOURCES) as Name[];

interface Answered {
  readonly records: readonly RunRecord[];
  readonly told: readonly Transcript[];
}

/** What asking case `n` appends; `fail` breaks its request number `at`. */
async function answersOf(name: Name, n: number, fail?: { kind: FailureKind; at: number }): Promise<Answered> {
  const records: RunRecord[] = [];
  const score = { content: 'x', details: { loss: 1, perplexity: Math.E, tokens: 1 } };
  const one = sampleAt(SOURCES[name], n);
  const { told } = await runFake(
    {
      ...one,
      run: (due, ask, tell, context) =>
        one.run(
          due,
          async (call, at) => {
            const answer = await ask(call, at);
            if (answer !== undefined) records.push(answer.record);
            return answer;
          },
          tell,
          context,
        ),
    },
    n * 100,
    (_call, request) => (request === fail?.at ? { fail: fail.kind } : score),
  );
  // What `runTask` adds when the sample is over.
  const stamp = (record: RunRecord) => ({ ...record, call: { ...record.call, turns: records.length } });
  return { records: SOURCES[name].shape.isOpenEnded ? records.map(stamp) : records, told };
}

const lines = (texts: readonly string[]) => Buffer.from(texts.map((text) => `${text}\n`).join(''));

function write({ records, told }: Answered, cut: { records?: number; told?: number } = {}): void {
  const whole = [lines(records.map(encodeRecord)), lines(told.map(encodeTranscript))] as const;
  writeFileSync(files.records, whole[0].subarray(0, cut.records));
  writeFileSync(files.predictions, whole[1].subarray(0, cut.told));
}

const joined = (parts: readonly Answered[]): Answered => ({
  records: parts.flatMap(({ records }) => records),
  told: parts.flatMap(({ told }) => told),
});

async function resume(
  name: Name,
  mode: Mode = 'all',
  secrets: readonly string[] = [],
  load: Partial<LoadConfig> = {},
) {
  const halves: string[] = [];
  const task = { model, dataset: { abbr: 'data' }, source: SOURCES[name] } as unknown as Task;
  const { tasks, lastEnd } = await readResume([task], {
    mode,
    load: { seed: 0, durationMs: undefined, pressure: false, cycle: false, workers: 1, ...load },
    filesOf: () => ({ ...files, records: [files.records] }),
    redact: redactor(secrets),
    onHalfLine: (where) => halves.push(where),
  });
  return { ...tasks.get(task)!, lastEnd, halves };
}

const casesOf = (name: Name) => Array.from({ length: sampleCount(SOURCES[name]) }, (_, n) => n);

/** How many whole lines the first bytes of a file are. */
const wholeLines = (texts: readonly string[], bytes: number) =>
  lines(texts)
    .subarray(0, bytes)
    .filter((byte) => byte === 10).length;

describe('what is left', () => {
  it.each(NAMES)('after a crash that left any bytes of the two files: %s', async (name) => {
    const all = joined(await Promise.all(casesOf(name).map((n) => answersOf(name, n))));
    const [records, told] = [all.records.map(encodeRecord), all.told.map(encodeTranscript)];
    const upTo = (texts: readonly string[]) => fc.nat(lines(texts).length);
    await fc.assert(
      fc.asyncProperty(upTo(records), upTo(told), async (recordBytes, toldBytes) => {
        write(all, { records: recordBytes, told: toldBytes });
        const lost = [
          ...all.records.slice(wholeLines(records, recordBytes)),
          ...all.told.slice(wholeLines(told, toldBytes)),
        ].map(({ call }) => call.id);
        const { left, ids, strange } = await resume(name);
        const expected = casesOf(name).filter((n) => lost.includes(sampleAt(SOURCES[name], n).ref.id));
        expect(left.only).toEqual(expected);
        expect(ids!.size).toBe(sampleCount(SOURCES[name]));
        expect(strange).toBe(0);
      }),
    );
  });

  it.each(NAMES)('are the cases that failed, until a later session answers them: %s', async (name) => {
    const history = fc.tuple(...casesOf(name).map(() => fc.array(fc.boolean(), { maxLength: 3 })));
    const last = requestCount({ ...SOURCES[name], only: [0] }) - 1;
    await fc.assert(
      fc.asyncProperty(history, async (attempts) => {
        const parts: Answered[] = [];
        for (let session = 0; session < 3; session++) {
          for (const [n, outcomes] of attempts.entries()) {
            if (session >= outcomes.length) continue;
            parts.push(
              await answersOf(name, n, outcomes[session] ? undefined : { kind: 'timeout', at: last }),
            );
          }
        }
        write(joined(parts));
        const { left, continued } = await resume(name);
        const expected = casesOf(name).filter((n) => attempts[n]!.at(-1) !== true);
        expect(left.only).toEqual(expected);
        expect(continued).toBe(expected.length > 0 && parts.length > 0);
      }),
      { numRuns: 30 },
    );
  });

  it('is everything where there are no files', async () => {
    rmSync(files.records, { force: true });
    rmSync(files.predictions, { force: true });
    const { left, lastEnd, continued } = await resume('single');
    expect(left.only).toEqual(casesOf('single'));
    expect([lastEnd, continued]).toEqual([0, false]);
  });

  it('is asked as cases of the whole source', async () => {
    write(await answersOf('dialogue', 0));
    const { left } = await resume('dialogue');
    expect(sampleCount(left)).toBe(3);
    expect(requestCount(left)).toBe(2 + 3 + 3);
    expect([0, 1, 2].map((n) => sampleAt(left, n).ref)).toEqual(
      [1, 2, 3].map((n) => sampleAt(SOURCES.dialogue, n).ref),
    );
  });

  it('holds a case whose reference has changed', async () => {
    const { records, told } = await answersOf('single', 0);
    write({ records, told: told.map((one) => ({ ...one, gold: 'another' })) });
    expect((await resume('single')).left.only).toContain(0);
    write({ records, told: told.map((one) => ({ ...one, gold: '***' })) });
    expect((await resume('single', 'all', ['a!'])).left.only).toContain(0);
  });

  it('knows a reference again in which a secret was masked', async () => {
    const secret = 'c é\u2028!';
    const { records, told } = await answersOf('single', 4);
    write({ records, told: told.map((one) => ({ ...one, gold: '***' })) });
    expect((await resume('single', 'all', [secret])).left.only).not.toContain(4);
  });

  it('counts cases that the plan does not have', async () => {
    const { records, told } = await answersOf('single', 0);
    const rename = <T extends RunRecord | Transcript>(one: T) => ({
      ...one,
      call: { ...one.call, id: 'old' },
    });
    write({ records: [...records, ...records.map(rename)], told: [...told, ...told.map(rename)] });
    const { strange, left } = await resume('single');
    expect(strange).toBe(1);
    expect(left.only).toEqual(casesOf('single').slice(1));
  });
});

describe('a dialogue of the user’s own', () => {
  it('that went on after a failed request is done; one that was broken off is not', async () => {
    const { records, told } = await answersOf('custom', 2);
    const [first, second] = records as [RunRecord, RunRecord];
    const failure = { kind: 'timeout', message: 'late' } as const;
    const failed = { ...sampleFailure(failure, { sent: 0, done: 1 }), call: first.call };
    write({ records: [failed, second], told });
    expect((await resume('custom')).left.only).not.toContain(2);
    expect((await resume('custom', 'perf')).left.only).not.toContain(2);
    // Stopped after its first request: `turns` is more than there are.
    write({ records: [first], told: [] });
    expect((await resume('custom')).left.only).toContain(2);
    expect((await resume('custom', 'perf')).left.only).toContain(2);
  });
});

describe('the files', () => {
  it('a half line is told once, with its place', async () => {
    const { records, told } = joined([await answersOf('single', 0), await answersOf('single', 1)]);
    write({ records, told }, { records: -5, told: -1 });
    expect((await resume('single')).halves).toEqual([`${files.records}:2`, `${files.predictions}:2`]);
  });

  it.each(['records', 'predictions'] as const)(
    'a broken middle of the %s is an error with its line',
    async (file) => {
      const { records, told } = joined(await Promise.all([0, 1, 2].map((n) => answersOf('single', n))));
      write({ records, told });
      const texts = file === 'records' ? records.map(encodeRecord) : told.map(encodeTranscript);
      writeFileSync(files[file], lines([texts[0]!, texts[1]!.slice(0, -9), texts[2]!]));
      await expect(resume('single')).rejects.toMatchObject({
        code: 'RUN-DATA-001',
        where: `${files[file]}:2`,
      });
    },
  );

  it('tell the last moment of the sessions before', async () => {
    write(joined([await answersOf('single', 3), await answersOf('single', 1)]));
    expect((await resume('single')).lastEnd).toBe(310);
  });
});

describe('a load test', () => {
  const timeout = { kind: 'timeout', at: 0 } as const;

  it('that is complete has nothing left: failures are results', async () => {
    const [first, ...rest] = casesOf('dialogue');
    const parts = [answersOf('dialogue', first!, timeout), ...rest.map((n) => answersOf('dialogue', n))];
    write({ ...joined(await Promise.all(parts)), told: [] });
    expect((await resume('dialogue', 'perf')).left.only).toEqual([]);
  });

  it('that measured nothing is begun', async () => {
    write({ records: [], told: [] });
    expect((await resume('single', 'perf')).left.only).toEqual(casesOf('single'));
  });

  it.each([
    ['was killed', undefined],
    ['was stopped', { kind: 'cancelled', at: 0 }],
  ] as const)('that %s half-way goes on with what it has not measured', async (_how, end) => {
    const parts = [answersOf('single', 0), ...(end === undefined ? [] : [answersOf('single', 1, end)])];
    write(joined(await Promise.all(parts)));
    const { left, continued } = await resume('single', 'perf');
    expect(left.only).toEqual(casesOf('single').slice(1));
    expect(continued).toBe(true);
  });

  it('that time ends cannot go on, and is reported all the same', async () => {
    write(await answersOf('single', 0));
    for (const load of [{ durationMs: 1000 }, { cycle: true }]) {
      await expect(resume('single', 'perf', [], load)).rejects.toMatchObject({
        code: 'RUN-PARAM-001',
        message: 'this load test cannot be continued: time ends it, not its cases',
      });
      expect((await resume('single', 'perf_viz', [], load)).left.only).toHaveLength(5);
    }
    write({ records: [], told: [] });
    expect((await resume('single', 'perf', [], { durationMs: 1000 })).left.only).toHaveLength(6);
  });

  it('that asks its data again and again counts every lap', async () => {
    write(await answersOf('single', 0));
    const { ids, strange } = await resume('single', 'perf_viz', [], { cycle: true });
    expect([ids, strange]).toEqual([undefined, 0]);
  });
});
