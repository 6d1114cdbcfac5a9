/** Names of classes and fields that AISBench had once: what they mean now, or that they mean nothing. */
import { distinctFindings, type Finding, finding } from '../contract/finding.ts';
import type { Catalog } from './catalog.ts';
import { camelCase } from './class-source.ts';
import type { RawEntry } from './validate.ts';

interface OldClass {
  readonly type: string;
  readonly stream: boolean;
  /** Keys that only the old class took. */
  readonly drops?: readonly string[];
}

const OLD_CLASSES: Readonly<Record<string, OldClass>> = {
  VLLMCustomAPIStream: { type: 'VLLMCustomAPI', stream: true },
  VLLMCustomAPIChatStream: { type: 'VLLMCustomAPIChat', stream: true },
  TGICustomAPIStream: { type: 'TGICustomAPI', stream: true },
  TritonCustomAPIStream: { type: 'TritonCustomAPI', stream: true },
  VllmMultiturnAPIChatStream: { type: 'VLLMCustomAPIChat', stream: true, drops: ['custom_client'] },
  VLLMFunctionCallAPIChat: { type: 'VLLMCustomAPIChat', stream: false },
};

/** Returns the name that a shipped class has today. */
export function presentName(name: string): string {
  return Object.hasOwn(OLD_CLASSES, name) ? OLD_CLASSES[name]!.type : name;
}

/** The entry under the class's present name; a class of one's own that has the old name stays. */
export function underPresentName(entry: RawEntry, catalog: Pick<Catalog, 'own'>): RawEntry {
  const found = oldClassOf(entry, catalog);
  if (found === undefined) return entry;
  const { type, stream, drops = [] } = found;
  const kept = Object.entries(entry.values).filter(([key]) => !drops.includes(key));
  return { ...entry, values: { ...Object.fromEntries(kept), type, stream } };
}

/** Finds old names, each once, however many models have it. */
export function oldNames(entries: readonly RawEntry[], catalog: Pick<Catalog, 'own'>): Finding[] {
  const findings = entries.flatMap((entry) => {
    const found = oldClassOf(entry, catalog);
    if (found === undefined) return [];
    const params = { given: String(entry.values['type']), present: found.type, stream: String(found.stream) };
    return [finding('OLD-CLASS-NAME', params)];
  });
  return distinctFindings(findings);
}

function oldClassOf(entry: RawEntry, { own }: Pick<Catalog, 'own'>): OldClass | undefined {
  const { type } = entry.values;
  if (typeof type !== 'string' || !Object.hasOwn(OLD_CLASSES, type)) return undefined;
  return own?.ownNames(entry).includes(type) ? undefined : OLD_CLASSES[type];
}

/** Fields of a service model in older versions of AISBench, and the field that says it today, where there is one. */
const OLD_FIELDS: Readonly<Record<string, string | undefined>> = {
  max_seq_len: undefined,
  rpm_verbose: undefined,
  query_per_second: 'request_rate',
  custom_client: undefined,
  tokenizer_only: undefined,
};

/** Whether a key was a field of a service model once. */
export function isOldField(key: string): boolean {
  return Object.hasOwn(OLD_FIELDS, key);
}

/** Finds old fields among those of a service model, but those that its class takes for its own: they are among its `options`. */
export function oldFields(values: RawEntry['values'], options: Readonly<Record<string, unknown>>): Finding[] {
  const keys = Object.keys(values).filter(
    (key) => isOldField(key) && !Object.hasOwn(options, camelCase(key)),
  );
  return keys.map((key) => {
    const instead = OLD_FIELDS[key];
    return instead === undefined
      ? finding('OLD-FIELD', { key })
      : finding('OLD-FIELD-REPLACED', { key, instead });
  });
}
