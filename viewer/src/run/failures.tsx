import { DataTable } from '../components/data-table.tsx';
import { Card, Section } from '../components/section.tsx';
import { number } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import type { Task } from './task.ts';

type Failure = NonNullable<Task['performance']>['summary']['failures'][number];

/** What failed, by kind and cause. */
export function FailuresSection({ task }: { readonly task: Task }) {
  const words = useWords();
  const summary = task.performance?.summary;
  if (summary === undefined) return null;
  const { failures, retried } = summary;
  if (failures.length === 0 && retried.causes.length === 0) return null;
  return (
    <Section id="failures" title={words.failures}>
      <div class="cards">
        {failures.length > 0 && <Causes title={words.failedRequests} causes={failures} />}
        {retried.causes.length > 0 && (
          <Causes
            title={words.retriedRequests}
            note={words.retriedNote(number(retried.count))}
            causes={retried.causes}
          />
        )}
      </div>
    </Section>
  );
}

interface CausesProps {
  readonly title: string;
  readonly note?: string;
  readonly causes: readonly Failure[];
}

function Causes({ title, note, causes }: CausesProps) {
  const words = useWords();
  const rows = causes.map(({ kind, status, message, bodyExcerpt, count, example }) => [
    kind,
    status === undefined ? '' : String(status),
    number(count),
    bodyExcerpt === undefined ? message : `${message} — ${bodyExcerpt.slice(0, 300)}`,
    `${example.index}${example.turn === undefined ? '' : `, ${example.turn}`}`,
  ]);
  return (
    <Card title={title} wide {...(note === undefined ? {} : { note })}>
      <DataTable
        label={title}
        columns={[
          { head: words.kind, align: 'left' },
          { head: words.status },
          { head: words.count },
          { head: words.message, align: 'left', long: true },
          { head: words.firstRow },
        ]}
        rows={rows}
      />
    </Card>
  );
}
