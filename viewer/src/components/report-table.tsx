import { plainTable, type Table } from '../../../src/report/table.ts';
import { useKnownLanguage } from '../i18n/words.ts';
import { DataTable } from './data-table.tsx';
import { Card } from './section.tsx';
import { Sentences } from './sentences.tsx';

/** A table that the terminal also prints, with its footnotes, in the reader's language. */
export function ReportTable({ table }: { readonly table: Table }) {
  const { title, columns, rows, footnotes } = plainTable(table, useKnownLanguage());
  return (
    <>
      <DataTable label={title} columns={columns} rows={rows} />
      <Sentences of={footnotes} asNotes />
    </>
  );
}

/** The same under its title. */
export function ReportCard({ table }: { readonly table: Table }) {
  const { title } = plainTable(table, useKnownLanguage());
  return (
    <Card title={title} wide>
      <ReportTable table={table} />
    </Card>
  );
}
