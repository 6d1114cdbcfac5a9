/** A run in progress: its tasks, the numbers of the one that runs, and how they went. */

import type { TaskState } from '../../../src/live/task-state.ts';
import type { LivePage } from '../../../src/report/page/render.ts';
import { ValidityBadge } from '../components/badge.tsx';
import { DataTable } from '../components/data-table.tsx';
import { Card, Stat } from '../components/section.tsx';
import { duration, number, percent } from '../format.ts';
import { useSay } from '../i18n/words.ts';
import { choose, useChosen } from '../settings.ts';
import { LiveCharts } from './charts.tsx';
import { type Told, useTold } from './events.ts';
import { type LiveWords, useLiveWords } from './words.ts';

export function LiveView({ page }: { readonly page: LivePage }) {
  const words = useLiveWords();
  const told = useTold();
  const shown = useShown(told);
  const task = told.tasks[shown];
  return (
    <>
      <div class="head">
        <div>
          <h1>{page.name}</h1>
          <p class="sub" role="status">
            {words[told.status]}
          </p>
        </div>
        {told.tasks.length > 1 && <Picker tasks={told.tasks} shown={shown} />}
      </div>
      {told.tasks.length > 1 && <Tasks tasks={told.tasks} />}
      {task?.state === undefined ? (
        <p>{words.waiting}</p>
      ) : (
        <>
          <h2>{task.name}</h2>
          <div class="cards">
            <Numbers state={task.state} isDone={task.status !== 'running'} />
          </div>
          <LiveCharts points={told.points[shown] ?? []} />
        </>
      )}
      <footer>{`ais_bench ${page.version}`}</footer>
    </>
  );
}

/** The task that the reader chose, else the one that runs, else the last one that has begun. */
function useShown({ tasks }: Told): number {
  const wanted = Number(useChosen('task') ?? Number.NaN);
  if (tasks[wanted] !== undefined) return wanted;
  const running = tasks.findIndex(({ status }) => status === 'running');
  return running >= 0 ? running : tasks.findLastIndex(({ state }) => state !== undefined);
}

interface PickerProps {
  readonly tasks: Told['tasks'];
  readonly shown: number;
}

function Picker({ tasks, shown }: PickerProps) {
  const words = useLiveWords();
  return (
    <label class="pick">
      <span>{words.task}</span>
      <select value={String(shown)} onChange={({ currentTarget }) => choose('task', currentTarget.value)}>
        {tasks.map(({ name }, n) => (
          <option key={name} value={String(n)}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Tasks({ tasks }: Pick<PickerProps, 'tasks'>) {
  const words = useLiveWords();
  const rows = tasks.map(({ name, status, state }) => [
    name,
    words.statuses[status],
    state === undefined ? '' : doneText(state),
    state?.tokensPerSecond === undefined ? '' : number(state.tokensPerSecond),
    state?.ttft === undefined ? '' : duration(state.ttft.p99),
    state?.itl === undefined ? '' : duration(state.itl.p99),
    state === undefined ? '' : number(state.failed),
    state === undefined ? '' : status === 'running' ? timeText(state, words) : seconds(state.elapsed),
  ]);
  const heads = [
    words.task,
    words.status,
    words.progress,
    'tok/s',
    'TTFT P99',
    'ITL P99',
    words.failed,
    words.time,
  ];
  return (
    <div class="cards">
      <Card wide>
        <DataTable
          label={words.task}
          columns={heads.map((head, n) => ({ head, align: n < 2 ? 'left' : 'right' }))}
          rows={rows}
        />
      </Card>
    </div>
  );
}

function Numbers({ state, isDone }: { readonly state: TaskState; readonly isDone: boolean }) {
  const words = useLiveWords();
  const say = useSay();
  const {
    inFlight,
    concurrency,
    targetRate,
    rate,
    rateUnit = 'req/s',
    tokensPerSecond,
    ttft,
    itl,
    validity,
  } = state;
  const failures = (state.failures ?? []).map(([kind, count]) => `${number(count)} ${kind}`).join(', ');
  const time = isDone ? seconds(state.elapsed) : timeText(state, words);
  const limit =
    concurrency === undefined
      ? undefined
      : `${targetRate === undefined ? words.of : words.atMost} ${number(concurrency)}`;
  return (
    <Card wide>
      {validity !== undefined && (
        <p title={words.soFarNote}>
          <ValidityBadge verdict={validity.verdict} /> {`${words.soFar}: ${say(validity.reason ?? '')}`}
        </p>
      )}
      <div class="stats">
        <Stat
          name={words.progress}
          value={shareText(state)}
          more={[...(state.total === undefined ? [] : [countText(state)]), time].join(', ')}
        />
        <Stat
          name={words.inFlight}
          value={number(inFlight)}
          {...(limit === undefined ? {} : { more: limit })}
        />
        <Stat
          name={words.rate}
          value={`${number(figure(rate))} ${rateUnit}`}
          {...(targetRate === undefined ? {} : { more: `${words.asked} ${number(targetRate)}` })}
        />
        <Stat name={words.tokens} value={`${number(figure(tokensPerSecond))} tok/s`} />
        {ttft && (
          <Stat
            name="TTFT P50"
            value={duration(figure(ttft.p50))}
            more={`P99 ${duration(figure(ttft.p99))}`}
          />
        )}
        {itl && (
          <Stat name="ITL P50" value={duration(figure(itl.p50))} more={`P99 ${duration(figure(itl.p99))}`} />
        )}
        <Stat
          name={words.failed}
          value={number(state.failed)}
          {...(failures === '' ? {} : { more: failures })}
        />
      </div>
    </Card>
  );
}

function doneText(state: TaskState): string {
  return state.total === undefined ? number(state.done) : `${countText(state)}, ${shareText(state)}`;
}

/** Done of all, where all is known. */
function countText({ done, total }: TaskState): string {
  return total === undefined ? number(done) : `${number(done)}\u202f/\u202f${number(total)}`;
}

function shareText({ done, total }: TaskState): string {
  if (total === undefined) return number(done);
  return percent(total === 0 ? 1 : done / total, 0);
}

function timeText({ left, elapsed }: TaskState, words: LiveWords): string {
  return left === undefined ? `${seconds(elapsed)} ${words.spent}` : `${seconds(left)} ${words.left}`;
}

/** Whole seconds: it changes once a second. */
function seconds(milliseconds: number): string {
  return duration(Math.round(milliseconds / 1000) * 1000);
}

/** Three digits, as many as a figure that is counted on the way is known to. */
function figure(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value.toPrecision(3));
}
