/** The answers one by one: filter, search, read. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PageSample } from '../../../src/report/page/samples.ts';
import { VerdictBadge } from '../components/badge.tsx';
import { Card } from '../components/section.tsx';
import { VirtualList } from '../components/virtual-list.tsx';
import { number } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import { onKeys } from '../keyboard.ts';
import { readAttachment } from '../payload.ts';
import { choose, useChosen } from '../settings.ts';
import { findSamples } from './find-samples.ts';
import { SampleDetail } from './sample-detail.tsx';
import type { Task } from './task.ts';

interface SamplesProps {
  readonly score: NonNullable<Task['score']>;
  readonly requests?: NonNullable<Task['requests']>;
}

const ROW_HEIGHT = 52;

/** Unpacked when the browser is near: most readers of a report never come to it. */
function useSamples(
  name: string,
  place: { readonly current: Element | null },
): readonly PageSample[] | undefined {
  const [samples, setSamples] = useState<readonly PageSample[]>();
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        void readAttachment<readonly PageSample[]>(name).then(setSamples);
      },
      { rootMargin: '800px' },
    );
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, [name]);
  return samples;
}

export function Samples({ score, requests }: SamplesProps) {
  const words = useWords();
  const place = useRef<HTMLDivElement>(null);
  const { attachment, shown, of, cuts } = score.samples;
  const samples = useSamples(attachment, place);
  const notes = [
    ...(shown < of ? [words.sampled(number(shown), number(of))] : [words.allSamples(number(of))]),
    ...(cuts > 0 ? [words.cutTexts(number(cuts))] : []),
  ];
  return (
    <div ref={place}>
      <Card note={notes.join(' ')} wide>
        {samples === undefined ? (
          <p class="note">{words.loading}</p>
        ) : (
          <Browser samples={samples} verdicts={score.outcomes.verdicts} {...(requests && { requests })} />
        )}
      </Card>
    </div>
  );
}

interface BrowserProps {
  readonly samples: readonly PageSample[];
  readonly verdicts: readonly string[];
  readonly requests?: NonNullable<Task['requests']>;
}

function Browser({ samples, verdicts, requests }: BrowserProps) {
  const words = useWords();
  const query = useChosen('q') ?? '';
  const filter = useChosen('verdict') ?? '';
  const search = useRef<HTMLInputElement>(null);
  const found = useMemo(() => {
    const wanted = new Set(filter.split(',').filter((one) => one !== ''));
    return findSamples(samples, wanted, query);
  }, [samples, query, filter]);
  const wanted = Number(useChosen('sample') ?? 0);
  const chosen = Math.max(0, Math.min(found.length - 1, Number.isInteger(wanted) ? wanted : 0));
  const go = (n: number) => choose('sample', String(Math.max(0, Math.min(found.length - 1, n))));
  useEffect(
    () =>
      onKeys({
        j: () => go(chosen + 1),
        k: () => go(chosen - 1),
        '/': () => search.current?.focus(),
      }),
    [chosen, found],
  );
  const sample = found[chosen];
  return (
    <>
      <div class="find">
        <input
          ref={search}
          type="search"
          value={query}
          placeholder={`${words.search} (/)`}
          aria-label={words.search}
          onInput={({ currentTarget }) => {
            choose('sample', undefined);
            choose('q', currentTarget.value);
          }}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
        <VerdictFilter samples={samples} verdicts={verdicts} filter={filter} />
      </div>
      <p class="note" aria-live="polite">
        {words.found(number(found.length), number(samples.length))}
      </p>
      {sample !== undefined && (
        <div class="browser">
          <VirtualList
            label={words.samples}
            count={found.length}
            rowHeight={ROW_HEIGHT}
            chosen={chosen}
            choose={go}
            row={(n) => <SampleRow sample={found[n]!} />}
          />
          <SampleDetail key={chosen} sample={sample} {...(requests && { requests })} />
        </div>
      )}
    </>
  );
}

function SampleRow({ sample }: { readonly sample: PageSample }) {
  const words = useWords();
  const { index, repetition, turn, verdict, answer, reference } = sample;
  const place = [
    index,
    repetition === undefined ? '' : `r${repetition}`,
    turn === undefined ? '' : `t${turn}`,
  ];
  return (
    <>
      <span class="row-head">
        <span class="number">{`#${place.filter((part) => part !== '').join(' ')}`}</span>
        <VerdictBadge verdict={verdict} />
      </span>
      <span class="row-text">{`${oneLine(answer ?? '–')} · ${words.short} ${oneLine(reference)}`}</span>
    </>
  );
}

function oneLine(text: string): string {
  return text.slice(0, 200).replace(/\s+/g, ' ');
}

interface FilterProps {
  readonly samples: readonly PageSample[];
  readonly verdicts: readonly string[];
  readonly filter: string;
}

function VerdictFilter({ samples, verdicts, filter }: FilterProps) {
  const words = useWords();
  const counts = useMemo(() => {
    const all = new Map<string, number>();
    for (const { verdict } of samples) all.set(verdict, (all.get(verdict) ?? 0) + 1);
    return all;
  }, [samples]);
  const wanted = filter.split(',').filter((one) => one !== '');
  const toggle = (verdict: string) => {
    const next = wanted.includes(verdict) ? wanted.filter((one) => one !== verdict) : [...wanted, verdict];
    choose('sample', undefined);
    choose('verdict', next.join(','));
  };
  return (
    <fieldset class="chips" aria-label={words.verdictCounts}>
      {verdicts
        .filter((verdict) => counts.has(verdict))
        .map((verdict) => (
          <button
            key={verdict}
            type="button"
            class="chip"
            aria-pressed={wanted.includes(verdict)}
            onClick={() => toggle(verdict)}
          >
            {`${words.sampleVerdicts[verdict]} ${number(counts.get(verdict))}`}
          </button>
        ))}
    </fieldset>
  );
}
