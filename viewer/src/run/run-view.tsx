/** The report of a run: its tasks one at a time, the summary of each first. */
import { useEffect } from 'preact/hooks';
import type { Unpacked } from '../../../src/report/page/codec.ts';
import type { RunPage } from '../../../src/report/page/run-page.ts';
import { Contents } from '../components/contents.tsx';
import { ReportCard } from '../components/report-table.tsx';
import { Section } from '../components/section.tsx';
import { useWords } from '../i18n/words.ts';
import { onKeys } from '../keyboard.ts';
import { choose, useChosen } from '../settings.ts';
import { AccuracySection } from './accuracy.tsx';
import { DecodingSection } from './decoding.tsx';
import { FailuresSection } from './failures.tsx';
import { LatencySection } from './latency.tsx';
import { TimeSection } from './over-time.tsx';
import { Overview } from './overview.tsx';
import { ServerSection } from './server.tsx';
import { SummarySection } from './summary.tsx';
import type { Task } from './task.ts';

export function RunView({ page }: { readonly page: Unpacked<RunPage> }) {
  const { tasks } = page;
  const words = useWords();
  const wanted = Number(useChosen('task') ?? 0);
  const shown = Number.isInteger(wanted) && wanted >= 0 && wanted < tasks.length ? wanted : 0;
  const task = tasks[shown];
  const show = (n: number) => {
    // What was chosen of one task says nothing of another.
    for (const name of ['sample', 'q', 'verdict']) choose(name, undefined);
    choose('task', String(n));
  };
  useEffect(() => {
    const go = (step: number) => () => show((shown + step + tasks.length) % tasks.length);
    return onKeys(tasks.length > 1 ? { '[': go(-1), ']': go(1) } : {});
  }, [shown, tasks.length]);
  return (
    <>
      <div class="head">
        <div>
          <h1>{page.name}</h1>
          <p class="sub">{task === undefined ? words.noTasks : `${task.model} × ${task.dataset}`}</p>
        </div>
        {tasks.length > 1 && <TaskPicker tasks={tasks} shown={shown} show={show} />}
      </div>
      {tasks.length > 1 && <Overview tasks={tasks} groups={page.groups ?? []} />}
      {task !== undefined && <TaskView key={shown} task={task} />}
      {page.degraded !== undefined && (
        <div class="cards">
          <ReportCard table={page.degraded} />
        </div>
      )}
      <footer>{`ais_bench ${page.version}`}</footer>
    </>
  );
}

function TaskView({ task }: { readonly task: Task }) {
  return (
    <>
      <Contents />
      <SummarySection task={task} />
      <AccuracySection task={task} />
      <LatencySection task={task} />
      <TimeSection task={task} />
      <DecodingSection task={task} />
      <ServerSection task={task} />
      <FailuresSection task={task} />
      <MoreSection task={task} />
    </>
  );
}

interface PickerProps {
  readonly tasks: readonly Task[];
  readonly shown: number;
  readonly show: (n: number) => void;
}

function TaskPicker({ tasks, shown, show }: PickerProps) {
  const words = useWords();
  return (
    <label class="pick">
      <span>{words.tasks}</span>
      <select value={String(shown)} onChange={({ currentTarget }) => show(Number(currentTarget.value))}>
        {tasks.map(({ model, dataset }, n) => (
          <option key={`${model} ${dataset}`} value={String(n)}>
            {`${model} × ${dataset}`}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The tables of the terminal that have no chart. */
function MoreSection({ task }: { readonly task: Task }) {
  const words = useWords();
  const { more } = task.tables;
  if (more.length === 0) return null;
  return (
    <Section id="more" title={words.more}>
      <div class="cards">
        {more.map((table) => (
          <ReportCard key={JSON.stringify(table.title)} table={table} />
        ))}
      </div>
    </Section>
  );
}
