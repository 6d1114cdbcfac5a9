/**
 * What it costs to load and score all of MMLU: `npm run build && AIS_BENCH_DATASETS_CACHE=… jiti bench/scoring.ts [rounds]`.
 *
 * Writes a predictions file for each of the 57 subjects, as a run with five worked examples leaves it, answers of three
 * lengths. Then, each in a process of its own and in turn: the reference, which reads the same files and parses their lines as
 * JSON and does nothing with them; and the tool, which loads the dataset's own files, reads the predictions, judges each answer
 * under both rule sets, and makes the scores, their intervals and the results files' text. CPU time, user and system, from the
 * start of the process to its end: a busy machine does not change it, and the ratio does not change with the machine.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [rounds = 5] = process.argv.slice(2).map(Number);
const LIMIT_S = 3;
const ANSWERS = 14_042;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CONFIG = new URL('../configs/datasets/mmlu/mmlu_gen_5_shot_chat_prompt.js', import.meta.url).href;
const DIST = new URL('../.cache/bench/src/', import.meta.url).href;
const cache = process.env['AIS_BENCH_DATASETS_CACHE'] ?? '';

/** The tool: `[cache, folder]`. Prints what it found. */
const SCORE = `
import { join } from 'node:path';
import { mmlu_datasets } from '${CONFIG}';
import { MMLUDataset } from '${DIST}dataset/builtin/mmlu.js';
import { scoreTask } from '${DIST}cli/score-task.js';
const [cache, folder] = process.argv.slice(1);
let [rows, answers, correct, bytes] = [0, 0, 0, 0];
for (const { abbr, name, infer_cfg, eval_cfg } of mmlu_datasets) {
  const { test } = await MMLUDataset.load({ path: '', roots: [cache], params: { name } });
  rows += test.length;
  const dataset = { abbr, config: { infer_cfg, eval_cfg } };
  const files = { predictions: join(folder, abbr + '.jsonl') };
  const { report, details } = await scoreTask({ task: { model: { abbr: 'm' }, dataset }, files, simulated: false });
  answers += report.card.n;
  correct += report.card.correct;
  bytes += details.length;
}
console.log(JSON.stringify({ rows, answers, correct, bytes }));
`;

const READ = `
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
const [, folder] = process.argv.slice(1);
let answers = 0;
for (const file of readdirSync(folder)) {
  for (const line of readFileSync(join(folder, file), 'utf8').split('\\n')) {
    if (line !== '' && typeof JSON.parse(line).content === 'string') answers += 1;
  }
}
console.log(JSON.stringify({ answers }));
`;

const WRITE = `
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mmlu_datasets } from '${CONFIG}';
import { MMLUDataset } from '${DIST}dataset/builtin/mmlu.js';
import { encodeTranscript } from '${DIST}transcript-codec.js';
const [cache, folder] = process.argv.slice(1);
const asked = ({ input, A, B, C, D }) => \`\${input}\\nA. \${A}\\nB. \${B}\\nC. \${C}\\nD. \${D}\\nAnswer: \`;
const answer = (letter, n) => [
  letter,
  \`The answer is (\${letter}).\`,
  'Let us look at each of the options in turn. '.repeat(12) + \`\\n\\n**Answer: \${letter}**\`,
][n % 3];
for (const { abbr, name } of mmlu_datasets) {
  const { train, test } = await MMLUDataset.load({ path: '', roots: [cache], params: { name } });
  const shown = train.slice(0, 5).map((row) => asked(row) + row.target).join('\\n\\n');
  const lines = test.map((row, index) => encodeTranscript({
    call: { id: \`\${abbr}-\${index}\`, model: 'm', dataset: abbr, index, repetition: 0 },
    success: true,
    prompt: [{ role: 'user', content: \`\${shown}\\n\\n\${asked(row)}\` }],
    content: answer(index % 7 === 0 ? 'A' : row.target, index),
    reasoningContent: '',
    toolCalls: [],
    finishReason: 'stop',
    gold: row.target,
  }));
  writeFileSync(join(folder, abbr + '.jsonl'), lines.join('\\n') + '\\n');
}
`;

/** Runs a module in a process of its own: what it printed, and the CPU seconds that the process took. */
function measured(program: string): { readonly seconds: number; readonly found: Record<string, number> } {
  const script = 'TIMEFORMAT="%3U %3S"; time "$@" 2>/dev/null';
  const args = [process.execPath, '--input-type=module', '-e', program, cache, folder];
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script, 'bash', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`a process ended with ${status}: run it without 2>/dev/null to see why`);
  const [user, system] = stderr.trim().replaceAll(',', '.').split(' ').map(Number);
  return { seconds: user! + system!, found: stdout.trim() === '' ? {} : JSON.parse(stdout) };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

if (!existsSync(join(cache, 'mmlu', 'test'))) {
  throw new Error('put MMLU into a folder mmlu and name the folder it is in with AIS_BENCH_DATASETS_CACHE');
}
const folder = mkdtempSync(join(tmpdir(), 'ais-bench-scoring-'));
try {
  measured(WRITE);
  const [tool, reference]: [number[], number[]] = [[], []];
  let found: Record<string, number> = {};
  for (let round = 0; round < rounds; round++) {
    reference.push(measured(READ).seconds);
    const own = measured(SCORE);
    tool.push(own.seconds);
    found = own.found;
  }
  if (found['rows'] !== ANSWERS || found['answers'] !== ANSWERS)
    throw new Error(`scored ${JSON.stringify(found)} and not ${ANSWERS}`);
  console.log(found);
  const show = (values: readonly number[]) =>
    `${median(values).toFixed(2)} s (${values.map((value) => value.toFixed(2)).join(' ')})`;
  console.log(`reading and JSON.parse alone (reference): ${show(reference)}`);
  console.log(
    `loading, reading, judging and scoring:    ${show(tool)}, ${(median(tool) / median(reference)).toFixed(2)} x`,
  );
  const isOver = median(tool) > LIMIT_S;
  console.log(`limit: ${LIMIT_S} s: ${isOver ? 'MISSED' : 'met'}`);
  if (isOver) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
