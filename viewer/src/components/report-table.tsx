import type { Table } from '../../../src/report/table.ts';
import { DataTable } from './data-table.tsx';

/** A table that the terminal also prints, with its footnotes. */
export function ReportTable({ table }: { readonly table: Table }) {
  return (
    <>
      <DataTable label={table.title} columns={table.columns} rows={table.rows} />
      {table.footnotes.length > 0 && (
        <ul class="notes">
          {table.footnotes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}
