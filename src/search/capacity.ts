/**
 * Looks for the largest load at which a service keeps its objectives. Pure: loads are tried by a function, so that the search runs in
 * virtual time as well as against a service. The method is in `docs/capacity.md`.
 */
import { defined } from '../basics/defined.ts';
import { type Finding, finding } from '../contract/finding.ts';
import { type Crossing, clusterSizeOf, clusterSizes, crossingOf, type SharePoint } from './fit.ts';
import type { Objective } from './objectives.ts';

/** One point that the search wants to see. */
export interface ProbeOrder {
  /** Requests a second or requests in flight; Infinity: everything at once, to see how fast the service is. */
  readonly load: number;
  /** Requests after which the point is over. */
  readonly requests: number;
  /** For each objective: with more bad requests than this the point has failed and may end. */
  readonly enoughBad: readonly number[];
}

/** The outcome of a point. */
export interface Probed {
  /** Requests that it cost, of whatever end. */
  readonly requests: number;
  /** For each objective: 1 for a bad request, in the order of arrival. */
  readonly bad: readonly Uint8Array[];
  /** Requests that were answered a second; absent where none was. */
  readonly answeredPerSecond?: number;
  /** It was stopped because its backlog grew without bound. */
  readonly overSaturated?: boolean;
  /** Why the point is no measurement of the service; nothing more is tried. */
  readonly invalid?: Finding;
  /** What would make it one. */
  readonly cure?: Finding;
  /** The user stopped it. */
  readonly interrupted?: boolean;
}

export type Probe = (order: ProbeOrder) => Promise<Probed>;

export interface SearchSetting {
  readonly objectives: readonly Objective[];
  /** Loads are whole numbers. */
  readonly whole: boolean;
  /** Where to begin; undefined: find out by a burst. */
  readonly start: number | undefined;
  /** Requests of a full point. */
  readonly requests: number;
  /** Requests that the search may cost. */
  readonly budget: number;
  /** It is over when the interval is within this share of the capacity, to both sides. */
  readonly precision: number;
  /** Loads below the one begun with by more than this factor are not tried. */
  readonly deepest: number;
  readonly highest: number;
}

interface SearchPoint {
  readonly load: number;
  readonly requests: number;
  /** For each objective, after the first requests are left out. */
  readonly counts: readonly Count[];
  readonly overSaturated: boolean;
  /** Every objective was kept. */
  readonly kept: boolean;
}

interface Count {
  readonly bad: number;
  readonly n: number;
}

export type SearchEnd = 'precise' | 'budget' | 'lowest' | 'highest' | 'invalid' | 'interrupted';

export interface SearchResult {
  readonly end: SearchEnd;
  /** Where `end` is `invalid`: why, and what to do about it. */
  readonly reason?: Finding;
  readonly cure?: Finding;
  readonly points: readonly SearchPoint[];
  /** Requests that everything cost, the burst too. */
  readonly requests: number;
  /** Absent where too little was seen to say. */
  readonly capacity?: Crossing;
  /** Which objective the service comes to first, by its place. */
  readonly binding?: number;
}

/** The first requests of a point meet a service that is still filling up: this share of them is left out. */
const HEAD_SHARE = 0.05;
/** Scouting points have this share of a full point's requests, the burst that one. */
const SCOUT_SHARE = 1 / 8;
const BURST_SHARE = 1 / 16;
const FEWEST = 64;
/** A full point has failed for good when so many times the bad requests that it may have are seen. */
const FEWEST_BAD = 20;
const FAILED_ABOVE = 3;
/** From one scouting point to the next while nothing is known on one side. */
const FIRST_STRIDE = 1.1;
const LONGEST_STRIDE = 4;
/** A burst tells the service's speed; queues need some room below it. */
const ROOM = 0.9;
/** A bracket this narrow is left to the fit. */
const NARROW = 1.5;

