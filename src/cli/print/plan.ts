/** A plan in words: what a run sends, how and to whom; the whole plan for `--dry-run`. */
import { plural } from '../../basics/plural.ts';
import { MODE_TABLE } from '../../config/modes.ts';
import type {
  AdapterPlan,
  ConnectionPlan,
  LoadConfig,
  ModelPlan,
  Origins,
  Plan,
  ServiceModelPlan,
} from '../../config/plan.ts';
import { judgesOf } from '../../config/resolve-dataset.ts';
import { withoutCredentials } from '../../contract/base-api-model.ts';
import { type Finding, scopedText } from '../../contract/finding.ts';
import type { PacedArrival } from '../../load/arrival.ts';
import type { Task } from '../../sending/prepare.ts';
import { requestCount, sampleCount } from '../../sending/shape.ts';
import { taskFindings } from '../../session/messages.ts';
import { maskSecrets } from '../../store/redact.ts';
import { formatAuthority, proxyFor } from '../../transport/proxy.ts';

interface PlanContext {
  /** Name of the run that is continued or reported again. */
  readonly earlier: string | undefined;
  readonly warnings: readonly Finding[];
  /** Masks a note and breaks it into lines. */
  readonly asNote: (note: string) => string;
}

/** Returns what `--dry-run` prints: the steps, tasks and notes of a plan, and the origin of every value. */
export function planText(
  plan: Plan,
  tasks: readonly Task[],
  { earlier, warnings, asNote }: PlanContext,
): string {
  const { mode, workDir, models, datasets, findings } = plan;
  const allNotes = [
    ...findings.map((one) => scopedText(one)),
    ...taskFindings(tasks).map((one) => scopedText(one)),
    ...warnings.map((one) => scopedText(one)),
    ...models.filter(isInsecure).map(({ abbr }) => `${abbr}: ${INSECURE_BANNER}`),
  ];
  const lists = [
    ...models.map(({ abbr, modelClass, fields = {}, origins }) =>
      originList(`Model ${abbr}: class ${modelClass.name}`, fields, origins),
    ),
    ...datasets.map(({ abbr, datasetClass, config, origins }) =>
      originList(`Dataset ${abbr}: class ${datasetClass.name}`, datasetFields(config), origins),
    ),
    ...judgesOf(plan).map(({ model: { modelClass, fields = {}, origins }, dataset }) =>
      originList(`Judge ${dataset.abbr}: class ${modelClass.name}`, fields, origins),
    ),
  ];
  return [
    'The plan (--dry-run): nothing is sent, nothing is written',
    `mode ${mode}: ${MODE_TABLE[mode].steps.join(', ')}`,
    earlier === undefined ? `results: a new folder below ${workDir}` : `run: ${earlier} below ${workDir}`,
    ...allNotes.map((note) => asNote(`note: ${note}`)),
    '',
    ...describeTasks(tasks, plan.load),
    '',
    ...lists,
  ].join('\n');
}

function datasetFields({
  type: _class,
  ...config
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return maskSecrets(config) as Readonly<Record<string, unknown>>;
}

/** Lines instead of a table: templates are wider than terminals. */
function originList(title: string, values: Readonly<Record<string, unknown>>, origins: Origins): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const lines = given.map(([key, value]) => `  ${key}: ${shown(value)}  (${origins[key] ?? 'the config'})`);
  return [title, ...lines, ''].join('\n');
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}

/** Describes the tasks of a run; how requests are sent is repeated only when it changes. */
export function describeTasks(tasks: readonly Task[], load: LoadConfig): string[] {
  let last = '';
  return tasks.flatMap((task) => {
    const [what, ...how] = describeTask(task, load);
    const isSame = how.join('\n') === last;
    last = how.join('\n');
    return [what!, ...(isSame ? [] : how)];
  });
}

/** One task, with every limit that can end a request. */
function describeTask({ model, dataset, source }: Task, load: LoadConfig): string[] {
  const [cases, total] = [sampleCount(source), requestCount(source)];
  const inCases = cases === total ? '' : ` in ${plural(cases, 'case')}`;
  const asked = source.shape.isOpenEnded
    ? plural(cases, 'dialogue')
    : `${plural(total, 'request')}${inCases}`;
  const requests = `${model.abbr} × ${dataset.abbr}: ${asked}`;
  if (model.attr === 'local') {
    return [
      `${requests} to ${model.modelClass.name}, a local model`,
      `batches of at most ${model.concurrency}, weights from ${model.options.path}`,
    ];
  }
  const unit = cases === total && !source.shape.isOpenEnded ? 'requests' : 'cases';
  return [
    `${requests} to ${describeServers(model.connection)}`,
    `${model.concurrency} in flight${describeArrival(model, load, unit)}, ${model.attempts - 1} retries`,
    ...describeConnection(model.connection),
    describeTimeouts(model),
  ];
}

