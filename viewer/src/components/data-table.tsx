import type { Ref } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

interface DataColumn {
  readonly head: string;
  readonly align?: 'left' | 'right';
  /** Sentences: they need a line of their own where there is little room. */
  readonly long?: boolean;
}

interface DataTableProps {
  readonly columns: readonly DataColumn[];
  /** The first cell names its row. */
  readonly rows: readonly (readonly string[])[];
  readonly label: string;
}

/** A column that has less room than this, CSS pixels, is none. */
const NARROWEST = 84;

/** What a table of so many columns needs to become blocks where they have no room: its place, and its class. */
export function useBlocks(columns: number): { readonly ref: Ref<HTMLTableElement>; readonly class: string } {
  const table = useRef<HTMLTableElement>(null);
  const [blocks, setBlocks] = useState(false);
  useLayoutEffect(() => {
    // The table is as wide as its place, or wider when its columns do not fit.
    const place = table.current!.parentElement!;
    const update = () => {
      const { paddingLeft, paddingRight } = getComputedStyle(place);
      const width = place.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
      setBlocks(width / columns < NARROWEST);
    };
    update();
    const observer = new ResizeObserver(update);
    observer.observe(place);
    return () => observer.disconnect();
  }, [columns]);
  return { ref: table, class: blocks ? 'data blocks' : 'data' };
}

/** A table; where there is no room for its columns, each row becomes a block of named numbers. */
export function DataTable({ columns, rows, label }: DataTableProps) {
  const { ref, class: className } = useBlocks(columns.length);
  return (
    <table ref={ref} class={className} aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ head, align }) => (
            <th key={head} scope="col" class={align === 'left' ? 'left' : ''}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells, n) => (
          // Rows have no identity of their own, and the table is drawn anew as a whole.
          <tr key={`${n} ${cells[0]}`}>
            {cells.map((cell, column) => {
              const { head, align, long } = columns[column]!;
              const className = `${align === 'left' ? 'left' : ''} ${long ? 'long' : ''}`.trim();
              if (column === 0)
                return (
                  <th key={head} scope="row" class={className}>
                    {cell}
                  </th>
                );
              return (
                <td key={head} class={className} data-head={head}>
                  {cell}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
