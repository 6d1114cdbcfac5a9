import { toolVersion } from '../basics/version.ts';
import { isLoadTest, type Mode } from '../config/modes.ts';
import { pageTemplate, renderPage } from '../report/page/render.ts';
import { PageRequests } from '../report/page/requests.ts';
import { type RunPage, type TaskPart, taskPart } from '../report/page/run-page.ts';
import { type PageSample, PageSamples, type SamplesPart } from '../report/page/samples.ts';
import type { PerformanceReport } from '../report/performance.ts';
import type { Table } from '../report/table.ts';
import type { TaskFiles } from '../sending/prepare.ts';
import { attemptsOf, readTranscripts } from '../store/read-back.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { StoredScore } from './stored-score.ts';

/** What of one task goes into the page. */
interface PageTask {
  readonly model: string;
  readonly dataset: string;
  readonly performance?: PerformanceReport | undefined;
  readonly requests: PageRequests;
  readonly score?: StoredScore | undefined;
  /** Where the transcripts lie that were scored. */
  readonly files: readonly Pick<TaskFiles, 'predictions' | 'ids'>[];
}

/** Collects the tasks of a run and writes its `report.html`. */
export class RunPageWriter {
  readonly #folder: RunFolder;
  readonly #tasks: TaskPart[] = [];
  readonly #attachments: Record<string, readonly PageSample[]> = {};
  readonly #taskCount: number;

  /** `taskCount`: how many tasks share the page's room for texts. */
  constructor(folder: RunFolder, taskCount: number) {
    this.#folder = folder;
    this.#taskCount = taskCount;
  }

  /** Takes the records of the next task; those of a load test have their answers beside them where it `isScored`. */
  countRequests(mode: Mode, isScored = false): PageRequests {
    return new PageRequests({ withKeys: isScored || !isLoadTest(mode) });
  }

  /** A task without numbers and without a score is no part of the page. */
  async add({ model, dataset, performance, requests, score, files }: PageTask): Promise<void> {
    if (performance === undefined && score === undefined) return;
    const samples = score === undefined ? undefined : await this.#samplesOf(score, requests, files);
    const scored = score && samples && { ...score, samples };
    this.#tasks.push(taskPart({ model, dataset, performance, requests, score: scored }));
  }

  /** Writes the page and returns its path; undefined where the viewer is not built. `groups`: tables of groups of datasets. */
  write(degraded?: Table, groups: readonly Table[] = []): string | undefined {
    const template = pageTemplate();
    if (template === undefined) return undefined;
    const { name, redact } = this.#folder;
    const file = this.#folder.file('report.html');
    const payload: RunPage = {
      name,
      version: toolVersion(),
      tasks: this.#tasks,
      ...(groups.length > 0 && { groups }),
      ...(degraded && { degraded }),
    };
    const page = {
      kind: 'run',
      title: `ais_bench ${name}`,
      payload,
      attachments: this.#attachments,
    } as const;
    this.#folder.writeMasked(file, renderPage(template, page, redact));
    return file;
  }

  async #samplesOf(
    { judged }: StoredScore,
    requests: PageRequests,
    files: PageTask['files'],
  ): Promise<SamplesPart> {
    const collected = new PageSamples(judged, requests.rowsByKey(), { tasks: this.#taskCount });
    for (const { predictions, ids } of files)
      for await (const transcript of attemptsOf(() => readTranscripts(predictions), ids))
        collected.add(transcript);
    const { part, samples } = collected.finish(`samples-${this.#tasks.length}`);
    this.#attachments[part.attachment] = samples;
    return part;
  }
}