function describeTimeouts({ timeouts }: ServiceModelPlan): string {
  const limit = (name: string, ms: number) => `${name} ${ms === 0 ? 'unlimited' : `${ms / 1000} s`}`;
  return `time-outs: ${[
    limit('connect', timeouts.connectMs),
    limit('first token', timeouts.firstTokenMs),
    limit('idle', timeouts.idleMs),
    limit('total', timeouts.totalMs),
  ].join(', ')}`;
}

/** Describes when requests are sent, to follow `8 in flight`: `, 20 requests/s (poisson, seed 0), for 30 s`. */
export function describeArrival({ arrival }: ModelPlan, load: LoadConfig, unit: string): string {
  const { durationMs, pressure, cycle, cases } = load;
  const what = pressure ? 'new clients' : unit;
  const parts = [
    arrival.kind === 'trace' ? 'at their timestamps' : '',
    arrival.kind === 'paced' ? describeRate(arrival, what, load.seed) : '',
    arrival.kind === 'own' ? `at the times of ${arrival.function.name}, seed ${load.seed}` : '',
    pressure ? 'pressure' : '',
    durationMs === undefined ? '' : `for ${durationMs / 1000} s`,
    cases === undefined ? '' : plural(cases, 'case'),
    cycle && !pressure ? 'over the data again and again' : '',
  ];
  return parts
    .filter((part) => part !== '')
    .map((part) => `, ${part}`)
    .join('');
}

function describeRate({ process, burstiness, rates }: PacedArrival, what: string, seed: number): string {
  const rate =
    rates.shape === 'fixed'
      ? `${rates.perSecond} ${what}/s`
      : rates.shape === 'steps'
        ? `${rates.steps.map(({ perSecond, seconds }) => `${perSecond} ${what}/s for ${seconds} s`).join(', then ')}`
        : `${rates.from} to ${rates.to} ${what}/s (${rates.shape} ramp)`;
  if (process === 'constant') return rate;
  const shape = burstiness === undefined ? '' : `, burstiness ${burstiness}`;
  return `${rate} (${process}${shape}, seed ${seed})`;
}

/** Warning of a run that checks no certificates. */
export const INSECURE_BANNER =
  'INSECURE: certificates are not checked (tls.insecure): others on the network can read and change everything, keys included';

/** Whether requests to a model are sent without checking certificates. */
export function isInsecure(model: ModelPlan): boolean {
  return model.attr === 'service' && model.connection.tls?.insecure === true;
}

/** The URL of a service, or all URLs and how samples are spread over them. */
function describeServers({ servers, balance }: ConnectionPlan): string {
  const shown = servers.map(withoutCredentials).join(', ');
  return servers.length === 1
    ? shown
    : `${servers.length} servers, ${balance.replaceAll('_', ' ')}: ${shown}`;
}

/** Lines about what differs from plain HTTP/1.1: HTTP/2, TLS files, proxies, adapters. */
function describeConnection(connection: ConnectionPlan): string[] {
  const { http2, tls, adapters } = connection;
  const parts = [
    ...(http2 ? ['HTTP/2'] : []),
    ...(tls?.ca === undefined ? [] : [`trusts ${tls.ca.path}`]),
    ...(tls?.cert === undefined ? [] : [`shows ${tls.cert.path}`]),
    ...(tls?.serverName === undefined ? [] : [`expects the name ${tls.serverName}`]),
    ...proxiesUsed(connection),
  ];
  return [
    ...(parts.length === 0 ? [] : [`connection: ${parts.join(', ')}`]),
    ...(adapters === undefined ? [] : [describeAdapters(adapters)]),
  ];
}

function proxiesUsed({ servers, proxy }: ConnectionPlan): string[] {
  const ways = servers.map((server) => {
    const via = proxyFor(new URL(server), proxy);
    return via === undefined ? undefined : `through the proxy ${formatAuthority(via)}`;
  });
  const used = [...new Set(ways)].filter((way) => way !== undefined);
  return used.map((way) => {
    const count = ways.filter((one) => one === way).length;
    return count === servers.length ? way : `${count} of ${servers.length} servers ${way}`;
  });
}

function describeAdapters(adapters: AdapterPlan): string {
  if (adapters.kind === 'rows')
    return `adapters: ${plural(Object.keys(adapters.names).length, 'row')} of ${adapters.path}`;
  const total = adapters.shares.reduce((sum, { weight }) => sum + weight, 0);
  const share = (weight: number) => `${Number(((100 * weight) / total).toFixed(1))} %`;
  const shares = adapters.shares.map(({ name, weight }) => `${name || 'the model itself'} ${share(weight)}`);
  return `adapters: ${shares.join(', ')} (seed ${adapters.seed})`;
}
