/** Numbers as people read them: four significant digits, a space before the unit. */

export function number(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 1e15) return value.toExponential(3);
  if (Number.isInteger(value) || size >= 1e4) return grouped(Math.round(value).toString());
  if (size < 0.0005) return value === 0 ? '0' : value.toExponential(1);
  const digits = Math.max(0, Math.min(3, 3 - Math.floor(Math.log10(size))));
  return grouped(String(Number(value.toFixed(digits))));
}

/** Thin spaces between thousands, the same in every language. */
function grouped(text: string): string {
  const [whole, part] = text.split('.');
  const spaced = whole!.replace(/\B(?=(\d{3})+$)/g, '\u202f');
  return part === undefined ? spaced : `${spaced}.${part}`;
}

export function percent(share: number | undefined, digits = 1): string {
  return share === undefined || !Number.isFinite(share)
    ? '–'
    : `${Number((100 * share).toFixed(digits))}\u202f%`;
}

/** A length of time, in the unit that suits it. */
export function duration(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms)) return '–';
  if (ms < 1000) return `${number(ms)}\u202fms`;
  if (ms < 60_000) return `${number(ms / 1000)}\u202fs`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** An instant on an axis of the run, ms from its start; `step` between ticks decides how exact. */
export function instant(ms: number, step: number): string {
  if (ms < 60_000 || step < 1000) {
    const digits = Math.max(0, Math.min(3, Math.ceil(-Math.log10(step / 1000))));
    return `${(ms / 1000).toFixed(digits)}\u202fs`;
  }
  return duration(ms);
}

/** Short, for the ticks of an axis: `1.5k`. */
export function tick(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return `${Number((value / 1e9).toPrecision(3))}G`;
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
  return String(Number(value.toPrecision(4)));
}

/** Milliseconds on an axis. */
export function msTick(value: number): string {
  if (value >= 1000) return `${tick(value / 1000)}\u202fs`;
  return `${tick(value)}\u202fms`;
}
