import type { LoadConfig, ServiceModelPlan } from '../config/plan.ts';
import type { PacedArrival } from '../load/arrival.ts';
import { formatAuthority, parseEndpoint, proxyFor } from '../transport/proxy.ts';
import { askedRateOf, plannedSamples } from './load-plan.ts';
import { workersFor } from './pool.ts';
import type { Task } from './prepare.ts';
import { requestCount, sampleAt, sampleCount, type TaskSamples } from './shape.ts';

/** What one load needs of this machine, as far as its plan says. */
export interface PlannedLoad {
  /** Model and dataset. */
  readonly name: string;
  /** Processes that send it. */
  readonly workers: number;
  /** Largest number of requests in flight, all processes together. */
  readonly inFlight: number;
  /** A closed loop: so many are in flight from the start. */
  readonly isReached: boolean;
  /** Connections to the address that has most of them; 0 where one connection carries many requests (HTTP/2). */
  readonly perAddress: number;
  /** The highest target rate; absent in a closed loop, whose rate the service decides. */
  readonly requestsPerSecond?: number;
  /** Where the length of every answer is fixed: the rate times that length, one event a token. */
  readonly eventsPerSecond?: number;
  /** Events that a reply may have: its limit of tokens; 0 where replies are not streamed. */
  readonly mostEvents: number;
}

/** Undefined for a local model: it has no sockets. */
export function plannedLoad(task: Task, settings: LoadConfig, cores: number): PlannedLoad | undefined {
  const { model, source, dataset } = task;
  if (model.attr === 'local') return undefined;
  const inFlight = Math.min(model.concurrency, plannedSamples(source, settings));
  const requestsPerSecond = highestRate(source, settings);
  const length = answerLength(source);
  return {
    name: `${model.abbr} × ${dataset.abbr}`,
    workers: workersFor(task, settings, cores),
    inFlight,
    isReached: model.arrival.kind === 'closed',
    perAddress: model.connection.http2 ? 0 : connectionsToOne(model, inFlight),
    ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
    ...(requestsPerSecond === undefined || !length.isFixed || !model.options.stream
      ? {}
      : { eventsPerSecond: requestsPerSecond * length.mean }),
    mostEvents: model.options.stream ? length.most : 0,
  };
}

/** Requests are spread evenly over the servers; what goes through one proxy goes to one address. */
function connectionsToOne({ connection: { servers, proxy } }: ServiceModelPlan, inFlight: number): number {
  const shares = new Map<string, number>();
  for (const server of servers) {
    const url = new URL(server);
    const address = formatAuthority(proxyFor(url, proxy) ?? parseEndpoint(url));
    shares.set(address, (shares.get(address) ?? 0) + 1);
  }
  return Math.ceil((inFlight * Math.max(...shares.values())) / servers.length);
}

/** In requests, all turns of a dialogue counted. */
function highestRate(source: TaskSamples, settings: LoadConfig): number | undefined {
  const mean = askedRateOf(source, settings);
  if (mean === undefined) return undefined;
  const { arrival } = source.model;
  const cases = arrival.kind === 'paced' ? peakOf(arrival) : mean;
  return (cases * requestCount(source)) / sampleCount(source);
}

function peakOf({ rates }: PacedArrival): number {
  if (rates.shape === 'fixed') return rates.perSecond;
  if (rates.shape === 'steps') return Math.max(...rates.steps.map(({ perSecond }) => perSecond));
  return Math.max(rates.from, rates.to);
}

/** Cases that are looked at to know how long answers may be: a glance, not a pass over the data. */
const LOOKED_AT = 32;

function answerLength(source: TaskSamples): { most: number; mean: number; isFixed: boolean } {
  const total = sampleCount(source);
  const looked = Math.min(LOOKED_AT, total);
  const firsts = Array.from(
    { length: looked },
    (_, n) => sampleAt(source, Math.floor((n * total) / looked)).first,
  );
  const limits = firsts.map(({ maxOutLen }) => maxOutLen);
  const always = source.model.options.generationKwargs['ignore_eos'] === true;
  return {
    most: Math.max(...limits),
    mean: limits.reduce((sum, limit) => sum + limit, 0) / looked,
    isFixed: firsts.every(({ fixedLength = always }) => fixedLength),
  };
}
