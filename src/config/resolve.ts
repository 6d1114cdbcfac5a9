import { defined } from '../basics/defined.ts';
import { plainData } from '../basics/plain-data.ts';
import { AisBenchError } from '../contract/errors.ts';
import { fileNameKey, fileNameProblem } from '../store/file-name.ts';
import type { Catalog } from './catalog.ts';
import { type CompleteConfig, flagName, type RunConfig } from './flags.ts';
import { hasStep, isLoadTest } from './modes.ts';
import { oldNames, underPresentName } from './old-names.ts';
import { pairsWithEnoughAnswers } from './pairs.ts';
import type { Surroundings } from './places.ts';
import type { DatasetPlan, ModelPlan, Plan } from './plan.ts';
import { type RawConfig, withoutRepeats } from './raw.ts';
import { repeatFindings } from './repeats.ts';
import { classOf, requireAttr } from './resolve-class.ts';
import { judgeFindings, resolveDataset, withJudge } from './resolve-dataset.ts';
import { resolveLoad } from './resolve-load.ts';
import { modelFindings, resolveLocal, resolveModel } from './resolve-model.ts';
import { arrivalPart } from './resolve-parts.ts';
import { summarizerSchema } from './schema.ts';
import { type RawEntry, validate } from './validate.ts';

const DEFAULT_WORK_DIR = 'outputs/default';

/** What a plan is resolved in: nothing is read from the process. */
export interface ResolveContext extends Surroundings {
  /** Folders that datasets are looked for in, in order. */
  readonly data: readonly string[];
}

/** Makes the plan of raw configs and flags: complete, plain data, frozen. */
export async function resolvePlan(
  given: RawConfig,
  flags: CompleteConfig,
  catalog: Catalog,
  { env, cwd, data }: ResolveContext,
): Promise<Plan> {
  refuseContradictions(flags);
  const raw = { ...given, datasets: withoutRepeats(given.datasets) };
  const modelOf = (entry: RawEntry) => resolveEntry(entry, { flags, catalog, env, cwd });
  const models = await Promise.all(raw.models.map(modelOf));
  // What is not scored needs no judge.
  const isUnscored = isLoadTest(flags.mode) && !hasStep(flags.mode, 'score');
  const judged = (entry: RawEntry) => async (plan: DatasetPlan) =>
    isUnscored ? plan : withJudge(plan, entry, modelOf);
  const datasets = await Promise.all(
    raw.datasets.map((entry) => resolveDataset(entry, catalog, cwd).then(judged(entry))),
  );
  requireDistinct(
    models.map(({ abbr }) => abbr),
    'models',
  );
  requireDistinct(
    datasets.flatMap(({ abbr, judge }) => (judge === undefined ? [abbr] : [abbr, judge.dataset.abbr])),
    'datasets',
  );
  const { pairs, findings: refused } = pairsWithEnoughAnswers(
    { models, datasets, ...defined({ pairs: raw.pairs }) },
    raw.datasets,
  );
  const { summarizer } = raw;
  const plan = {
    places: { base: cwd, data },
    mode: flags.mode,
    models,
    datasets,
    pairs,
    summarizer: summarizer && validate(summarizerSchema, summarizer),
    workDir: flags.workDir ?? raw.workDir ?? DEFAULT_WORK_DIR,
    numPrompts: flags.numPrompts,
    numWarmups: flags.numWarmups,
    load: resolveLoad(flags, models),
    nonce: flags.nonce,
    maxErrorRate: flags.maxErrorRate,
    findings: [
      ...(raw.findings ?? []),
      ...refused,
      ...oldNames(raw.models, catalog),
      ...raw.models.flatMap(({ values }, n) => modelFindings(values, models[n]!.options)),
      ...repeatFindings(models, datasets),
      ...(isUnscored ? [] : datasets.flatMap(judgeFindings)),
    ],
  };
  return deepFreeze(defined(plainData(plan, refuseCode)));
}

/** The class is found first, so that its abilities are known; then the kind of model decides the rest. */
async function resolveEntry(
  given: RawEntry,
  { flags, catalog, ...surroundings }: Surroundings & { flags: CompleteConfig; catalog: Catalog },
): Promise<ModelPlan> {
  const arrival = await arrivalPart(underPresentName(given, catalog), catalog, surroundings.cwd);
  const { entry } = arrival;
  const found = await classOf(entry, catalog, surroundings.cwd);
  requireAttr(entry, found.modelClass);
  const known = { ...entry, values: { ...entry.values, type: found.modelClass } };
  if (entry.values['attr'] === 'local') return resolveLocal(known, found);
  return resolveModel(known, found, flags, { ...surroundings, arrival: arrival.ref });
}

