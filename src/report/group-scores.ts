import type { GroupScore, Kind } from './summary-groups.ts';
import { left, NO_VALUE, nameColumn, right, type Table } from './table.ts';
import { oneLine } from './text.ts';
import { phrase, type Text } from './words.ts';

/** What a group's number is, in words: a summarizer may give it any name. */
const KINDS: Readonly<Record<Kind, Text>> = {
  naive_average: phrase('plain mean'),
  weighted_average: phrase('weighted mean'),
  sum: phrase('sum'),
  standard_deviation: phrase('standard deviation'),
  harmonic_mean: phrase('harmonic mean'),
};

/** Groups of datasets, each said as what it is; no table where there are none. */
export function groupScoreTables(scores: readonly GroupScore[]): Table[] {
  if (scores.length === 0) return [];
  const hasInterval = scores.some(({ interval }) => interval !== undefined);
  return [
    {
      title: phrase('Groups of datasets'),
      columns: [
        nameColumn(phrase('Group')),
        left(phrase('Number')),
        nameColumn(phrase('Model')),
        right(phrase('Value')),
        right(phrase('Datasets')),
        right(phrase('Interval')),
      ],
      rows: scores.map(({ group, kind, model, value, datasets, interval, byCharacter }) => [
        oneLine(group),
        byCharacter === undefined ? KINDS[kind] : phrase('{kind}, by character', { kind: KINDS[kind] }),
        oneLine(model),
        value.toFixed(2),
        String(datasets),
        interval === undefined ? NO_VALUE : `${interval.low.toFixed(1)}..${interval.high.toFixed(1)}`,
      ]),
      footnotes: [
        phrase('plain mean: every dataset counts the same, however large it is'),
        ...(scores.some(({ byCharacter }) => byCharacter !== undefined)
          ? [
              phrase(
                "by character: a part counts characters of Chinese where others count jieba's words: not comparable",
              ),
            ]
          : []),
        ...(hasInterval ? [phrase('Interval: 95 %, from those of the datasets, which are independent')] : []),
      ],
    },
  ];
}
