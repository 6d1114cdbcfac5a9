/** The client process of the load bench: does what its parent orders and measures itself. */
import { messageOf } from '../../src/contract/errors.ts';
import { sendOwnLoad } from '../../src/selftest/own-load.ts';
import { RunControl } from '../../src/sending/control.ts';
import { clockSince } from '../../src/sending/run-clock.ts';
import type { Clock } from '../../src/transport/types.ts';
import { runBare } from './bare-client.ts';
import { LiveView } from './live-view.ts';
import { pinTo } from './pin.ts';
import { type ClientOrder, type ClientReport, type FromClient, packed } from './wire.ts';

pinTo(process.argv[2]);

process.on('message', async (order: ClientOrder) => {
  let answer: FromClient;
  try {
    answer = { report: await measured(order) };
  } catch (error) {
    answer = { broken: messageOf(error) };
  }
  process.send?.(answer);
});

type Sent = Pick<ClientReport, 'requests' | 'events' | 'shared'> & {
  /** Measures what the live view cost. */
  readonly liveCost?: () => number;
  readonly times: readonly Float64Array[];
};

async function measured(order: ClientOrder): Promise<ClientReport> {
  globalThis.gc?.();
  const rssMb: number[] = [];
  const watch = setInterval(() => rssMb.push(process.memoryUsage.rss() / 1e6), 100);
  const started = performance.now();
  const before = process.cpuUsage();
  const clock = clockSince(order.since);
  const all: Sent = await (order.kind === 'bare' ? runBare(order, clock) : runTool(order, clock));
  const { user, system } = process.cpuUsage(before);
  clearInterval(watch);
  const { liveCost, ...sent } = all;
  return {
    ...sent,
    user: user / 1e6,
    system: system / 1e6,
    wallSeconds: (performance.now() - started) / 1000,
    rssMb,
    times: sent.times.map(packed),
    ...(liveCost && { liveMs: liveCost() }),
  };
}

/** The tool as a run puts it together: scheduler, transport, parser, records and predictions on disk. */
async function runTool(order: ClientOrder, clock: Clock): Promise<Sent> {
  const { port, streams, requests, wants, folder } = order;
  const load = { port, concurrency: streams, until: { requests }, maxOutLen: 4096 };
  const view = order.kind === 'live' ? await LiveView.open(streams, requests, clock()) : undefined;
  const times: Float64Array[] = [];
  let events = 0;
  let done = 0;
  let shared = 0;
  const setting = { clock, folder, control: new RunControl(), ...(view && { progress: view.progress }) };
  await sendOwnLoad(load, setting, (record) => {
    view?.add(record);
    if (record.outcome === 'failed') throw new Error(`a request failed: ${record.failure.message}`);
    events += record.times.events.at.length;
    done += 1;
    for (const bit of record.times.events.sharedRead) shared += bit;
    if (wants === 'arrivals') times[record.call.index] = record.times.events.at;
    if (wants === 'slots') times.push(Float64Array.of(record.times.sent, record.times.done));
  });
  view?.close();
  return { events, shared, requests: done, times, ...(view && { liveCost: () => view.costMs() }) };
}
