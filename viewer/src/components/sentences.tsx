import { useReportWords } from '../i18n/words.ts';

interface Props {
  readonly of: readonly string[];
  /** They stand below what they are about, in small print. */
  readonly asNotes?: boolean;
}

/** What a run says of itself, a line each. */
export function Sentences({ of, asNotes = false }: Props) {
  const say = useReportWords();
  if (of.length === 0) return null;
  return (
    <ul {...(asNotes && { class: 'notes' })}>
      {of.map((sentence) => (
        <li key={sentence}>{say(sentence)}</li>
      ))}
    </ul>
  );
}
