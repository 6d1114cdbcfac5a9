/**
 * No text that a model may write makes an extractor or an evaluator run for ever: 100 kB of one piece, over and over. Seconds of
 * the processor, which other programs do not use up; what was quadratic took up to 22.
 */
import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import type { BaseAPIModel, Framing } from '../../src/contract/base-api-model.ts';
import { parseCsv } from '../../src/dataset/csv.ts';
import { parseJsonl } from '../../src/dataset/read.ts';
import { FAMILIES, IFBENCH } from '../../src/evaluate/evaluators/ifeval.ts';
import { stripReasoning } from '../../src/evaluate/judge.ts';
import type { Configurable, Evaluator, PredPostprocessor } from '../../src/evaluate/types.ts';
import { parseSlos } from '../../src/metrics/goodput.ts';
import { fillColumns } from '../../src/prompt/template.ts';
import { compileTemplate } from '../../src/python-data/jinja.ts';
import { parsePrometheus } from '../../src/scrape/reading.ts';
import { fileNameKey } from '../../src/store/file-name.ts';
import { isSecretName, redactJson, redactor, secretsIn } from '../../src/store/redact.ts';
import { BodyCutter } from '../../src/transport/framing.ts';
import { SseReader } from '../../src/transport/sse.ts';
import { readText } from '../support/python-values.ts';

const ALL = [
  ...[
    'The correct answer is ',
    'answer: ',
    'answer is ',
    'Question: ',
    'Q',
    'Therefore, ',
    'I ',
    'A, ',
    'A. x\n',
  ],
  ...[
    '答案是',
    '答案是 。',
    '选',
    '我',
    'é ',
    '**',
    '* ',
    '***',
    '******',
    '[(',
    '(',
    '{',
    '[A]',
    '<<',
    '>> <<',
    '{"a":',
  ],
  ...[
    '<answer>',
    '<think>',
    '</think>',
    '1-',
    '1,',
    '1',
    '0.',
    '1/',
    '1. ',
    ' ',
    '\n',
    '\t\n',
    '"',
    "'",
    '! ',
    '. ',
  ],
  ...[
    'Mr. ',
    '\\boxed{',
    '\\frac',
    '\\text{',
    '\\sqrt',
    '\\left(',
    '\\',
    '^',
    'x^',
    'x+',
    '$',
    '$1$ ',
    '#### ',
  ],
  ...['```', '```\n', '[BEGIN]', 'def f():\n', 'a', 'a-', 'P.S'],
];
/** Every third of them in the short form. */
const PIECES = ALL.filter((_, n) => n % 3 === 0 || process.env['RELIABILITY_CASES'] !== undefined);
const LIMIT_S = 10;

const KEYS: Readonly<Record<string, object>> = {
  first_option_postprocess: { options: 'ABCD' },
  last_option_postprocess: { options: 'ABCD' },
  match_answer_pattern: { answer_pattern: String.raw`(?i)ANSWER\s*:\s*([A-D])` },
  'specific-xml-tag': { tag: '<answer>' },
  xml_tag_postprocessor: { tag: '<answer>' },
  pattern_postprocess: { patterns: [String.raw`answer is (\w+)`] },
  mgsm_postprocess: { lang: 'en' },
  MATHEvaluator: { version: 'v2' },
};

const CHOICE = { answer: 'A', choices: { A: 'a red car', B: 'Paris' }, groups: ['cars'] };

const IFEVAL_KWARGS = {
  ...{
    keywords: ['x'],
    keyword: 'x',
    forbidden_words: ['x'],
    letter: 'x',
    relation: 'at least',
    frequency: 9,
  },
  ...{ let_relation: 'at least', let_frequency: 9, capital_relation: 'at least', capital_frequency: 9 },
  ...{ language: 'fr', num_sentences: 9, num_words: 9, num_paragraphs: 9, nth_paragraph: 2, first_word: 'x' },
  ...{ num_placeholders: 9, postscript_marker: 'P.P.S', num_bullets: 9, num_highlights: 9, num_sections: 9 },
  ...{ section_spliter: 'Section', end_phrase: 'x', prompt_to_repeat: 'x' },
};
const IFBENCH_KWARGS = {
  ...{ N: 3, small_n: 3, min_words: 9, max_words: 12, percentage: 40, reference_text: 'a b c d', sep: '...' },
  ...{ keyword1: 'x', keyword2: 'x', keyword3: 'x', keyword4: 'x', keyword5: 'x', keyword: 'x', n: 2, m: 2 },
  ...{ options: 'yes/no/maybe', word: 'x', prompt_to_repeat: 'so it goes', n_start: 0, n_end: 1 },
};
const idsIn = (families: Readonly<Record<string, object>>) =>
  Object.entries(families).flatMap(([family, types]) =>
    Object.keys(types).map((type) => `${family}:${type}`),
  );
const ids = idsIn(FAMILIES);
const ifBenchIds = idsIn(IFBENCH.fixed);
const BFCL_GOLD = {
  category: 'simple',
  asked: 'text',
  functions: [
    { name: 'f', parameters: { type: 'dict', properties: { a: { type: 'string' } }, required: ['a'] } },
  ],
  answer: '{"id": "simple_0", "ground_truth": [{"f": {"a": ["Paris"]}}]}',
};

