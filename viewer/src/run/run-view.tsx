/** The report of a run: its tasks one at a time, the summary of each first. */
import { useEffect } from 'preact/hooks';
import type { Unpacked } from '../../../src/report/page/codec.ts';
import type { RunPage, TaskPart } from '../../../src/report/page/run-page.ts';
import { useWords } from '../i18n/words.ts';
import { onKeys } from '../keyboard.ts';
import { choose, useChosen } from '../settings.ts';
import { LatencySection } from './latency.tsx';
import { SummarySection } from './summary.tsx';

export type Task = Unpacked<TaskPart>;

export function RunView({ page }: { readonly page: Unpacked<RunPage> }) {
  const { tasks } = page;
  const words = useWords();
  const wanted = Number(useChosen('task') ?? 0);
  const shown = Number.isInteger(wanted) && wanted >= 0 && wanted < tasks.length ? wanted : 0;
  const task = tasks[shown];
  useEffect(() => {
    const go = (step: number) => () => choose('task', String((shown + step + tasks.length) % tasks.length));
    return onKeys(tasks.length > 1 ? { '[': go(-1), ']': go(1) } : {});
  }, [shown, tasks.length]);
  return (
    <>
      <div class="head">
        <h1>{page.name}</h1>
        {tasks.length > 1 && (
          <label class="pick">
            <span>{words.tasks}</span>
            <select
              value={String(shown)}
              onChange={({ currentTarget }) => choose('task', currentTarget.value)}
            >
              {tasks.map(({ model, dataset }, n) => (
                <option key={`${model} ${dataset}`} value={String(n)}>
                  {`${model} × ${dataset}`}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {task !== undefined && (
        <div key={shown}>
          {tasks.length === 1 && <p class="sub">{`${task.model} × ${task.dataset}`}</p>}
          <SummarySection task={task} />
          <LatencySection task={task} />
        </div>
      )}
    </>
  );
}
