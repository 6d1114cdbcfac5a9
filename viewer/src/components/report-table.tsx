import type { Table } from '../../../src/report/table.ts';
import { useReportWords } from '../i18n/words.ts';
import { DataTable } from './data-table.tsx';
import { Card } from './section.tsx';
import { Sentences } from './sentences.tsx';

/** Columns whose cells are sentences of the run; others hold names, numbers, and what a model or a service said. */
const SENTENCES = new Set(['What', 'Where', 'Number']);

/** A table that the terminal also prints, with its footnotes. */
export function ReportTable({ table }: { readonly table: Table }) {
  const say = useReportWords();
  const areSentences = table.columns.map(({ head }) => SENTENCES.has(head));
  return (
    <>
      <DataTable
        label={say(table.title)}
        columns={table.columns.map((column) => ({ ...column, head: say(column.head) }))}
        rows={table.rows.map((row) => row.map((cell, i) => (areSentences[i] ? say(cell) : cell)))}
      />
      <Sentences of={table.footnotes} asNotes />
    </>
  );
}

/** The same under its title. */
export function ReportCard({ table }: { readonly table: Table }) {
  const say = useReportWords();
  return (
    <Card title={say(table.title)} wide>
      <ReportTable table={table} />
    </Card>
  );
}
