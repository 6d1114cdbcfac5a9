/** A strict reader of OpenMetrics text, for tests: it throws for whatever the format (version 1.0) does not allow. */

export interface ReadFamily {
  readonly name: string;
  type: string;
  unit?: string;
  help?: string;
  readonly samples: { readonly name: string; readonly labels: Map<string, string>; readonly value: number }[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [''],
  summary: ['', '_sum', '_count', '_created'],
};

export function readOpenMetrics(text: string): ReadFamily[] {
  if (!text.endsWith('# EOF\n')) throw new Error('it does not end with # EOF');
  const lines = text.slice(0, -'# EOF\n'.length).split('\n');
  if (lines.pop() !== '') throw new Error('a line has no end');
  const families: ReadFamily[] = [];
  for (const line of lines) {
    if (line.startsWith('# ')) readHead(line, families);
    else readSample(line, families);
  }
  for (const family of families) check(family);
  const names = families.map(({ name }) => name);
  if (new Set(names).size !== names.length) throw new Error('a family is told twice, or interleaved');
  return families;
}

function readHead(line: string, families: ReadFamily[]): void {
  const [, kind, name, rest] = /^# (HELP|TYPE|UNIT) (\S+) (.*)$/.exec(line) ?? [];
  if (name === undefined || !NAME.test(name)) throw new Error(`no metadata: ${line}`);
  let family = families.at(-1);
  if (family?.name !== name) {
    family = { name, type: 'unknown', samples: [] };
    families.push(family);
  }
  if (family.samples.length > 0) throw new Error(`metadata behind samples: ${line}`);
  if (kind === 'TYPE') family.type = rest!;
  else if (kind === 'UNIT') family.unit = rest!;
  else family.help = unescaped(rest!);
}

function readSample(line: string, families: ReadFamily[]): void {
  const [, name, inner, value] = /^([^{ ]+)(?:\{(.*)\})? (\S+)$/s.exec(line) ?? [];
  if (name === undefined || !NAME.test(name)) throw new Error(`no sample: ${line}`);
  const family = families.at(-1);
  const suffix = name.slice(family?.name.length);
  if (!family || !name.startsWith(family.name) || !SUFFIXES[family.type]?.includes(suffix))
    throw new Error(`${name} does not belong to ${family?.name} (${family?.type})`);
  if (!/^[+-]?(\d+(\.\d*)?([eE][+-]?\d+)?|Inf)$|^NaN$/.test(value!)) throw new Error(`no number: ${line}`);
  family.samples.push({
    name,
    labels: readLabels(inner ?? ''),
    value: Number(value!.replace('Inf', 'Infinity')),
  });
}

function readLabels(text: string): Map<string, string> {
  const labels = new Map<string, string>();
  const pair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/y;
  while (pair.lastIndex < text.length) {
    const [, name, value] = pair.exec(text) ?? [];
    if (name === undefined) throw new Error(`no labels: ${text}`);
    if (labels.has(name)) throw new Error(`label ${name} twice`);
    labels.set(name, unescaped(value!));
  }
  return labels;
}

function unescaped(text: string): string {
  return text.replace(/\\([\\"n])/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
}

function check({ name, type, unit, samples }: ReadFamily): void {
  if (unit !== undefined && !name.endsWith(`_${unit}`)) throw new Error(`${name} does not end with its unit`);
  const seen = samples.map((sample) => JSON.stringify([sample.name, [...sample.labels].sort()]));
  if (new Set(seen).size !== seen.length) throw new Error(`${name}: a sample is told twice`);
  for (const { name: own, labels, value } of samples) {
    const quantile = labels.get('quantile');
    const wanted = type === 'summary' && own === name;
    if (wanted !== (quantile !== undefined))
      throw new Error(`${own}: a quantile is missing, or out of place`);
    if (wanted && !/^(0\.\d+|1\.0)$/.test(quantile!)) throw new Error(`${own}: quantile ${quantile}`);
    const counts = type === 'counter' || own.endsWith('_count');
    if (counts && (Number.isNaN(value) || value < 0)) throw new Error(`${own} counts ${value}`);
  }
}
