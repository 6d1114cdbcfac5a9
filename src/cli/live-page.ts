import { toolVersion } from '../basics/version.ts';
import { LiveFeed } from '../live/live-feed.ts';
import { type LiveServer, serveLive } from '../live/live-server.ts';
import type { TaskBoard } from '../live/task-board.ts';
import type { LivePage } from '../report/page/live-page.ts';
import { renderPage } from '../report/page/render.ts';
import { pageTemplate } from '../report/page/template.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { CourseFlags } from './course-flags.ts';
import type { RunLog } from './log.ts';

const NO_SERVER: Pick<LiveServer, 'close'> = { close: () => {} };

/** The page of `--live`, and where it is. Throws as `serveLive` does. */
export async function openLivePage(
  { live }: CourseFlags,
  { board, folder, log }: { readonly board: TaskBoard; readonly folder: RunFolder; readonly log: RunLog },
): Promise<Pick<LiveServer, 'close'>> {
  if (live === undefined) return NO_SERVER;
  const template = pageTemplate();
  if (template === undefined) {
    log.warn('there is no live page: the viewer is not built (npm run build)');
    return NO_SERVER;
  }
  const payload: LivePage = { name: folder.name, version: toolVersion() };
  const page = renderPage(template, { kind: 'live', title: `ais_bench: ${folder.name}`, payload });
  const server = await serveLive(page, new LiveFeed(() => board.watched()), live);
  log.info(`live view: ${server.url}`);
  return server;
}
