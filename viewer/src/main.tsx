import 'uplot/dist/uPlot.min.css';
import './style.css';
import { render } from 'preact';
import type { Unpacked } from '../../src/report/page/codec.ts';
import type { ComparePage } from '../../src/report/page/compare-page.ts';
import type { LivePage } from '../../src/report/page/render.ts';
import type { RunPage } from '../../src/report/page/run-page.ts';
import type { SweepPage } from '../../src/search/point-table.ts';
import { CompareView } from './compare/compare-view.tsx';
import { LiveView } from './live/live-view.tsx';
import { readPage } from './payload.ts';
import { RunView } from './run/run-view.tsx';
import { Shell } from './shell.tsx';
import { SweepView } from './sweep/sweep-view.tsx';

/** A view for each kind of page. */
function view(kind: string, payload: unknown) {
  if (kind === 'run') return <RunView page={payload as Unpacked<RunPage>} />;
  if (kind === 'sweep') return <SweepView page={payload as Unpacked<SweepPage>} />;
  if (kind === 'live') return <LiveView page={payload as LivePage} />;
  if (kind === 'compare') return <CompareView page={payload as Unpacked<ComparePage>} />;
  throw new Error(`this viewer knows no page of kind ${kind}`);
}

const root = document.getElementById('app')!;
try {
  const { kind, payload } = await readPage();
  render(<Shell>{view(kind, payload)}</Shell>, root);
} catch (error) {
  root.textContent = error instanceof Error ? error.message : String(error);
}
