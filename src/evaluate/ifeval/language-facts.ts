/** By language code of langdetect (ISO 639-1): what tells it from others in the same script. */
export type LanguageFacts = Readonly<Record<string, LanguageFact>>;

interface LanguageFact {
  /** Lower-case letters besides a to z. */
  readonly letters: string;
  /** Its most frequent words, lower-case, the first the most frequent. */
  readonly words: string;
}
