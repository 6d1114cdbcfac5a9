import { createConsola } from 'consola';
import { plural } from '../../basics/plural.ts';
import { toolVersion } from '../../basics/version.ts';
import { hasStep } from '../../config/modes.ts';
import type { ModelPlan, Plan } from '../../config/plan.ts';
import { judgesOf } from '../../config/resolve-dataset.ts';
import { scopedText } from '../../contract/finding.ts';
import type { FailedRecord } from '../../contract/record.ts';
import { type Drawing, drawLines, NO_DRAWING } from '../../live/progress-table.ts';
import { TaskBoard } from '../../live/task-board.ts';
import type { LivePage } from '../../report/page/render.ts';
import type { PointEvent, SeriesOptions } from '../../search/run-point.ts';
import type { TaskResult } from '../../sending/execute.ts';
import type { Task } from '../../sending/prepare.ts';
import type { RunEvent } from '../../session/options.ts';
import { maskKnown, STOP_SIGNALS } from './exit.ts';
import { fitted } from './output.ts';
import { describeTasks, INSECURE_BANNER, isInsecure } from './plan.ts';

/** A run as a person at a terminal sees it, and ends it. */
export interface RunView {
  /** What the run reports to, and the signals by which Ctrl-C ends it. */
  readonly options: { readonly [K in 'on' | 'signal' | 'drain']-?: NonNullable<SeriesOptions[K]> };
  info(text: string): void;
  warn(text: string): void;
  close(): void;
}

/** Columns that the mark of a line takes: ` WARN  `. */
const MARK_WIDTH = 7;

/** Without a terminal, progress is a line once in so many ms. */
const LINE_EVERY_MS = 60_000;

/** Shows the events of a run on standard error, and the live page of `--live`. */
export function viewRun({
  debug = false,
  live,
}: {
  readonly debug?: boolean | undefined;
  readonly live?: number | undefined;
}): RunView {
  const console = createConsola({
    stdout: process.stderr,
    stderr: process.stderr,
    formatOptions: { date: false },
  });
  let drawing: Drawing | undefined;
  const say = (level: 'info' | 'warn') => (text: string) =>
    (drawing ?? NO_DRAWING).aside(() => console[level](fitted(maskKnown(text), process.stderr, MARK_WIDTH)));
  const [info, warn] = [say('info'), say('warn')];
  const interrupts = listenForInterrupts(info);
  let board: TaskBoard | undefined;
  let page: { close(): void } | undefined;
  const endDrawing = () => {
    drawing?.end();
    drawing = undefined;
  };
  const on = (event: RunEvent | PointEvent): void | Promise<void> => {
    if (event.type === 'message') info(event.text);
    else if (event.type === 'finding')
      (event.finding.level === 'fact' ? info : warn)(scopedText(event.finding));
    else if (event.type === 'point') process.stderr.write(`\n== ${describePoint(event)}\n`);
    else if (event.type === 'opened') {
      page?.close();
      board = new TaskBoard(event.tasks, event.plan);
      if (event.tasks.length > 0) describePlan(event.plan, event.tasks, { info, warn });
      return openLivePage(live, event.name, board, { info, warn }).then((opened) => {
        page = opened;
      });
    } else if (event.type === 'task-started') {
      board!.begin(event.task, event.progress);
      const place = board!.placeOf(event.task);
      if (place !== '') info(`${taskName(event.task)}: begins, ${place}`);
      drawing ??= draw(board!, debug, info);
    } else if (event.type === 'task-ended') {
      const { task } = event.result;
      board!.end(task);
      if (!board!.isRunning) endDrawing();
      info(
        `${taskName(task)}: ${describeEnd(event.result)} in ${(board!.elapsed(task) / 1000).toFixed(1)} s`,
      );
    } else if (event.type === 'request-ended') {
      if (debug && event.record.outcome === 'failed') info(describeFailure(event.record));
    } else endDrawing();
  };
  return {
    options: { on, signal: interrupts.signal, drain: interrupts.drain },
    info,
    warn,
    close: () => {
      endDrawing();
      page?.close();
      interrupts.stop();
    },
  };
}