/** Throws UTILS-CFG-002: a plan that held code could be neither written nor sent to a worker. */
function refuseCode(value: unknown, path: readonly string[]): never {
  const what =
    typeof value === 'function' ? 'a function' : typeof value === 'object' ? 'no plain data' : String(value);
  throw new AisBenchError(
    'UTILS-CFG-002',
    `${path.join('.')} is ${what}: a plan is made of what JSON can hold`,
    {
      where: path.join('.'),
      cure: 'write a text, number, list or table; code belongs into a model or dataset class',
    },
  );
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}

type FlagKey = keyof RunConfig;

/** Flags of which at most one counts, and what all of them say. */
const RIVALS: readonly { readonly flags: readonly FlagKey[]; readonly say: string }[] = [
  { flags: ['url', 'hostIp'], say: 'where the service is' },
  { flags: ['url', 'hostPort'], say: 'where the service is' },
  { flags: ['steps', 'requestRate'], say: 'the rate' },
  { flags: ['steps', 'ramp'], say: 'the rate' },
  { flags: ['ramp', 'requestRate'], say: 'the rate' },
];

/** Arrivals that have no rate, and what decides instead. */
const RATELESS: ReadonlyMap<string, string> = new Map([
  ['closed', 'sends when a slot is free'],
  ['trace', 'goes by the timestamps of the rows'],
]);

/** Throws TMAN-CMD-002 where two flags of one command line say the same thing: one of them would be dropped. */
export function refuseContradictions(flags: RunConfig): void {
  const isGiven = (key: FlagKey) => flags[key] !== undefined;
  // AISBench's code looks at a ramp only where there is a rate too.
  const rivals = RIVALS.filter(({ flags: [first] }) => first !== 'ramp' || flags.arrival !== 'aisbench');
  for (const { flags: keys, say } of rivals) if (keys.every(isGiven)) throw refusal(keys, `both say ${say}`);
  const decides = RATELESS.get(flags.arrival ?? '');
  const rate = (['requestRate', 'ramp', 'steps'] as const).find(isGiven);
  if (decides !== undefined && rate !== undefined)
    throw refusal([rate, 'arrival'], `contradict each other: --arrival ${flags.arrival} ${decides}`);
}

function refusal(keys: readonly FlagKey[], why: string): AisBenchError {
  const names = keys.map(flagName);
  return new AisBenchError('TMAN-CMD-002', `${names.join(' and ')} ${why}`, {
    where: names[0]!,
    cure: 'leave one of the two out',
  });
}

/** What a dataset's files are called beside its own name: `x_end.json`, `x_client.w2.json`, `x.w2.jsonl`. */
const BESIDE = /^(_groups|_end|(_client)?(\.w\d+)?)$/;

/**
 * Files are named by abbrs. Throws UTILS-CFG-002 for an abbr that can name none, and for two whose files would be the same, on any
 * file system.
 */
export function requireDistinct(abbrs: readonly string[], kind: 'models' | 'datasets'): void {
  const refuse = (what: string, cure: string) =>
    new AisBenchError('UTILS-CFG-002', what, { where: kind, cure });
  const seen = new Map<string, string>();
  for (const abbr of abbrs) {
    const problem = fileNameProblem(abbr);
    if (problem !== undefined)
      throw refuse(`the abbr "${abbr.slice(0, 40)}…" is too long: ${problem}`, 'give a shorter abbr');
    const other = seen.get(fileNameKey(abbr));
    if (other === abbr)
      throw refuse(
        `two ${kind} have the abbr "${abbr}"`,
        'give each its own abbr: result files are named by it',
      );
    if (other !== undefined) throw clash(abbr, other);
    seen.set(fileNameKey(abbr), abbr);
  }
  if (kind === 'models') return;
  for (const [key, abbr] of seen)
    for (const [short, other] of seen)
      if (key !== short && key.startsWith(short) && BESIDE.test(key.slice(short.length)))
        throw clash(abbr, other);

  function clash(abbr: string, other: string): AisBenchError {
    return refuse(
      `the ${kind} "${other}" and "${abbr}" would write into the same files`,
      'give one of them another abbr: result files are named by it, without regard to case',
    );
  }
}
