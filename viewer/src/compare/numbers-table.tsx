import type { NumberPart } from '../../../src/report/page/compare-page.ts';
import { phrase } from '../../../src/report/phrase.ts';
import { Badge } from '../components/badge.tsx';
import { useBlocks } from '../components/data-table.tsx';
import { number } from '../format.ts';
import { useCompareWords } from '../i18n/compare.ts';
import { useSay } from '../i18n/words.ts';

interface NumbersTableProps {
  readonly numbers: readonly NumberPart[];
  readonly letters: readonly [before: string, after: string];
}

/** Numbers of both runs, with the interval of the change as a bar around no change. */
export function NumbersTable({ numbers, letters }: NumbersTableProps) {
  const words = useCompareWords();
  const needed = numbers.every(({ isPoints }) => isPoints) ? words.neededPoint : words.needed;
  const heads = [words.metric, ...letters, words.change, '', words.interval, 'p', needed];
  const { ref, class: className } = useBlocks(heads.length);
  return (
    <table ref={ref} class={`${className} numbers`} aria-label={words.numbers}>
      <thead>
        <tr>
          {heads.map((head, n) => (
            <th key={head} scope="col" class={n === 0 ? 'left' : ''}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {numbers.map((one) => (
          <NumberRow key={one.id} one={one} heads={heads} />
        ))}
      </tbody>
    </table>
  );
}

function NumberRow({ one, heads }: { readonly one: NumberPart; readonly heads: readonly string[] }) {
  const words = useCompareWords();
  const say = useSay();
  const { label, unit, isPoints, verdict, before, after, change, low, high, p, needed } = one;
  const unitOfChange = isPoints ? `\u202f${words.point}` : '\u202f%';
  const head = (n: number) => ({ 'data-head': heads[n]! });
  return (
    <tr>
      <th scope="row" class="left">
        {unit === '' ? say(label) : say(phrase('{name}, {unit}', { name: label, unit }))}
      </th>
      <td {...head(1)}>{number(before)}</td>
      <td {...head(2)}>{number(after)}</td>
      <td {...head(3)}>
        {verdict !== '' && <Badge tone={verdict === 'better' ? 'good' : 'bad'}>{words[verdict]}</Badge>}{' '}
        {change === undefined ? '–' : `${signed(change)}${unitOfChange}`}
      </td>
      <td class="drawn">
        {change !== undefined && <ChangeBar change={change} low={low} high={high} verdict={verdict} />}
      </td>
      <td {...head(5)} class={change === undefined ? 'ends reason' : 'ends'}>
        {change === undefined
          ? one.reason && say(one.reason)
          : low === undefined || high === undefined
            ? words.unbounded
            : `${signed(low)} … ${signed(high)}`}
      </td>
      <td {...head(6)}>{p === undefined ? '–' : p < 0.001 ? '< 0.001' : p.toFixed(3)}</td>
      <td {...head(7)}>
        {needed === undefined
          ? '–'
          : `${needed.isBound ? '> ' : ''}${number(Number(needed.n.toPrecision(3)))}`}
      </td>
    </tr>
  );
}

function signed(value: number): string {
  const size = Math.abs(value);
  const text = size.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
  if (Number(text) === 0) return text;
  return `${value > 0 ? '+' : '−'}${text}`;
}

/** A change this large (percent, or points) reaches half way to the end of the bar, which ends at infinity. */
const HALF_WAY = 10;

/** −1 to 1: linear near no change, and every change has its place. */
function placeOf(change: number): number {
  return change / (Math.abs(change) + HALF_WAY);
}

interface ChangeBarProps {
  readonly change: number;
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly verdict: NumberPart['verdict'];
}

/** The same in the cells beside it, drawn. */
function ChangeBar({ change, low, high, verdict }: ChangeBarProps) {
  const at = (value: number) => 50 + 50 * placeOf(value);
  const [from, to] = [low === undefined ? 0 : at(low), high === undefined ? 100 : at(high)];
  return (
    <div class={`change ${verdict}`} aria-hidden="true">
      <div class="zero" />
      <div class="band" style={{ left: `${from}%`, width: `${to - from}%` }} />
      <div class="point" style={{ left: `${at(change)}%` }} />
    </div>
  );
}
