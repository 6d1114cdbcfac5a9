import { useWords } from '../i18n/words.ts';
import { RUN_TONES, SAMPLE_TONES, type Tone } from './tones.ts';

/** Verdicts of runs and of samples, in a colour that never stands alone: the word is always there. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

/** What a run's numbers are worth. */
export function ValidityBadge({ verdict }: { readonly verdict: string }) {
  return <Badge tone={RUN_TONES[verdict] ?? 'calm'}>{verdict}</Badge>;
}

/** What one answer is worth. */
export function VerdictBadge({ verdict }: { readonly verdict: string }) {
  const words = useWords();
  return <Badge tone={SAMPLE_TONES[verdict] ?? 'calm'}>{words.sampleVerdicts[verdict] ?? verdict}</Badge>;
}

/** Name of the colour of a verdict in drawings. */
export function verdictColor(verdict: string): string {
  return `verdict-${verdict}`;
}
