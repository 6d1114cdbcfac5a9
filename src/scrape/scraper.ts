/** Looks at a server's numbers before, during and after a load. A look that fails is counted and disturbs nobody. */
import { messageOf } from '../contract/errors.ts';
import { readMetrics } from './reading.ts';
import type { Phase, TimedReading } from './summary.ts';

/** The pages of all servers, or why there are none. */
export type FetchPages = () => Promise<readonly string[] | { readonly failure: string }>;

export interface ScrapeSetting {
  readonly fetchPages: FetchPages;
  /** ms on the run's clock. */
  readonly clock: () => number;
  readonly take: (reading: TimedReading) => void;
  /** Shortest pause between two looks. */
  readonly everyMs?: number;
}

export interface Scraping {
  /** Takes the last look; returns how many of all failed. */
  stop(): Promise<{ readonly readings: number; readonly failures: number }>;
}

const EVERY_MS = 1000;
/** The pause grows with what has passed: an hour has about 2,300 looks, a day 5,500. */
const SHARE_OF_ELAPSED = 1 / 1000;

/** Takes the first look; `refused` tells why there is nothing to look at. */
export async function startScraping(
  setting: ScrapeSetting,
): Promise<Scraping | { readonly refused: string }> {
  const counts = { readings: 0, failures: 0 };
  const look = async (phase: Phase): Promise<string | undefined> => {
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
  phase: Phase,
  { fetchPages, clock, take }: ScrapeSetting,
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
