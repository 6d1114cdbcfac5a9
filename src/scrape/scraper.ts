/** Scrapes a server's metrics before, during and after a load. A scrape that fails is counted and does not disturb the load. */
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { readMetrics } from './reading.ts';
import type { ScrapePhase, TimedReading } from './summary.ts';

/** Fetches the metrics pages of all servers; returns them, or the failure. */
export type FetchPages = () => Promise<readonly string[] | { readonly failure: string }>;

/** What to scrape, how often, and who gets the readings. */
export interface ScrapeOptions {
  readonly fetchPages: FetchPages;
  /** ms on the run's clock. */
  readonly clock: () => number;
  readonly take: (reading: TimedReading) => void;
  /** Shortest pause between two readings, ms. */
  readonly everyMs?: number;
}

/** A scraper that runs. */
export interface Scraping {
  /** Takes the last reading; returns how many of all failed. */
  stop(): Promise<{ readonly readings: number; readonly failures: number }>;
}

const EVERY_MS = 1000;
/** The pause grows with the elapsed time: an hour has about 2,300 readings, a day 5,500. */
const SHARE_OF_ELAPSED = 1 / 1000;

/** Takes the first reading and starts the others; `refused` is the reason why there are none. */
export async function startScraping(
  setting: ScrapeOptions,
): Promise<Scraping | { readonly refused: string }> {
  const counts = { readings: 0, failures: 0 };
  const look = async (phase: ScrapePhase): Promise<string | undefined> => {
    const why = await lookOnce(phase, setting);
    if (why === undefined) counts.readings += 1;
    else counts.failures += 1;
    return why;
  };
  const refused = await look('before');
  if (refused !== undefined) return { refused };
  const { clock, everyMs = EVERY_MS } = setting;
  const begun = clock();
  let timer: NodeJS.Timeout | undefined;
  let going: Promise<unknown> = Promise.resolve();
  const wait = () => {
    const pause = Math.max(everyMs, (clock() - begun) * SHARE_OF_ELAPSED);
    timer = setTimeout(() => {
      going = look('during').then(() => {
        if (timer !== undefined) wait();
      });
    }, pause);
  };
  wait();
  return {
    stop: async () => {
      clearTimeout(timer);
      timer = undefined;
      await going;
      await look('after');
      return counts;
    },
  };
}

/** Why there is no reading; undefined where there is one. It counts as taken in the middle of its round trip. */
async function lookOnce(
  phase: ScrapePhase,
  { fetchPages, clock, take }: ScrapeOptions,
): Promise<string | undefined> {
  try {
    const sent = clock();
    const pages = await fetchPages();
    if ('failure' in pages) return pages.failure;
    const at = (sent + clock()) / 2;
    const reading = readMetrics(pages);
    if (reading === undefined) return 'it shows no numbers of vLLM, TGI, Triton or MindIE';
    take({ at, phase, ...reading });
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** Changes when an old line can no longer be read as a new one. */
const FORMAT = 1;

/** Whose load went on when a reading was taken. */
export interface ReadingTask {
  readonly model: string;
  readonly dataset: string;
}

/** Returns a reading as a line of `server-metrics.jsonl`. */
export function encodeReading(of: ReadingTask, reading: TimedReading): string {
  return JSON.stringify({ v: FORMAT, ...of, ...reading });
}

/** Throws RUN-DATA-001 naming `where`. */
export function decodeReading(line: string, where: string): ReadingTask & TimedReading {
  try {
    const { v, ...reading } = JSON.parse(line) as { v?: unknown } & ReadingTask & TimedReading;
    if (v === FORMAT) return reading;
    throw new Error(`it is of format ${String(v)}, and this version reads ${FORMAT}`);
  } catch (cause) {
    throw new AisBenchError('RUN-DATA-001', `a line of server metrics cannot be read: ${messageOf(cause)}`, {
      where,
      cure: 'delete the line, or take the file from the run again',
      cause,
    });
  }
}
