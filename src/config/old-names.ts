/** AISBench's deprecated model classes (aisbench.md §2.1): each is a class of another name with `stream` set. */
import { distinctFindings, type Finding, finding } from '../contract/finding.ts';
import type { Catalog } from './catalog.ts';
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

function oldClassOf({ values: { type } }: RawEntry, { own }: Pick<Catalog, 'own'>): OldClass | undefined {
  if (typeof type !== 'string' || !Object.hasOwn(OLD_CLASSES, type)) return undefined;
  return own?.names().includes(type) ? undefined : OLD_CLASSES[type];
}
