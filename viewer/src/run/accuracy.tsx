import { verdictColor } from '../components/badge.tsx';
import { DataTable } from '../components/data-table.tsx';
import { Card, Legend, Section } from '../components/section.tsx';
import { number } from '../format.ts';
import type { Words } from '../i18n/en.ts';
import { useWords } from '../i18n/words.ts';
import { Samples } from './samples.tsx';
import type { Task } from './task.ts';

type Score = NonNullable<Task['score']>;
type ReportedInterval = NonNullable<Score['report']['card']['interval']>;

/** The score card, what the answers came to and how they were read, and the answers themselves. */
export function AccuracySection({ task }: { readonly task: Task }) {
  const words = useWords();
  const { score } = task;
  if (score === undefined) return null;
  return (
    <>
      <Section id="accuracy" title={words.accuracy}>
        <div class="cards">
          <ScoreCard score={score} />
          <Verdicts score={score} />
          <Outcomes score={score} />
        </div>
      </Section>
      <Section id="samples" title={words.samples}>
        <Samples
          key={score.samples.attachment}
          score={score}
          {...(task.requests && { requests: task.requests })}
        />
      </Section>
    </>
  );
}

interface Measured {
  readonly name: string;
  readonly value: number | undefined;
  readonly n: number;
  readonly interval?: ReportedInterval | undefined;
  readonly compat?: number | undefined;
}

function measuresOf({ report: { card, compatValue } }: Score): Measured[] {
  const { metric, value, n, interval, metrics = {} } = card;
  const further = Object.entries(metrics).map(([name, one]) => ({ name, ...one }));
  return [{ name: metric, value, n, interval, compat: compatValue }, ...further];
}

function ScoreCard({ score }: { readonly score: Score }) {
  const words = useWords();
  const { simulated = false } = score.report;
  return (
    <Card title={words.scoreCard} {...(simulated ? { note: words.simulated } : {})}>
      {measuresOf(score).map((one) => (
        <Measure key={one.name} {...one} />
      ))}
    </Card>
  );
}

function Measure({ name, value, n, interval, compat }: Measured) {
  const words = useWords();
  return (
    <div class="measure">
      <div class="stat">
        <div class="name">{`${name}, n = ${number(n)}`}</div>
        <div class="value">{value === undefined ? words.noScore : value.toFixed(2)}</div>
      </div>
      {value !== undefined && <IntervalBar value={value} interval={interval} />}
      <p class="note">{intervalText(words, interval)}</p>
      {compat !== undefined && value !== undefined && compat.toFixed(2) !== value.toFixed(2) && (
        <p class="note">{words.compat(compat.toFixed(2))}</p>
      )}
    </div>
  );
}

function intervalText(words: Words, interval: ReportedInterval | undefined): string {
  if (interval === undefined) return words.noInterval;
  const { low, high, level, method } = interval;
  return `${number(100 * level)}\u202f%: ${low.toFixed(1)} … ${high.toFixed(1)} (${method})`;
}

/** From 0 to 100: the value as a line, its interval as a band. */
function IntervalBar({ value, interval }: Pick<Measured, 'interval'> & { readonly value: number }) {
  const percent = (share: number) => `${Math.max(0, Math.min(100, share))}%`;
  return (
    <div class="interval" aria-hidden="true">
      {interval !== undefined && (
        <span
          class="band"
          style={{ left: percent(interval.low), width: percent(interval.high - interval.low) }}
        />
      )}
      <span class="point" style={{ left: percent(value) }} />
    </div>
  );
}

function Verdicts({ score }: { readonly score: Score }) {
  const words = useWords();
  const { card } = score.report;
  const counts = score.outcomes.verdicts.flatMap((verdict) => {
    const count = (card as unknown as Readonly<Record<string, number | undefined>>)[verdict] ?? 0;
    return count === 0 ? [] : [{ verdict, count }];
  });
  return (
    <Card title={words.verdictCounts} note={words.verdictNote}>
      <div class="stack" aria-hidden="true">
        {counts.map(({ verdict, count }) => (
          <span key={verdict} style={{ flexGrow: count, background: `var(--${verdictColor(verdict)})` }} />
        ))}
      </div>
      <Legend
        entries={counts.map(
          ({ verdict, count }) =>
            [
              verdictColor(verdict),
              `${words.sampleVerdicts[verdict]} ${number(count)} (${((100 * count) / card.n).toFixed(1)}\u202f%)`,
            ] as const,
        )}
      />
    </Card>
  );
}

/** How answers were read, against what came of it. */
function Outcomes({ score }: { readonly score: Score }) {
  const words = useWords();
  const { verdicts, byRule, byRules } = score.outcomes;
  // A verdict that no answer had would be a column of nothing.
  const all = [...byRule, ...(byRules ?? [])];
  const used = verdicts.flatMap((_, column) =>
    all.some(({ counts }) => counts[column]! > 0) ? [column] : [],
  );
  const heads = used.map((column) => ({ head: words.sampleVerdicts[verdicts[column]!]! }));
  const cells = (counts: readonly number[]) =>
    used.map((column) => (counts[column] === 0 ? '·' : number(counts[column])));
  return (
    <>
      <Card title={words.outcomes} note={words.outcomesNote} wide>
        <DataTable
          label={words.outcomes}
          columns={[{ head: words.rule, align: 'left' }, ...heads]}
          rows={byRule.map(({ name, counts }) => [name === '' ? words.noRule : name, ...cells(counts)])}
        />
      </Card>
      {byRules !== undefined && (
        <Card title={words.ruleSets} note={words.ruleSetsNote} wide>
          <DataTable
            label={words.ruleSets}
            columns={[{ head: words.ours, align: 'left' }, ...heads]}
            rows={byRules.map(({ name, counts }) => [words.sampleVerdicts[name]!, ...cells(counts)])}
          />
        </Card>
      )}
    </>
  );
}
