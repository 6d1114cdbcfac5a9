import { basename } from 'node:path';
import { toolVersion } from '../../basics/version.ts';
import { renderPage } from '../../report/page/render.ts';
import { NO_VIEWER, pageTemplate } from '../../report/page/template.ts';
import type { PointRow } from '../../search/point-table.ts';
import type { SeriesFolder } from '../../search/series-folder.ts';
import { type SweepPage, sweepPage } from '../../search/sweep-page.ts';

/** Writes `report.html` beside the points; the line that says where it is. */
export function writeSeriesPage(
  folder: SeriesFolder<unknown>,
  { kind, found }: Pick<SweepPage, 'kind' | 'found'>,
  rows: readonly PointRow[],
): string {
  const template = pageTemplate();
  if (template === undefined) {
    process.stderr.write(`${NO_VIEWER}\n`);
    return '';
  }
  const name = basename(folder.path);
  const payload = sweepPage({ name, version: toolVersion(), kind, found }, rows);
  const file = folder.write(
    'report.html',
    renderPage(template, { kind: 'sweep', title: `ais_bench ${name}`, payload }),
  );
  return `Report: ${file}\n`;
}
