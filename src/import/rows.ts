/** The rows of AISBench's own files (aisbench.md §6.5, §7.2), checked line by line. */
import { z } from 'zod';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { readForeignLines } from '../store/read-back.ts';

const row = z.int().nonnegative();
const text = z.string().nullish();

/** A line of `performances/<model>/<dataset>_details.jsonl`. */
const detailSchema = z.looseObject({
  id: row,
  success: z.boolean(),
  error_info: z.unknown().optional(),
  time_points: z.union([z.looseObject({ __db_ref__: z.int().nonnegative() }), z.array(z.number())]).nullish(),
  input_tokens: z.number().nonnegative().nullish(),
  output_tokens: z.number().nonnegative().nullish(),
  input: z.unknown().optional(),
  uuid: text,
  turn_id: z.int().nonnegative().nullish(),
  prediction: text,
  db_name: text,
  extra_perf_data: z.unknown().optional(),
  extra_details_data: z.unknown().optional(),
});
/** A request of a performance run. */
export type DetailRow = z.output<typeof detailSchema>;

/** A line of `predictions/<model>/<dataset>.jsonl`; of perplexity the label is the prediction. */
const predictionSchema = z.looseObject({
  id: row,
  success: z.boolean(),
  uuid: text,
  turn_id: z.int().nonnegative().nullish(),
  origin_prompt: z.unknown().optional(),
  prediction: z.unknown().optional(),
  gold: z.unknown().optional(),
  ppl_list: z.unknown().optional(),
});
/** A request of an accuracy run. */
export type PredictionRow = z.output<typeof predictionSchema>;

/** A line of `<dataset>_failed.jsonl`, of either folder. */
const failedSchema = z.looseObject({ id: row, input: z.unknown().optional(), error_info: z.unknown() });
/** A failed request. */
export type FailedRow = z.output<typeof failedSchema>;

/** Reads the rows of a performance run. */
export const detailRows = (path: string) => readRows(path, detailSchema);
/** Reads the rows of an accuracy run. */
export const predictionRows = (path: string) => readRows(path, predictionSchema);
/** Reads the failed rows. */
export const failedRows = (path: string) => readRows(path, failedSchema);

/** A row and its `file:line`. */
export interface Placed<T> {
  readonly row: T;
  readonly where: string;
}

/** Reads and checks rows; a missing file has none. Throws RUN-DATA-001 with file and line for a malformed line. */
async function* readRows<S extends z.ZodType>(path: string, schema: S): AsyncGenerator<Placed<z.output<S>>> {
  for await (const { line, where } of readForeignLines(path)) {
    const result = schema.safeParse(parseRow(line, where));
    if (!result.success) throw notARow(where, describeProblem(result.error));
    yield { row: result.data, where };
  }
}

function parseRow(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw notARow(where, messageOf(cause), cause);
  }
}

function describeProblem({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? 'it has another form' : `${issue.path.join('.') || 'it'}: ${issue.message}`;
}

function notARow(where: string, why: string, cause?: unknown): AisBenchError {
  return new AisBenchError('RUN-DATA-001', `this line is no row of AISBench's: ${why}`, {
    where,
    cure: 'take the line out, or copy the run folder of AISBench again',
    cause,
  });
}