/** Runs the search. Never throws by itself; what `probe` throws goes through. */
export async function findCapacity(probe: Probe, setting: SearchSetting): Promise<SearchResult> {
  const search = new Search(probe, setting);
  const end = await search.run();
  return search.result(end);
}

class Search {
  readonly #probe: Probe;
  readonly #setting: SearchSetting;
  readonly #points: SearchPoint[] = [];
  readonly #clusters: number[][];
  #cost = 0;
  #lowest = 0;
  #invalid: Pick<SearchResult, 'reason' | 'cure'> = {};

  constructor(probe: Probe, setting: SearchSetting) {
    this.#probe = probe;
    this.#setting = setting;
    this.#clusters = setting.objectives.map(() => []);
  }

  async run(): Promise<SearchEnd> {
    const { start, requests, budget, precision } = this.#setting;
    const begin = start ?? (await this.#burst());
    if (typeof begin === 'string') return begin;
    const ended = await this.#bracket(begin);
    if (ended !== undefined) return ended;
    let isPrecise = false;
    for (let turn = 0; this.#cost + 1.5 * requests <= budget && !isPrecise; turn++) {
      const estimate = this.#estimate()!.capacity;
      const load = turn % 2 === 0 ? aboveOf(estimate) : estimate.load;
      const end = await this.#point(this.#within(load), requests);
      if (end !== undefined) return end;
      isPrecise = turn > 0 && widthOf(this.#estimate()!.capacity) <= precision;
    }
    // The best load once more: what is told of it was not chosen for its luck.
    const { load } = this.#estimate()!.capacity;
    const left = Math.max(FEWEST, Math.min(requests, budget - this.#cost));
    const end = await this.#point(this.#within(load), left);
    return end ?? (widthOf(this.#estimate()!.capacity) <= precision ? 'precise' : 'budget');
  }

  result(end: SearchEnd): SearchResult {
    const estimate = this.#estimate();
    return {
      end,
      ...this.#invalid,
      points: this.#points,
      requests: this.#cost,
      ...estimate,
    };
  }

  /** How fast the service is when everything is there at once, and a first load out of it. */
  async #burst(): Promise<number | SearchEnd> {
    const { requests, objectives } = this.#setting;
    const seen = await this.#probe({
      load: Number.POSITIVE_INFINITY,
      requests: Math.max(FEWEST, Math.ceil(requests * BURST_SHARE)),
      enoughBad: objectives.map(() => Number.POSITIVE_INFINITY),
    });
    this.#cost += seen.requests;
    if (seen.interrupted) return 'interrupted';
    if (seen.answeredPerSecond !== undefined) return this.#within(seen.answeredPerSecond * ROOM);
    return this.#isInvalid(seen, finding('NO-ANSWER-IN-FIRST-POINT', {}));
  }

  #isInvalid({ invalid, cure }: Probed, otherwise: Finding): 'invalid' {
    this.#invalid = defined({ reason: invalid ?? otherwise, cure });
    return 'invalid';
  }

  /** Scouts until a load that is kept and one that is not are known, near each other. */
  async #bracket(start: number): Promise<SearchEnd | undefined> {
    const { requests, budget, deepest } = this.#setting;
    this.#lowest = start / deepest;
    let load = this.#within(start);
    let stride = FIRST_STRIDE;
    while (this.#cost < budget) {
      const end = await this.#point(load, Math.max(FEWEST, Math.ceil(requests * SCOUT_SHARE)));
      if (end !== undefined) return end;
      const { kept, failed } = this.#sides();
      if (kept !== undefined && failed !== undefined) {
        if (failed / kept <= NARROW || this.#isWholeStep(kept, failed)) return undefined;
        load = this.#within(Math.sqrt(kept * failed));
        continue;
      }
      const isHigher = failed === undefined;
      const next = isHigher ? Math.max(load * stride, this.#setting.whole ? load + 1 : 0) : load / stride;
      const before = load;
      load = this.#within(next);
      if (load === before) return isHigher ? 'highest' : 'lowest';
      stride = Math.min(LONGEST_STRIDE, stride ** 2);
    }
    return 'budget';
  }

  #isWholeStep(kept: number, failed: number): boolean {
    return this.#setting.whole && failed - kept <= 1;
  }

  /** The highest load that was kept below the lowest one that was not. */
  #sides(): { kept?: number; failed?: number } {
    const failed = Math.min(...this.#points.filter((point) => !point.kept).map(({ load }) => load));
    const kept = Math.max(
      ...this.#points.filter((point) => point.kept && point.load < failed).map(({ load }) => load),
    );
    return {
      ...(Number.isFinite(kept) ? { kept } : {}),
      ...(Number.isFinite(failed) ? { failed } : {}),
    };
  }

  async #point(load: number, requests: number): Promise<SearchEnd | undefined> {
    const { objectives } = this.#setting;
    const enoughBad = objectives.map(({ share }) =>
      Math.max(FEWEST_BAD, Math.ceil(FAILED_ABOVE * (1 - share) * requests)),
    );
    const seen = await this.#probe({ load, requests, enoughBad });
    this.#cost += seen.requests;
    if (seen.invalid !== undefined) return this.#isInvalid(seen, seen.invalid);
    // A backlog that grows without bound makes every later request bad, however few were so far.
    const overSaturated = seen.overSaturated ?? false;
    const counts = seen.bad.map((flags, i) => (overSaturated ? allBad(flags) : this.#count(flags, i)));
    if (counts.every(({ n }) => n > 0)) {
      const kept = counts.every(({ bad, n }, i) => bad <= (1 - objectives[i]!.share) * n);
      this.#points.push({ load, requests: seen.requests, counts, overSaturated, kept });
    }
    return seen.interrupted ? 'interrupted' : undefined;
  }

  #count(flags: Uint8Array, objective: number): Count {
    const counted = flags.subarray(Math.floor(flags.length * HEAD_SHARE));
    const bad = counted.reduce((sum, flag) => sum + flag, 0);
    this.#clusters[objective]!.push(...clusterSizes(counted));
    return { bad, n: counted.length };
  }

  #estimate(): { capacity: Crossing; binding: number } | undefined {
    // With one side only there is nothing that crosses.
    if (this.#points.every(({ kept }) => kept) || !this.#points.some(({ kept }) => kept)) return undefined;
    const loads = this.#points.map(({ load }) => load);
    const range = { from: Math.min(...loads) / 2, to: Math.max(...loads) * 1.5 };
    const fits = this.#setting.objectives.map(({ share }, i) =>
      crossingOf(
        this.#points.map(({ load, counts }): SharePoint => ({ load, ...counts[i]! })),
        { allowed: 1 - share, clusterSize: clusterSizeOf(this.#clusters[i]!), ...range },
      ),
    );
    const binding = fits.reduce((least, fit, i) => (fit.load < fits[least]!.load ? i : least), 0);
    return { capacity: fits[binding]!, binding };
  }

  #within(load: number): number {
    const { whole, highest } = this.#setting;
    const bounded = Math.min(highest, Math.max(this.#lowest, load));
    return whole ? Math.max(1, Math.round(bounded)) : Number(bounded.toPrecision(4));
  }
}

function allBad({ length }: Uint8Array): Count {
  return { bad: length, n: length };
}

/** The farther end of the interval, as a share of the capacity. */
function widthOf({ load, low, high }: Crossing): number {
  return Math.max(high / load, load / low) - 1;
}

/** Where the logit of the share of bad requests is this much above what is allowed: bad ones are seen there, and tell most. */
const LOOK_ABOVE = 1.6;

function aboveOf({ load, high, steepness }: Crossing): number {
  return Math.min(load * Math.exp(LOOK_ABOVE / steepness), high);
}
