/** Verdicts of runs and of samples, in a colour that never stands alone: the word is always there. */
export type Tone = 'good' | 'warn' | 'bad' | 'calm';

export function Badge({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

const RUN_TONES: Readonly<Record<string, Tone>> = {
  VALID: 'good',
  'NOT STEADY': 'warn',
  'LOAD NOT DELIVERED': 'bad',
  'CLIENT-LIMITED': 'bad',
  'NOT ONE LOAD': 'warn',
};

/** What a run's numbers are worth. */
export function ValidityBadge({ verdict }: { readonly verdict: string }) {
  return <Badge tone={RUN_TONES[verdict] ?? 'calm'}>{verdict}</Badge>;
}
