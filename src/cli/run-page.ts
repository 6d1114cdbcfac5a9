import { renderPage } from '../report/page/render.ts';
import type { PageRequests } from '../report/page/requests.ts';
import type { RunPage, TaskPart } from '../report/page/run-page.ts';
import type { PerformanceReport } from '../report/performance.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunLog } from './log.ts';
import { NO_VIEWER, pageTemplate } from './page-template.ts';
import { toolVersion } from './version.ts';

export function taskPart(performance: PerformanceReport, requests: PageRequests): TaskPart {
  const { model, dataset } = performance;
  return { model, dataset, performance, ...(requests.length === 0 ? {} : { requests: requests.finish() }) };
}

/** Writes `report.html`; the line that says where it is. */
export function writeRunPage(
  folder: RunFolder,
  tasks: readonly TaskPart[],
  log: Pick<RunLog, 'warn'>,
): string {
  const template = pageTemplate();
  if (template === undefined) {
    log.warn(NO_VIEWER);
    return '';
  }
  const file = folder.file('report.html');
  const payload: RunPage = { name: folder.name, version: toolVersion(), tasks };
  const page = renderPage(
    template,
    { kind: 'run', title: `ais_bench ${folder.name}`, payload },
    folder.redact,
  );
  folder.writeMasked(file, page);
  return `Report: ${file}\n`;
}
