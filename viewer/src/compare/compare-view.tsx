/** A comparison of runs: what could spoil it first, then gates, verdicts, numbers and distributions of each task. */
import { distinctFindings } from '../../../src/contract/finding.ts';
import type { Unpacked } from '../../../src/report/page/codec.ts';
import type { ComparedTask, ComparePage, ComparisonPart } from '../../../src/report/page/compare-page.ts';
import { Cdf } from '../charts/cdf.tsx';
import { Badge, ValidityBadge } from '../components/badge.tsx';
import { Contents } from '../components/contents.tsx';
import { ReportTable } from '../components/report-table.tsx';
import { Card, Section } from '../components/section.tsx';
import { Sentences } from '../components/sentences.tsx';
import type { Tone } from '../components/tones.ts';
import { number } from '../format.ts';
import { useCompareWords } from '../i18n/compare.ts';
import { choose, useChosen } from '../settings.ts';
import { NumbersTable } from './numbers-table.tsx';

type Comparison = Unpacked<ComparisonPart>;
type Task = Unpacked<ComparedTask>;

export function CompareView({ page }: { readonly page: Unpacked<ComparePage> }) {
  const words = useCompareWords();
  const { comparisons } = page;
  const wanted = Number(useChosen('run') ?? 0);
  const shown = Number.isInteger(wanted) && wanted >= 0 && wanted < comparisons.length ? wanted : 0;
  const one = comparisons[shown]!;
  return (
    <>
      <div class="head">
        <div>
          <h1>{words.title(one.after.letter, one.before.letter)}</h1>
          <p class="sub">{words.title(one.after.path, one.before.path)}</p>
          <GateBadges outcomes={one.gates?.outcomes ?? []} />
        </div>
        {comparisons.length > 1 && (
          <label class="pick">
            <span>{words.runs}</span>
            <select
              value={String(shown)}
              onChange={({ currentTarget }) => choose('run', currentTarget.value)}
            >
              {comparisons.map(({ before, after }, n) => (
                <option key={after.letter} value={String(n)}>
                  {words.title(after.letter, before.letter)}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <ComparisonView key={shown} one={one} />
      <footer>{`ais_bench ${page.version}`}</footer>
    </>
  );
}

function ComparisonView({ one }: { readonly one: Comparison }) {
  return (
    <>
      <Contents />
      <DifferencesSection one={one} />
      <GatesSection gates={one.gates} />
      {one.tasks.map((task, n) => (
        <TaskSections key={task.name} task={task} n={n} one={one} />
      ))}
    </>
  );
}

const TONES: Readonly<Record<string, Tone>> = { broken: 'bad', unknown: 'warn', kept: 'good' };

function GatesSection({ gates }: { readonly gates: Comparison['gates'] }) {
  const words = useCompareWords();
  if (gates === undefined) return null;
  return (
    <Section id="gates" title={words.gates}>
      <Card wide note={words.gatesNote}>
        <div class="gates">
          <ReportTable table={gates.table} />
        </div>
      </Card>
    </Section>
  );
}

type Outcomes = NonNullable<Comparison['gates']>['outcomes'];

/** How many gates came to what. */
function GateBadges({ outcomes }: { readonly outcomes: Outcomes }) {
  const words = useCompareWords();
  const counts = (['broken', 'unknown', 'kept'] as const).map(
    (outcome) => [outcome, outcomes.filter((own) => own === outcome).length] as const,
  );
  if (outcomes.length === 0) return null;
  return (
    <p class="badges">
      {counts
        .filter(([, n]) => n > 0)
        .map(([outcome, n]) => (
          <Badge key={outcome} tone={TONES[outcome]!}>
            {`${n} ${words.outcomes[outcome]}`}
          </Badge>
        ))}
    </p>
  );
}

function DifferencesSection({ one }: { readonly one: Comparison }) {
  const words = useCompareWords();
  return (
    <Section id="differences" title={words.differences}>
      <Card wide note={words.differencesNote}>
        {one.validity.map(({ letter, task, verdict, findings }) => (
          <div class="validity" key={`${letter} ${task}`}>
            <span>{`${words.run(letter)}, ${task}`}</span>
            <ValidityBadge verdict={verdict} />
            <Sentences of={findings} />
          </div>
        ))}
        <div class="settings">
          <ReportTable table={one.intro} />
        </div>
        <Sentences of={distinctFindings(one.findings)} asNotes />
      </Card>
    </Section>
  );
}

interface TaskProps {
  readonly task: Task;
  readonly n: number;
  readonly one: Comparison;
}

function TaskSections({ task, n, one }: TaskProps) {
  const words = useCompareWords();
  const { score, flips, numbers, curves } = task;
  const letters = [one.before.letter, one.after.letter] as const;
  const named = (title: string) => (one.tasks.length > 1 ? `${title}, ${task.name}` : title);
  return (
    <>
      {flips !== undefined && (
        <Section id={`flips-${n}`} title={named(words.flips)}>
          <Card wide note={words.flipsNote}>
            <div class="flips">
              <ReportTable table={flips} />
            </div>
          </Card>
        </Section>
      )}
      {score !== undefined && (
        <Section id={`score-${n}`} title={named(words.score)}>
          <Card wide note={words.pairs(number(score.pairs), number(score.lost), number(score.won))}>
            <NumbersTable numbers={[score]} letters={letters} />
          </Card>
        </Section>
      )}
      {numbers.length > 0 && (
        <Section id={`numbers-${n}`} title={named(words.numbers)}>
          <Card wide note={words.numbersNote}>
            <NumbersTable numbers={numbers} letters={letters} />
            <p class="note">{words.neededNote}</p>
          </Card>
        </Section>
      )}
      {curves.length > 0 && (
        <Section id={`curves-${n}`} title={named(words.distributions)}>
          <div class="cards">
            {curves.map(({ name, before, after }) => (
              <Card key={name} title={name} note={words.cdfNote}>
                <Cdf
                  label={`${name} CDF`}
                  xName="ms"
                  distributions={[
                    { label: letters[0], color: 'asked', dashed: true, sorted: before },
                    { label: letters[1], color: 'accent', sorted: after },
                  ]}
                />
              </Card>
            ))}
          </div>
        </Section>
      )}
    </>
  );
}
