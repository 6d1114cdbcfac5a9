import type { GroupScore, Kind } from './summary-groups.ts';
import { left, NO_VALUE, nameColumn, right, type Table } from './table.ts';
import { oneLine } from './text.ts';

/** What a group's number is, in words: a summarizer may give it any name. */
const KINDS: Readonly<Record<Kind, string>> = {
  naive_average: 'plain mean',
  weighted_average: 'weighted mean',
  sum: 'sum',
  standard_deviation: 'standard deviation',
  harmonic_mean: 'harmonic mean',
};

/** Groups of datasets, each said as what it is; no table where there are none. */
export function groupScoreTables(scores: readonly GroupScore[]): Table[] {
  if (scores.length === 0) return [];
  const hasInterval = scores.some(({ interval }) => interval !== undefined);
  return [
    {
      title: 'Groups of datasets',
      columns: [
        nameColumn('Group'),
        left('Number'),
        nameColumn('Model'),
        right('Value'),
        right('Datasets'),
        right('Interval'),
      ],
      rows: scores.map(({ group, kind, model, value, datasets, interval, byCharacter }) => [
        oneLine(group),
        byCharacter === undefined ? KINDS[kind] : `${KINDS[kind]}, by character`,
        oneLine(model),
        value.toFixed(2),
        String(datasets),
        interval === undefined ? NO_VALUE : `${interval.low.toFixed(1)}..${interval.high.toFixed(1)}`,
      ]),
      footnotes: [
        'plain mean: every dataset counts the same, however large it is',
        ...(scores.some(({ byCharacter }) => byCharacter !== undefined)
          ? [
              "by character: a part counts characters of Chinese where others count jieba's words: not comparable",
            ]
          : []),
        ...(hasInterval ? ['Interval: 95 %, from those of the datasets, which are independent'] : []),
      ],
    },
  ];
}
