/** Names that bear the time at which something began: `YYYYMMDD_HHMMSS`, and a number behind it where one name was not enough. */

const STAMP = /^(\d{8}_\d{6})(?:_(\d+))?$/;

/** Local time as `YYYYMMDD_HHMMSS`. */
export function timeStamp(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${day}_${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}

/** Sorts stamps as they were given (`…_10` after `…_9`); undefined for a name that is none. */
export function stampOrder(name: string): string | undefined {
  const [, stamp, count = '1'] = STAMP.exec(name) ?? [];
  return stamp === undefined ? undefined : `${stamp}_${count.padStart(9, '0')}`;
}

/**
 * The stamp of what begins now: it comes after all that there are, also where the clock shows an earlier time than it did for them,
 * because it was set, or summer time has ended.
 */
export function nextStamp(now: Date, there: readonly string[]): string {
  const own = timeStamp(now);
  const newest = there.reduce(
    (latest, name) => ((stampOrder(name) ?? '') > stampOrder(latest)! ? name : latest),
    own,
  );
  const [, stamp, count = '1'] = STAMP.exec(newest)!;
  return newest === own && !there.includes(own) ? own : `${stamp}_${Number(count) + 1}`;
}
