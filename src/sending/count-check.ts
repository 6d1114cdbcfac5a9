import { type RunRecord, requestKey } from '../contract/record.ts';
import { readTranscripts } from '../store/read-back.ts';
import type { TokenCounter } from '../tokenizer/tokenizer.ts';
import { textToCount } from './count-tokens.ts';

/** Answers that are counted again, and characters of them and their prompts: enough to see a wrong count, and done in a moment. */
const MOST_CHECKED = 200;
const MOST_CHARACTERS = 2_000_000;

/** Share by which two counts of the same text may differ, and tokens beside it: ends and marks of reasoning are no text. */
const TOLERANCE = { share: 0.02, perAnswer: 3 };

interface Ours {
  /** Absent where the prompt is more than text. */
  readonly input?: number;
  readonly output: number;
}

/** Holds what the service counts against what the tokenizer makes of the same texts. */
export class CountCheck {
  readonly #ours: ReadonlyMap<string, Ours>;
  readonly #input = { answers: 0, theirs: 0, ours: 0 };
  readonly #output = { answers: 0, theirs: 0, ours: 0 };

  private constructor(ours: ReadonlyMap<string, Ours>) {
    this.#ours = ours;
  }

  /** Counts the first answers of a predictions file. */
  static async of(predictions: string, count: TokenCounter): Promise<CountCheck> {
    const ours = new Map<string, Ours>();
    let characters = 0;
    for await (const { call, success, prompt, content, reasoningContent, toolCalls } of readTranscripts(
      predictions,
    )) {
      // How a template writes a call is not known here.
      if (!success || toolCalls.length > 0) continue;
      const text = textToCount(prompt);
      const output = count(reasoningContent) + count(content);
      ours.set(requestKey(call), { output, ...(text === undefined ? {} : { input: count(text) }) });
      characters += (text?.length ?? 0) + reasoningContent.length + content.length;
      if (ours.size === MOST_CHECKED || characters > MOST_CHARACTERS) break;
    }
    return new CountCheck(ours);
  }

  add(record: RunRecord): void {
    const ours = this.#ours.get(requestKey(record.call));
    if (ours === undefined || record.outcome === 'failed') return;
    for (const [side, tokens, own] of [
      [this.#input, record.inputTokens, ours.input],
      [this.#output, record.outputTokens, ours.output],
    ] as const) {
      if (tokens?.source !== 'server' || own === undefined) continue;
      side.answers++;
      side.theirs += tokens.value;
      side.ours += own;
    }
  }

  /** Sentences for a person; none where the counts agree. A chat template may add to a prompt, but nothing takes from it. */
  notes(): string[] {
    const [input, output] = [this.#input, this.#output];
    return [
      ...(Math.abs(output.theirs - output.ours) > toleranceOf(output)
        ? [
            `the service counts ${output.theirs} output tokens where the tokenizer at path counts ${output.ours} (${output.answers} answers checked): TPOT and token throughputs follow the service's count`,
          ]
        : []),
      ...(input.ours - input.theirs > toleranceOf(input)
        ? [
            `the service counts ${input.theirs} input tokens where the prompts alone have ${input.ours} by the tokenizer at path (${input.answers} checked): it may cut prompts, or the tokenizer is another model's`,
          ]
        : []),
    ];
  }
}

function toleranceOf({ answers, ours }: { readonly answers: number; readonly ours: number }): number {
  return TOLERANCE.share * ours + TOLERANCE.perAnswer * answers;
}
