import { requestKey } from '../contract/record.ts';
import type { Slos } from '../metrics/goodput.ts';
import type { KeyedRequest } from '../metrics/keyed-requests.ts';
import { clusterOf, meanCredit, shareOf } from './measure.ts';
import { creditOf, type Judged, type Measure } from './types.ts';

/** What a load made of the requests whose answers are judged. */
export interface LoadSeen {
  /** By `requestKey`. */
  readonly requests: ReadonlyMap<string, KeyedRequest>;
  /** Of the load, ms: from the first request sent to the last one ended; absent where nothing was sent. */
  readonly duration: number | undefined;
  /** The steady window, ms from the start of the run; absent where there is none. */
  readonly steady?: { readonly from: number; readonly to: number };
  /** Objectives, ms. */
  readonly slos?: Slos;
}

/** What the answers of a load test were worth, under the headline's rules: docs/metrics.md, "Quality under load". */
export interface ScoreUnderLoad {
  /** Answers that are judged. */
  readonly n: number;
  /** Credits of all answers (1 for a correct one) a second of the load; absent where it took no time. */
  readonly correctPerSecond?: number;
  /** Credits of the answers that ended in the steady window, a second of it. */
  readonly steadyCorrectPerSecond?: number;
  /** Present where objectives were given. */
  readonly atSlo?: ScoreAtSlo;
}

export interface ScoreAtSlo {
  readonly slos: Slos;
  /** Mean credit, percent, of the answers whose requests met every objective; absent where none did. */
  readonly score?: Measure;
  /** Percent of the judged answers, without those of cancelled or unsent requests, whose requests met every objective. */
  readonly met?: Measure;
  /** Why there is no value. */
  readonly reason?: string;
}

/** Holds the verdicts of a load test against its requests. */
export function scoreUnderLoad(judged: readonly Judged[], load: LoadSeen): ScoreUnderLoad {
  const { requests, duration, steady, slos } = load;
  const requestOf = (one: Judged) => requests.get(keyOf(one));
  const overall = perSecond(judged, duration);
  const inWindow = judged.filter((one) => {
    const done = requestOf(one)?.done;
    return steady !== undefined && done !== undefined && done >= steady.from && done < steady.to;
  });
  const within = steady && perSecond(inWindow, steady.to - steady.from);
  return {
    n: judged.length,
    ...(overall === undefined ? {} : { correctPerSecond: overall }),
    ...(within === undefined ? {} : { steadyCorrectPerSecond: within }),
    ...(slos === undefined ? {} : { atSlo: scoreAtSlo(judged, requestOf, slos) }),
  };
}

function scoreAtSlo(
  judged: readonly Judged[],
  requestOf: (one: Judged) => KeyedRequest | undefined,
  slos: Slos,
): ScoreAtSlo {
  const asked = judged.filter((one) => requestOf(one)?.cancelled === false);
  if (asked.length === 0) return { slos, reason: 'no request of these answers was sent' };
  if (asked.every((one) => requestOf(one)!.isGood === undefined))
    return { slos, reason: 'no request has the times that the objectives are about' };
  const good = asked.filter((one) => requestOf(one)!.isGood);
  const met = shareOf(
    asked.map((one) => ({ cluster: clusterOf(one), got: requestOf(one)!.isGood ? 1 : 0, of: 1 })),
  );
  if (good.length === 0) return { slos, met, reason: 'no request met the objectives' };
  return { slos, met, score: meanCredit(good, good[0]!.rules) };
}

/** The turns of a dialogue are distinguished, as their requests are. */
function keyOf({ id, index, repetition, turn }: Judged): string {
  const place = { id, index, repetition, model: '', dataset: '' };
  return requestKey(turn === undefined ? place : { ...place, turn });
}

/** `time` in ms. */
function perSecond(judged: readonly Judged[], time: number | undefined): number | undefined {
  if (time === undefined || time <= 0) return undefined;
  return (judged.reduce((sum, one) => sum + creditOf(one), 0) * 1000) / time;
}
