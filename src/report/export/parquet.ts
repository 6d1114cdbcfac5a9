import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { CellValue, ColumnType, ExportColumn } from './column.ts';

/** Rows of one group: memory holds no more of them at a time. */
export const ROW_GROUP = 50_000;

/** Writes a table as Parquet, a group of rows at a time. Every column may hold nulls; the codec is Snappy. */
export class ParquetTable<Row> {
  readonly #columns: readonly ExportColumn<Row>[];
  readonly #writer: ParquetWriter;

  readonly #flush: () => void;

  /** `write` takes the bytes as they come; `createdBy`: what wrote the file, kept in it. */
  constructor(columns: readonly ExportColumn<Row>[], write: (bytes: Uint8Array) => void, createdBy: string) {
    this.#columns = columns;
    const writer = new ByteWriter();
    this.#flush = () => {
      write(writer.getBytes());
      writer.index = 0;
    };
    const schema = [{ name: 'root', num_children: columns.length }, ...columns.map(schemaOf)];
    this.#writer = new ParquetWriter({ writer, schema, createdBy });
  }

  async add(rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    const columnData = this.#columns.map(({ name, type, of }) => ({
      name,
      data: rows.map((row) => stored(of(row), type)),
    }));
    await this.#writer.write({ columnData, rowGroupSize: ROW_GROUP });
    this.#flush();
  }

  async finish(): Promise<void> {
    await this.#writer.finish();
    this.#flush();
  }
}

const TYPES: Readonly<Record<ColumnType, Pick<SchemaElement, 'type' | 'converted_type' | 'logical_type'>>> = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  int64: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  timestamp: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
};

function schemaOf({ name, type }: Pick<ExportColumn<never>, 'name' | 'type'>): SchemaElement {
  return { name, repetition_type: 'OPTIONAL', ...TYPES[type] };
}

/** Numbers that lie in 64-bit columns are written as such. */
function stored(value: CellValue | undefined, type: ColumnType): unknown {
  if (value === undefined) return null;
  return type === 'int64' ? BigInt(Math.round(value as number)) : value;
}
