import type { RunFlags } from '../../config/flags.ts';
import type { LocalModelPlan, ServiceModelPlan } from '../../config/plan.ts';
import { secretsOf } from '../../config/plan-secrets.ts';
import { EXIT } from '../../contract/errors.ts';
import { checkLocal } from '../../kit/check-local.ts';
import { type CheckFinding, checkService } from '../../kit/check-service.ts';
import { showFindings, showObservation } from '../../kit/show.ts';
import { showLocal } from '../../kit/show-local.ts';
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
