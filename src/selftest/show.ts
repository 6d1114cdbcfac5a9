import { plural } from '../basics/plural.ts';
import { compactNumber } from '../report/numbers.ts';
import { left, NO_VALUE, right, type Table } from '../report/table.ts';
import type { Ceiling, Reached } from '../sending/machine-limits.ts';

/** The result of a self-test as a table; `warnAbove`: share (0..1) above which a run is warned. */
export function selfTestTable(ceiling: Ceiling, warnAbove: number): Table {
  const { measuredAt, node, tool, cores, requests, events, streams, stamps, eventsOneByOne } = ceiling;
  const percent = `${100 * warnAbove} %`;
  const when = `${measuredAt.slice(0, 16).replace('T', ' ')} UTC`;
  return {
    title: `What one process of this machine can do: ${when}, ais_bench ${tool}, Node ${node}, ${plural(cores, 'core')}`,
    columns: [left('Ceiling'), right('Value'), left('Measured with')],
    rows: [
      ['requests/s', rateText(requests), `short replies; ${cpuText(requests)}`],
      ['events/s, flat out', rateText(events), `as fast as it is read; ${cpuText(events)}`],
      ['events/s, one by one', `about ${round(eventsOneByOne)}`, 'a read each; from the CPU of one'],
      ['streams a process', count(streams.perProcess), 'descriptors it may have (ulimit -n), less 48'],
      ['streams to one address', count(streams.perDestination), 'ephemeral ports of this machine'],
      ['streams in memory', count(streams.perMachine), memoryText(streams.bytesEach)],
      ['stamp error, median', `${stamps.median.toFixed(3)} ms`, loadText(ceiling)],
      ['stamp error, P99', `${stamps.p99.toFixed(3)} ms`, plural(stamps.events, 'event')],
    ],
    footnotes: [
      ...(requests.isAtLeast || events.isAtLeast
        ? [
            "≥: this process had CPU to spare, because the test's server or other programs limited it; on a quiet machine it is more",
          ]
        : []),
      `A run that plans more than ${percent} of this, times its load workers, is warned before it starts.`,
    ],
  };
}

function rateText({ perSecond, isAtLeast }: Reached): string {
  return `${isAtLeast ? '≥ ' : ''}${round(perSecond)}`;
}

/** Three digits: more are not repeatable. */
function round(value: number): number {
  return Number(value.toPrecision(3));
}

function cpuText({ cpu }: Reached): string {
  return `${Math.round(100 * cpu)} % of a core`;
}

function count(value: number | undefined): string {
  return value === undefined ? NO_VALUE : compactNumber(value);
}

function memoryText(bytes: number | undefined): string {
  return bytes === undefined ? 'too little to measure' : `${compactNumber(bytes)}B each`;
}

function loadText({ stamps: { streams, eventsPerSecond } }: Ceiling): string {
  return `${plural(streams, 'stream')}, ${eventsPerSecond} events/s together`;
}
