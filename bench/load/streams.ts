/** Many live streams in one client process: none lost, little memory. The servers are processes of their own. */
import { runClient, startServer } from './processes.ts';
import { type BenchFlags, row } from './table.ts';

const EVENTS_PER_SECOND = 1;
const MOST_RSS_MB = 300;

export async function measureStreams(flags: BenchFlags): Promise<boolean> {
  const { streams = 10_000, seconds = 10 } = flags;
  const events = Math.round(seconds * EVENTS_PER_SECOND);
  const server = await startServer();
  try {
    await server.order({
      shape: 'spread',
      eventsPerSecond: EVENTS_PER_SECOND,
      events,
      streams,
      logged: false,
    });
    const order = {
      kind: 'tool',
      port: server.port,
      streams,
      requests: streams,
      events,
      stamped: false,
    } as const;
    const report = await runClient(order);
    const { peak, finished } = await server.report();
    console.log(
      `\n${streams} live streams in one process, ${events} events each (${report.wallSeconds.toFixed(1)} s)`,
    );
    if (report.failed > 0) console.log(`  ${report.failed} failed: ${report.firstFailure}`);
    return [
      row('  live at once, by the server’s count', peak, '', streams, false),
      row('  finished, by the server’s count', finished, '', streams, false),
      row('  failed', report.failed, '', 0),
      row(
        '  events that came, of those that were sent',
        report.events / (streams * (events + 3)),
        '',
        1,
        false,
      ),
      row('  largest resident memory of the client', report.peakRssMb, 'MB', MOST_RSS_MB),
    ].every(Boolean);
  } finally {
    await server.stop();
  }
}
