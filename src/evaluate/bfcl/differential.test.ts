/**
 * Our verdicts against those of bfcl-eval's own checker, on replies made of its own data. Runs where BFCL_EVAL_PYTHON names a Python
 * that has the package (2025.6.14): docs/function-calls.md.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BFCLDataset } from '../../dataset/builtin/instructions.ts';
import { bfclEvaluator } from '../evaluators/bfcl.ts';

const python = process.env['BFCL_EVAL_PYTHON'];
const script = fileURLToPath(new URL('../../../test/support/bfcl_reference.py', import.meta.url));
const SEED = process.env['BFCL_SEED'] ?? '1';
const REPLIES = process.env['BFCL_REPLIES'] ?? '4';

const CATEGORIES = [
  ...['simple', 'multiple', 'parallel', 'parallel_multiple', 'java', 'javascript', 'irrelevance'],
  ...['live_simple', 'live_multiple', 'live_parallel', 'live_parallel_multiple', 'live_irrelevance'],
  'live_relevance',
];

interface Judged {
  readonly id: string;
  readonly kind: 'text' | 'tools';
  readonly reply: any;
  readonly valid: boolean;
  readonly type?: string;
}

function run(args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(python!, args, { encoding: 'utf8', maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

describe.skipIf(python === undefined)('against bfcl-eval', () => {
  it.each(CATEGORIES)('%s: the same verdict on every reply', { timeout: 300_000 }, async (category) => {
    const data = join(run(['-c', 'import bfcl_eval; print(bfcl_eval.__path__[0])']).trim(), 'data');
    const references = await referencesOf(data, category);
    const lines = run([script, data, category, SEED, REPLIES]).trim().split('\n');
    const differing: Judged[] = [];
    for (const line of lines) {
      const judged = JSON.parse(line) as Judged;
      const grade = await gradeOf(judged, references.get(judged.id)!);
      if ((grade.credit === 1) !== judged.valid) differing.push(judged);
    }
    // bfcl-eval's parsers of Java and JavaScript mend some replies that are neither, as `f(a=1, **b)`.
    const isMended = ({ kind }: Judged) => category.startsWith('java') && kind === 'text';
    expect(differing.filter((one) => !isMended(one))).toEqual([]);
    expect(differing.length / lines.length).toBeLessThan(0.01);
  });
});

async function referencesOf(path: string, category: string): Promise<Map<string, object>> {
  const { test } = await BFCLDataset.load({ path, roots: [], params: { category } });
  return new Map(test.map((row) => [row['id'] as string, row['reference'] as object]));
}

async function gradeOf({ kind, reply }: Judged, reference: object) {
  const text = kind === 'text' ? (reply as string) : '';
  return bfclEvaluator.grade({
    answer: text.trim(),
    text,
    reference: '',
    gold: { ...reference, asked: kind },
    prompt: [],
    toolCalls: kind === 'text' ? [] : reply,
    rules: 'fixed',
  });
}
