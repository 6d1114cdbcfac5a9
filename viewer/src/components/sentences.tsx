import type { Text } from '../../../src/report/words.ts';
import { useSay } from '../i18n/words.ts';

interface Props {
  readonly of: readonly Text[];
  /** They stand below what they are about, in small print. */
  readonly asNotes?: boolean;
}

/** Findings and other sentences of a report, a line each. */
export function Sentences({ of, asNotes = false }: Props) {
  const say = useSay();
  if (of.length === 0) return null;
  return (
    <ul {...(asNotes && { class: 'notes' })}>
      {of.map(say).map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}