/** Ctrl-C once lets what is in flight finish and reports; twice gives that up too. */
function listenForInterrupts(info: (text: string) => void) {
  const [drain, abort] = [new AbortController(), new AbortController()];
  const onSignal = () => {
    if (drain.signal.aborted) {
      info('stopping now: requests in flight are given up');
      abort.abort();
    } else {
      info('finishing the requests in flight, then reporting; interrupt again to stop at once');
      drain.abort();
    }
  };
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  const stop = () => {
    for (const signal of STOP_SIGNALS) process.off(signal, onSignal);
  };
  return { drain: drain.signal, signal: abort.signal, stop };
}

function describePlan(
  plan: Plan,
  tasks: readonly Task[],
  { info, warn }: Pick<RunView, 'info' | 'warn'>,
): void {
  for (const line of describeTasks(tasks, plan.load)) info(line);
  const judges = hasStep(plan.mode, 'judge') ? judgesOf(plan).map(({ model }) => model) : [];
  for (const model of [...plan.models, ...judges].filter((one: ModelPlan) => isInsecure(one)))
    warn(`${model.abbr}: ${INSECURE_BANNER}`);
}

async function openLivePage(
  port: number | undefined,
  name: string,
  board: TaskBoard,
  { info, warn }: Pick<RunView, 'info' | 'warn'>,
): Promise<{ close(): void } | undefined> {
  if (port === undefined) return undefined;
  const { pageTemplate, renderPage } = await import('../../report/page/render.ts');
  const { LiveFeed, serveLive } = await import('../../live/live-server.ts');
  const template = pageTemplate();
  if (template === undefined) {
    warn('there is no live page: the viewer is not built (npm run build)');
    return undefined;
  }
  const payload: LivePage = { name, version: toolVersion() };
  const page = renderPage(template, { kind: 'live', title: `ais_bench: ${name}`, payload });
  const server = await serveLive(page, new LiveFeed(() => board.watched()), port);
  info(`live view: ${server.url}`);
  return server;
}

/** On a terminal the table of tasks, drawn again and again; else a line now and then. */
function draw(board: TaskBoard, debug: boolean, info: (text: string) => void): Drawing {
  // Drawing would bury what --debug prints.
  if (process.stderr.isTTY && !debug) return drawLines(board.lines, process.stderr);
  const timer = setInterval(() => info(board.line()), LINE_EVERY_MS);
  return { ...NO_DRAWING, end: () => clearInterval(timer) };
}

function taskName({ model, dataset }: Task): string {
  return `${model.abbr} × ${dataset.abbr}`;
}

function describeFailure({ call, attempt, failure }: FailedRecord): string {
  const { dataset, index, repetition, turn } = call;
  const place = `${dataset}, row ${index}, repetition ${repetition}${turn === undefined ? '' : `, turn ${turn + 1}`}`;
  const status = failure.status === undefined ? '' : ` ${failure.status}`;
  return `failed: ${place}, attempt ${attempt}: ${failure.kind}${status}: ${failure.message}`;
}

function describeEnd({ outcome: { planned, sent, stopped } }: TaskResult): string {
  const requests =
    planned === undefined ? plural(sent, 'request') : `${sent} of ${plural(planned, 'request')}`;
  if (stopped === 'gave-up') return `gave up after ${requests}: not one succeeded,`;
  if (stopped === 'over-saturated') return `stopped after ${requests}: the backlog grew without bound,`;
  if (stopped === 'enough-seen') return `stopped after ${requests}: enough missed the objectives,`;
  if (stopped === 'interrupted') return `interrupted after ${requests}`;
  return `${plural(sent, 'request')} done`;
}

/** `rate 4: 2 of 5`, or which point of a search begins. */
function describePoint({ kind, load, requests, n, of, isMeasured }: PointEvent): string {
  if (of !== undefined)
    return isMeasured ? `${kind} ${load}: measured before` : `${kind} ${load}: ${n} of ${of}`;
  const size = plural(requests!, 'request');
  if (!Number.isFinite(load)) return `point ${n}: ${size} at once, to see how fast the service is`;
  return `point ${n}: ${load} ${kind === 'rate' ? 'requests a second' : 'in flight'}, ${size}`;
}
