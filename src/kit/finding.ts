/** Something that a check found: wrong, or worth knowing. */
export interface Finding {
  readonly severity: 'wrong' | 'note';
  readonly text: string;
}

export const wrong = (text: string): Finding => ({ severity: 'wrong', text });
export const note = (text: string): Finding => ({ severity: 'note', text });
