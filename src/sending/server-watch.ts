import type { ServiceModelPlan } from '../config/plan.ts';
import { serviceRoot } from '../contract/base-api-model.ts';
import { messageOf } from '../contract/errors.ts';
import {
  encodeReading,
  type FetchPages,
  type ReadingTask,
  type Scraping,
  startScraping,
} from '../scrape/scraper.ts';
import { fetchText, openTransport } from '../transport/open-transport.ts';
import { plainHeaders } from '../transport/request-headers.ts';
import type { Clock, HttpRequest, Transport } from '../transport/types.ts';

const TIMEOUT_MS = 2000;

export interface WatchSetting {
  /** `--scrape-metrics`: a URL, or true for `metrics` below each server's base URL. */
  readonly from: string | true;
  readonly clock: Clock;
  /** Takes a line of `server-metrics.jsonl`; what it throws ends the watching, not the run. */
  readonly append: (line: string) => void;
}

/** What came of watching: how many looks failed, or why there was nothing to look at. */
export interface WatchOutcome {
  readonly readings: number;
  readonly failures: number;
  readonly refused?: string;
}

export interface ServerWatch {
  stop(): Promise<WatchOutcome>;
}

/** Watches a service's own numbers over connections of its own, from now until it is stopped. Throws nothing. */
export async function watchServer(
  plan: ServiceModelPlan,
  of: ReadingTask,
  { from, clock, append }: WatchSetting,
): Promise<ServerWatch> {
  const { tls, proxy } = plan.connection;
  let transport: Transport | undefined;
  try {
    transport = await openTransport(clock, { connectMs: TIMEOUT_MS, tls, proxy, http2: false });
    const fetchPages = pagesOf(requestsFor(plan, from), transport);
    const take = (reading: Parameters<typeof encodeReading>[1]) => append(encodeReading(of, reading));
    const scraping = await startScraping({ fetchPages, clock, take });
    if ('refused' in scraping) {
      await transport.close();
      return stopped(scraping.refused);
    }
    return watching(scraping, transport);
  } catch (error) {
    await transport?.close();
    return stopped(messageOf(error));
  }
}

function watching(scraping: Scraping, transport: Transport): ServerWatch {
  return {
    stop: async () => {
      const counts = await scraping.stop();
      await transport.close();
      return counts;
    },
  };
}

function stopped(refused: string): ServerWatch {
  return { stop: async () => ({ readings: 0, failures: 1, refused }) };
}

/** The key goes to the servers of the model, and to no other. */
function requestsFor({ options, connection }: ServiceModelPlan, from: string | true): HttpRequest[] {
  const urls =
    from === true ? connection.servers.map((server) => new URL('metrics', serviceRoot(server)).href) : [from];
  const origins = connection.servers.map((server) => new URL(server).origin);
  return urls.map((url) => ({
    method: 'GET',
    url,
    headers: origins.includes(new URL(url).origin) ? plainHeaders({ ...options, url }) : {},
  }));
}

function pagesOf(requests: readonly HttpRequest[], transport: Transport): FetchPages {
  return async () => {
    const replies = await Promise.all(requests.map((request) => fetchText(transport, request, TIMEOUT_MS)));
    const pages: string[] = [];
    for (const reply of replies) {
      if ('failure' in reply) return { failure: reply.failure.message };
      pages.push(reply.text);
    }
    return pages;
  };
}
