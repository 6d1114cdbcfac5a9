/** Prometheus' text format, as far as a scrape needs it: samples of the names that are asked for. */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\[\s\S])*)"\s*(,|(?=\}))/y;

/**
 * The samples whose name is wanted, in order. Lines that are no samples are passed over: a scrape takes what it can get.
 * Other lines are not looked at any further, so that a page of a thousand lines costs little.
 */
export function parsePrometheus(text: string, isWanted: (name: string) => boolean): Sample[] {
  const samples: Sample[] = [];
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf('\n', start);
    if (end === -1) end = text.length;
    NAME.lastIndex = start;
    const name = text[start] === '#' ? undefined : NAME.exec(text)?.[0];
    if (name !== undefined && isWanted(name)) {
      const sample = readSample(text.slice(start, end), name);
      if (sample !== undefined) samples.push(sample);
    }
    start = end + 1;
  }
  return samples;
}

function readSample(line: string, name: string): Sample | undefined {
  const labels: Record<string, string> = {};
  let at = name.length;
  if (line[at] === '{') {
    at += 1;
    while (line[at] !== '}') {
      LABEL.lastIndex = at;
      const match = LABEL.exec(line);
      if (match === null) return undefined;
      labels[match[1]!] = unescaped(match[2]!);
      at = LABEL.lastIndex;
    }
    at += 1;
  }
  // A time stamp may follow the value.
  const [text] = line.slice(at).trim().split(/\s+/);
  const value = numberIn(text ?? '');
  return value === undefined || !/^\s/.test(line.slice(at)) ? undefined : { name, labels, value };
}

function numberIn(text: string): number | undefined {
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
}
