/** A model class of the user's own: `ais_bench new` writes one, `ais_bench check` shows what it reads. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import type { RunFlags } from '../../config/flags.ts';
import { type LocalModelPlan, type ServiceModelPlan, secretsOf } from '../../config/plan.ts';
import type { Framing } from '../../contract/base-api-model.ts';
import { AisBenchError, EXIT } from '../../contract/errors.ts';
import { checkLocal } from '../../kit/check-local.ts';
import { type CheckFinding, checkService } from '../../kit/check-service.ts';
import type { Language, ModelKind } from '../../kit/kinds.ts';
import { type KitFile, type Names, namesOf, scaffold } from '../../kit/scaffold.ts';
import { showFindings, showLocal, showObservation } from '../../kit/show.ts';
import { wrap } from '../../report/text.ts';
import { masked, redactor } from '../../store/redact.ts';
import { readPlan } from '../places.ts';
import { maskToo } from '../print/exit.ts';
import { INSECURE_BANNER, isInsecure } from '../print/plan.ts';

/** Tokens of an answer without --max-out-len: enough to see a stream. */
const FEW_TOKENS = 24;

type CheckFlags = Pick<RunFlags, 'configDir' | 'maxOutLen' | 'set'>;

/** A check reads a model config like a run without datasets. */
const ONE_MODEL = { datasets: [], mode: 'all', numWarmups: 0, maxErrorRate: 0 } as const;

/** `ais_bench check my_custom_api`: sends one request of each kind and shows what the class reads of the replies. */
export async function check(name: string, flags: CheckFlags): Promise<number> {
  const plan = await readPlan({ ...flags, ...ONE_MODEL, models: [name] });
  let exitCode: number = EXIT.ok;
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.once('SIGINT', stop);
  for (const model of plan.models) {
    const redact = redactor(secretsOf(model));
    maskToo(secretsOf(model));
    const write = (lines: readonly string[]) => process.stdout.write(`${redact(lines.join('\n'))}\n`);
    const maxOutLen = flags.maxOutLen ?? Math.min(FEW_TOKENS, model.options.maxOutLen);
    try {
      const context = { maxOutLen, base: plan.places.base, signal: abort.signal, write };
      const code =
        model.attr === 'local'
          ? await checkLocalModel(model, context)
          : await checkServiceModel(model, context);
      if (exitCode === EXIT.ok) exitCode = code;
    } catch (error) {
      throw masked(error, redact);
    }
  }
  process.off('SIGINT', stop);
  return abort.signal.aborted ? EXIT.interrupted : exitCode;
}

interface CheckContext {
  readonly maxOutLen: number;
  readonly base: string;
  readonly signal: AbortSignal;
  readonly write: (lines: readonly string[]) => void;
}

async function checkServiceModel(
  plan: ServiceModelPlan,
  { maxOutLen, write, ...options }: CheckContext,
): Promise<number> {
  const width = terminalWidth();
  write([...wrap(`${plan.abbr}: ${plan.modelClass.name}, maxOutLen ${maxOutLen}`, width), '']);
  if (isInsecure(plan)) write(wrap(INSECURE_BANNER, width));
  const { observations, findings } = await checkService(plan, maxOutLen, options);
  for (const observation of observations) write(showObservation(observation, width));
  write(showFindings(findings, width));
  const isUnreachable = observations.some(({ attempt }) => attempt.failure?.kind === 'connect');
  return isUnreachable ? EXIT.failed : findingsCode(findings);
}

async function checkLocalModel(
  plan: LocalModelPlan,
  { maxOutLen, write, ...options }: CheckContext,
): Promise<number> {
  const width = terminalWidth();
  write([...wrap(`${plan.abbr}: ${plan.modelClass.name}, a local model, maxOutLen ${maxOutLen}`, width), '']);
  const checked = await checkLocal(plan, maxOutLen, options);
  write([...showLocal(checked, width), ...showFindings(checked.findings, width)]);
  return findingsCode(checked.findings);
}

function findingsCode(findings: readonly CheckFinding[]): number {
  return findings.some(({ level }) => level === 'invalid') ? EXIT.failed : EXIT.ok;
}

/** Columns of the terminal, at most 120; 80 without one. */
function terminalWidth(): number {
  return Math.min(process.stdout.columns ?? 80, 120);
}

interface NewFlags {
  readonly configDir: string;
  readonly language: Language;
  readonly force?: boolean;
  readonly framing: Framing;
}

const DATASET = 'demo_gsm8k_gen_4_shot_cot_chat_prompt';

/** `ais_bench new api-model my_custom_api`: writes class, config and test of a new model class into the working directory. */
export function newModel(
  kind: ModelKind,
  name: string,
  { configDir, language, framing, force = false }: NewFlags,
): number {
  const names = namesOf(name, configDir, language);
  const files = scaffold(kind, names, { language, framing });
  // In the other language too: of two configs with one name, one would hide the other.
  const { model, config } = namesOf(name, configDir, language === 'python' ? 'typescript' : 'python');
  if (!force) refuseToOverwrite([...files.map(({ path }) => path), model, config]);
  for (const { path, content } of files) {
    mkdirSync(dirname(resolve(path)), { recursive: true });
    writeFileSync(resolve(path), content);
  }
  process.stdout.write(`${[...listFiles(files), '', ...nextSteps(kind, names, framing)].join('\n')}\n`);
  return EXIT.ok;
}

function refuseToOverwrite(paths: readonly string[]): void {
  const existing = paths.filter((path) => existsSync(resolve(path)));
  if (existing.length === 0) return;
  throw new AisBenchError('UTILS-FILE-005', `files exist: ${existing.join(', ')}`, {
    where: process.cwd(),
    cure: 'choose another name, or overwrite with --force',
  });
}

function listFiles(files: readonly KitFile[]): string[] {
  const width = Math.max(...files.map(({ path }) => path.length));
  return files.map(({ path, meaning }) => `wrote ${path.padEnd(width)}  ${meaning}`);
}

function nextSteps(kind: ModelKind, { snake, model, test, config }: Names, framing: Framing): string[] {
  const service = kind === 'api-model';
  const run = `ais_bench --models ${snake} --datasets ${DATASET}`;
  const folder = config.startsWith('configs/') ? '' : ` --config-dir ${dirname(dirname(config))}`;
  const steps = [
    service
      ? `adapt ${model} to your service; as written it speaks\n   ${framing === 'sse' ? 'v1/completions, as `ais_bench serve` does' : `v1/completions with streams of the framing ${framing}`}`
      : `put your inference into ${model}; as written it repeats the prompt`,
    ...(test === undefined
      ? []
      : [
          ...(isInstalledHere()
            ? []
            : ['install ais-bench in this folder: the test and your editor need it']),
          `node --test ${test}`,
        ]),
    `ais_bench check ${snake}${folder}`,
    `${run}${folder}`,
  ];
  return ['Next:', ...steps.map((step, n) => `${n + 1}. ${step}`)];
}

/** Whether a module in the working directory can import `ais-bench`. */
function isInstalledHere(): boolean {
  try {
    createRequire(resolve('index.js')).resolve('ais-bench/testing');
    return true;
  } catch {
    return false;
  }
}