const GOLDS: Readonly<Record<string, unknown>> = {
  IFEvaluator: { key: 1, instruction_id_list: ids, kwargs: ids.map(() => IFEVAL_KWARGS) },
  IFBenchEvaluator: {
    ...{ key: 1, instruction_id_list: ifBenchIds, kwargs: ifBenchIds.map(() => IFBENCH_KWARGS) },
  },
  EDAccEvaluator: { candidates: ['Paris', 'a city that is far away'], label: 0 },
  BFCLEvaluator: BFCL_GOLD,
  BFCLSingleTurnEvaluator: BFCL_GOLD,
  BFCLRelevanceEvaluator: BFCL_GOLD,
  LongBenchRetrievalEvaluator: 'Paragraph 7',
  LongBenchClassificationEvaluator: { answers: ['Paris'], all_classes: ['Paris', 'a red car'] },
  OptionSimAccEvaluator: { answer: 'A', options: { A: 'a red car', B: 'Paris' } },
  BBoxIoUEvaluator: { bbox: [0, 0, 100, 50], image_width: 200, image_height: 100 },
  NeedleBenchOriginEvaluator: 'a fact*fact',
  NeedleBenchParallelEvaluator: 'fact*Paris#0*50',
  LongBenchv2Evaluator: { answer: 'A', difficulty: 'easy', length: 'short' },
  TEXTEvaluator: ['Paris', 'a red car'],
  TEXTEvaluatorForGlm4v: ['Paris', 'a red car'],
  MMMUEvaluator: CHOICE,
  MMMUProEvaluator: CHOICE,
  MMMUProCotEvaluator: CHOICE,
  MathVisionEvaluator: CHOICE,
  MMStarEvaluator: CHOICE,
};

async function made<T extends object>(name: string, load: () => Promise<Configurable<T>>): Promise<T> {
  const found = await load();
  return typeof found === 'function' ? (found as (keys: object) => T)(KEYS[name] ?? {}) : found;
}

/** Pieces that take too long. */
async function slowOnes(act: (text: string) => unknown): Promise<string[]> {
  const slow: string[] = [];
  for (const piece of PIECES) {
    const text = piece.repeat(Math.ceil(100_000 / piece.length));
    const before = process.cpuUsage();
    await act(text);
    const seconds = process.cpuUsage(before).user / 1e6;
    if (seconds > LIMIT_S) slow.push(`${JSON.stringify(piece)}: ${seconds} s`);
  }
  return slow;
}

it('all instruction types of IFEval and IFBench are among them', () => {
  expect([ids.length, ifBenchIds.length]).toEqual([25, 58]);
});

/** Cuts a body that comes in pieces of 100 bytes. */
function cut(framing: Framing, text: string): void {
  const cutter = new BodyCutter({ getFraming: () => framing } as BaseAPIModel, () => {});
  const bytes = Buffer.from(text);
  for (let n = 0; n < bytes.length; n += 100) cutter.feed(bytes.subarray(n, n + 100));
  cutter.end();
}

/** Everything else that reads text of others. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'JSON lines': (text) => parseJsonl(text, 'f'),
  CSV: (text) => parseCsv(text, 'f'),
  'Jinja templates': (text) => compileTemplate(`${text}{{ ${text}`),
  "AISBench's templates": (text) => fillColumns(text, { a: 'x' }),
  'configs in Python': (text) => readText(text),
  'server metrics': (text) => parsePrometheus(text, () => true),
  'event streams': (text) => new SseReader(() => {}).feed(Buffer.from(`data: ${text}\n\n`)),
  'streams of JSON lines': (text) => cut('ndjson', `"${text}\n`),
  'streams of one JSON array': (text) => cut('json-array', `[${text}`),
  'streams of texts in a JSON array': (text) => cut('json-array', `["${text}`),
  'raw event streams': (text) => cut('sse-events', `data: ${text}\n\n`),
  secrets: (text) =>
    redactJson(
      JSON.stringify([text, secretsIn({ token: text, url: `https://a/?key=${text}` })]),
      redactor(['secret']),
    ),
  'names of secrets': (text) => isSecretName(text),
  'abbrs as file names': (text) => fileNameKey(text),
  objectives: (text) => parseSlos(text),
};

/** By their own names: those of AISBench's functions are others for the same. */
const parts = new Map<string, PredPostprocessor>();
for (const [name, load] of Object.entries(catalog.predPostprocessors)) {
  const part = await made<PredPostprocessor>(name, load as () => Promise<Configurable<PredPostprocessor>>);
  parts.set(part.name, part);
}

describe('on 100 kB of anything no time is lost', () => {
  it.each([...parts])(
    'by %s',
    async (_, { compat, fixed }) => {
      expect(await slowOnes((text) => [compat(text), fixed(text)])).toEqual([]);
    },
    300_000,
  );

  const evaluators = Object.entries(catalog.evaluators).filter(([name]) => !/HumanEval|MBPP|LCB/.test(name));
  it.each(evaluators)(
    'by %s',
    async (name, load) => {
      const part = await made<Evaluator>(name, load as () => Promise<Configurable<Evaluator>>);
      const reference = name === 'MMLUProBaseEvaluator' ? 'C. Paris\n' : 'A';
      const sample = { reference, gold: GOLDS[name] ?? reference, prompt: 'q', toolCalls: [] };
      const grade = (text: string, rules: 'compat' | 'fixed') =>
        part.grade({ ...sample, rules, text, answer: text.trim() });
      const slow = await slowOnes(async (text) => [await grade(text, 'compat'), await grade(text, 'fixed')]);
      expect(slow).toEqual([]);
    },
    300_000,
  );

  it('by what takes reasoning off', async () => {
    expect(await slowOnes(stripReasoning)).toEqual([]);
  });

  it.each(Object.entries(READERS))('by the reader of %s', { timeout: 300_000 }, async (_, read) => {
    const quietly = async (text: string) => {
      try {
        await read(text);
      } catch {
        // Refused: what counts here is that it ended.
      }
    };
    expect(await slowOnes(quietly)).toEqual([]);
  });
});
