/** Who judges whether two math answers mean the same: our own reader, or math-verify. */
import { AisBenchError } from '../../contract/errors.ts';
import type { Grade } from '../types.ts';
import { type MathPair, MathVerify, type MathVerifySetting, NotJudged } from './math-verify.ts';

export const ENGINES = ['own', 'math-verify', 'auto'] as const;
export type Engine = (typeof ENGINES)[number];

export interface EngineSetting extends MathVerifySetting {
  /** `auto`: math-verify where it is installed, and where it gives no verdict our own. */
  readonly engine: Exclude<Engine, 'own'>;
}

/** Judges by math-verify, keeping count of what it did not judge. */
export class VerifiedMath {
  readonly #engine: EngineSetting['engine'];
  readonly #verify: MathVerify;
  #absent: string | undefined;
  #judged = 0;
  #unjudged = 0;

  constructor({ engine, ...setting }: EngineSetting) {
    this.#engine = engine;
    this.#verify = new MathVerify(setting);
  }

  /**
   * The grade by math-verify. Under `auto` that of `own` where it is not installed or gives no verdict; asked by name the answer
   * is wrong where it gives none. Throws UTILS-DEPENDENCY-001 where it was asked by name and is not there.
   */
  async grade(pair: MathPair, own: () => Grade): Promise<Grade> {
    if (this.#absent !== undefined) return this.#ownInstead(own, '');
    try {
      const { isEqual, gold, answer } = await this.#verify.judge(pair);
      this.#judged++;
      return {
        credit: isEqual ? 1 : 0,
        explanation: `${this.#verify.title}: ${shown(answer)} against ${shown(gold)}`,
      };
    } catch (error) {
      if (error instanceof NotJudged) {
        this.#unjudged++;
        if (this.#engine === 'auto') return this.#ownInstead(own, `${error.message}; `);
        return { credit: 0, explanation: error.message };
      }
      if (this.#engine === 'math-verify' || !(error instanceof AisBenchError)) throw error;
      this.#absent = error.message;
      return this.#ownInstead(own, '');
    }
  }

  /** Ends its worker; says who judged, and how often it gave no verdict. */
  async finish(): Promise<readonly string[]> {
    const { title } = this.#verify;
    await this.#verify.close();
    if (this.#absent !== undefined) return [`math answers were judged by our own reader: ${this.#absent}`];
    if (this.#judged + this.#unjudged === 0) return [];
    const instead = this.#engine === 'auto' ? 'our own reader judged' : 'they count as wrong';
    const without =
      this.#unjudged === 0 ? '' : `; ${this.#unjudged} times it gave no verdict, and ${instead}`;
    return [`math answers were judged by ${title}${without}`];
  }

  #ownInstead(own: () => Grade, why: string): Grade {
    const { explanation, ...grade } = own();
    return {
      ...grade,
      explanation: `${why}own reader${explanation === undefined ? '' : `, ${explanation}`}`,
    };
  }
}

/** What was read, shortened: the first form that math-verify shows. */
function shown(parsed: readonly string[]): string {
  const [first] = parsed;
  return first === undefined ? 'nothing' : first.length > 80 ? `${first.slice(0, 80)}…` : first;
}
