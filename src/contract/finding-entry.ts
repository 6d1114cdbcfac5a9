/**
 * What a finding consists of, and how its texts are filled in. Texts are data, so that the terminal, the docs page
 * and the page in the browser render the same ones. In a text:
 *
 * - `{lag}` is the parameter `lag` as its kind is written: `ms` gives `3.2 ms`;
 * - `{sent?# request|# requests}` picks a form by the number `sent`: the first for 1; `#` is the number;
 * - `[, most often {worst}]` is left out where a parameter in it is absent. Brackets do not nest.
 */

export const LANGUAGES = ['en', 'zh'] as const;
export type TextLanguage = (typeof LANGUAGES)[number];

/** `fact`: what the numbers are. `degraded`: something was dropped, or is less than intended. `invalid`: the numbers say something else than they seem to. */
export type FindingLevel = 'fact' | 'degraded' | 'invalid';

/** What a finding is about; the whole run where both are absent. */
export interface FindingScope {
  readonly model?: string;
  readonly dataset?: string;
}

/** A finding as it is stored and sent: plain JSON. */
export interface FindingData {
  readonly code: string;
  readonly level: FindingLevel;
  readonly scope: FindingScope;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The kinds of parameters, and the JSON of each. */
interface ParamTypes {
  /** A whole number, as it is. */
  readonly count: number;
  /** Three significant digits. */
  readonly figure: number;
  /** One decimal at most. */
  readonly number: number;
  /** 0..1, as percent with one decimal at most. */
  readonly percent: number;
  /** Milliseconds, three significant digits. */
  readonly ms: number;
  /** Milliseconds, shown as seconds with three significant digits. */
  readonly seconds: number;
  /** The same in every language: a name, a path, what a server said. */
  readonly text: string;
  /** The same as JSON: in quotes, cut at 60 characters. */
  readonly quote: string;
  /** Names, one after the other. */
  readonly list: readonly string[];
  readonly finding: FindingData;
  readonly findings: readonly FindingData[];
}
type ParamName = keyof ParamTypes;

/** A word in both languages. */
type Word = readonly [en: string, zh: string];
/** One of several words: its JSON is the key. */
export type WordChoices = Readonly<Record<string, Word>>;
/** Several counts, each in words in which `#` is the number: its JSON is numbers by key; 0 is not shown. */
interface CountWords {
  readonly counts: WordChoices;
}

export type ParamKind = ParamName | `${ParamName}?` | { readonly choices: WordChoices } | CountWords;

/** A text in both languages. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

/** A text with parameters: what a finding and a phrase of a report have in common. */
export interface TextEntry extends Bilingual {
  readonly params?: Readonly<Record<string, ParamKind>>;
}

export interface FindingEntry extends TextEntry {
  readonly level: FindingLevel;
  /** One thing to do about it, in the imperative; may use the parameters. */
  readonly cure: Bilingual;
  /** Page and anchor below `docs/`. */
  readonly docs: string;
}

/** What `findings/AREA.json` says of a code. */
export interface FindingWords extends Bilingual {
  readonly docs: string;
  /** Or the code of the area whose cure it shares; absent for facts that ask for nothing. */
  readonly cure?: Bilingual | string;
}

type ParamValue<Kind> = Kind extends { readonly choices: infer Words }
  ? keyof Words
  : Kind extends { readonly counts: infer Words }
    ? Readonly<Partial<Record<keyof Words, number>>>
    : Kind extends `${infer Name extends ParamName}?`
      ? ParamTypes[Name] | undefined
      : Kind extends ParamName
        ? ParamTypes[Kind]
        : never;

/** The JSON of parameters of these kinds. */
export type ParamValues<Kinds> = {
  readonly [Name in keyof Kinds as Kinds[Name] extends `${string}?` ? never : Name]: ParamValue<Kinds[Name]>;
} & {
  readonly [Name in keyof Kinds as Kinds[Name] extends `${string}?` ? Name : never]?: ParamValue<Kinds[Name]>;
};

const PLACEHOLDER = /\{(\w+)(?:\?([^|{}]*)\|([^{}]*))?\}/g;

/** Names of the parameters that a text uses. */
export function paramsInText(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name]) => name!);
}

/** Fills in a text; `say` renders the findings among its parameters, and those without a kind. */
export function fillIn(
  text: string,
  { params: kinds = {} }: TextEntry,
  params: Readonly<Record<string, unknown>>,
  { language, say }: { readonly language: TextLanguage; readonly say: (inner: unknown) => string },
): string {
  const isThere = (part: string) => paramsInText(part).every((name) => params[name] !== undefined);
  const whole = text.replace(/\[([^\]]*)\]/g, (_, part: string) => (isThere(part) ? part : ''));
  return whole.replace(PLACEHOLDER, (_, name: string, one?: string, other?: string) => {
    const value = params[name];
    if (one !== undefined) return (value === 1 ? one : other!).replace('#', String(value));
    return formatted(value, kinds[name], language, say);
  });
}

function formatted(
  value: unknown,
  kind: ParamKind | undefined,
  language: TextLanguage,
  say: (inner: unknown) => string,
): string {
  const place = language === 'en' ? 0 : 1;
  if (value === undefined) return '';
  if (kind === undefined) return say(value);
  if (typeof kind === 'object') {
    if ('choices' in kind) return kind.choices[String(value)]?.[place] ?? String(value);
    const parts = Object.entries(kind.counts)
      .map(([key, words]) => [(value as Record<string, number>)[key] ?? 0, words[place]] as const)
      .filter(([count]) => count > 0);
    return parts
      .map(([count, words]) => words.replace('#', String(count)))
      .join(language === 'en' ? ', ' : '、');
  }
  const number = Number(value);
  switch (kind.replace('?', '') as ParamName) {
    case 'figure':
      return figure(number);
    case 'number':
      return String(Number(number.toFixed(1)));
    case 'percent':
      return `${Number((100 * number).toFixed(1))} %`;
    case 'ms':
      return `${figure(number)} ms`;
    case 'seconds':
      return `${figure(number / 1000)} s`;
    case 'quote': {
      const text = String(value);
      return JSON.stringify(text.length <= 60 ? text : `${text.slice(0, 59)}…`);
    }
    case 'list':
      return (value as readonly string[]).join(language === 'en' ? ', ' : '、');
    case 'finding':
      return say(value);
    case 'findings':
      return (value as readonly unknown[]).map(say).join(language === 'en' ? '; ' : '；');
    default:
      return String(value);
  }
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
