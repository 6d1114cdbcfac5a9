/** The table of samples: one row a judged answer, as `docs/export.md` lists it. */
import { creditOf, type Judged } from '../../evaluate/types.ts';
import type { ExportColumn } from './column.ts';

interface SampleRow {
  /** Name of the run's folder. */
  readonly run: string;
  readonly model: string;
  readonly dataset: string;
  readonly judged: Judged;
}

type SampleColumn = ExportColumn<SampleRow>;

export const SAMPLE_COLUMNS: readonly SampleColumn[] = [
  text('run', 'name of the run’s folder', ({ run }) => run),
  text('model', 'abbr of the model’s config', ({ model }) => model),
  text('dataset', 'abbr of the dataset’s config', ({ dataset }) => dataset),
  text('case_id', '`case_id` of its requests', ({ judged }) => judged.id),
  whole('row', 'row of the dataset, from 0', ({ judged }) => judged.index),
  whole('repetition', 'repetition of that row, from 0', ({ judged }) => judged.repetition),
  whole('turn', 'turn of a dialogue, from 0', ({ judged }) => judged.turn),
  text(
    'verdict',
    '`correct`, `partial`, `wrong`, `unextractable`, `inconsistent`, `truncated` or `failed`',
    ({ judged }) => judged.verdict,
  ),
  {
    name: 'credit',
    type: 'double',
    meaning: 'what it adds to the score, 0 to 1',
    of: ({ judged }) => creditOf(judged),
  },
  text('answer', 'what was extracted', ({ judged }) => judged.extraction?.answer),
  text('rule', 'the rule that found it', ({ judged }) => judged.extraction?.rule),
  text('reference', 'what it was compared with', ({ judged }) => judged.reference),
  text('explanation', 'why, where the evaluator says', ({ judged }) => judged.explanation),
  text('aisbench_verdict', 'the verdict by AISBench’s rules', ({ judged }) => judged.compat.verdict),
];

function text(name: string, meaning: string, of: (row: SampleRow) => string | undefined): SampleColumn {
  return { name, type: 'string', meaning, of };
}

function whole(name: string, meaning: string, of: (row: SampleRow) => number | undefined): SampleColumn {
  return { name, type: 'int64', meaning, of };
}
