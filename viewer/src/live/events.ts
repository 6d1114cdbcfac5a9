/** What the run tells, as the page keeps it. */
import { useEffect, useState } from 'preact/hooks';
import type { LivePoint, LiveStart, LiveTick } from '../../../src/live/live-server.ts';

export interface Told {
  readonly status: 'connecting' | 'running' | 'ended' | 'lost';
  readonly tasks: LiveStart['tasks'];
  /** By place of the task. */
  readonly points: readonly (readonly LivePoint[])[];
}

const NOTHING: Told = { status: 'connecting', tasks: [], points: [] };

/** Listens as long as the run goes. A connection that breaks is tried again: what was missed comes with it. */
export function useTold(): Told {
  const [told, tell] = useState(NOTHING);
  useEffect(() => {
    const source = new EventSource('/events');
    const on = <T>(event: string, change: (before: Told, data: T) => Told) =>
      source.addEventListener(event, ({ data }) => tell((before) => change(before, JSON.parse(data))));
    on<LiveStart>('start', (_, { tasks, points }) => ({ status: 'running', tasks, points }));
    on<LiveTick>('tick', withTick);
    on('end', (before) => {
      source.close();
      return { ...before, status: 'ended' };
    });
    source.onerror = () =>
      tell((before) => (before.status === 'running' ? { ...before, status: 'lost' } : before));
    return () => source.close();
  }, []);
  return told;
}

function withTick(before: Told, { tasks, points: added }: LiveTick): Told {
  const points = tasks.map((_, n) => {
    const own = before.points[n] ?? [];
    const point = added.find(({ task }) => task === n);
    return point === undefined ? own : [...own, point];
  });
  return { ...before, tasks, points };
}
