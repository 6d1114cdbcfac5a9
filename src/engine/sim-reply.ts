import { between, hashText, seededRandom } from '../basics/random.ts';
import { fingerprint } from './answers.ts';
import { fillerSentences } from './filler.ts';
import { countPieces, splitPieces } from './pieces.ts';
import type { ChatMessage, Prompt } from './types.ts';

/** How many pieces a reply has that is not in the answer book; drawn evenly, by seed. */
export interface ReplyLength {
  readonly min: number;
  readonly max: number;
}

/** What a chat looks like to the simulated engine; its pieces are the prompt tokens. */
export function promptText(prompt: Prompt): string {
  if (prompt.kind === 'text') return prompt.text;
  return `${prompt.messages.map(({ role, content }) => `${role}: ${content}\n`).join('')}assistant:`;
}

/**
 * The answer to the question that a prompt asks last, undefined when the book has none. The question is a line of the
 * last user message, or all that the user said; in a plain prompt, a line after the last `Question:`.
 */
export function lookUp(prompt: Prompt, book: ReadonlyMap<string, string>): string | undefined {
  const said = prompt.kind === 'text' ? [prompt.text] : userMessages(prompt.messages);
  const asked = lastBlock(said.at(-1) ?? '');
  const lines = asked.split('\n').filter((line) => line.trim() !== '');
  for (const candidate of [...lines.slice(0, 8), asked, said.join('\n')]) {
    const answer = book.get(fingerprint(candidate));
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function userMessages(messages: readonly ChatMessage[]): readonly string[] {
  return messages.filter(({ role }) => role === 'user').map(({ content }) => content);
}

/** What stands behind the last `Question:`, or all of it. */
export function lastBlock(text: string): string {
  const at = text.lastIndexOf('Question:');
  return at < 0 ? text : text.slice(at + 'Question:'.length);
}

/** Plain sentences for a question that the book does not know. */
export function fillerReply(seed: number, length: ReplyLength): string {
  const wanted = between(seededRandom(seed), length.min, length.max);
  const parts = ['This is a simulated reply.'];
  let pieces = countPieces(parts[0]!);
  for (const sentence of fillerSentences(seed)) {
    pieces += countPieces(sentence);
    if (pieces > wanted) break;
    parts.push(sentence);
  }
  return parts.join('');
}

/** The seed of one reply: the engine's, the request's and the prompt's together. */
export function replySeed(text: string, engineSeed: number, requestSeed: number | undefined): number {
  return hashText(text, engineSeed ^ Math.imul(requestSeed ?? 0, 0x9e3779b1));
}

/** The pieces of a reply, and after them pieces of filler for as long as someone asks. */
export class PieceSource {
  readonly #more: Iterator<string, never>;
  #pieces: string[];
  #next = 0;

  constructor(text: string, fillerSeed: number) {
    this.#pieces = splitPieces(text);
    this.#more = fillerSentences(fillerSeed);
  }

  /** True when the reply's own pieces have been taken. */
  get used(): boolean {
    return this.#next >= this.#pieces.length;
  }

  take(): string {
    if (this.used) {
      this.#pieces = splitPieces(this.#more.next().value);
      this.#next = 0;
    }
    return this.#pieces[this.#next++]!;
  }
}
