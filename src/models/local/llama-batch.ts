/** Texts that are computed together: in steps, each of which gives llama.cpp something of every text at once. */
import type { GenerateArgs, GeneratedText } from '../../contract/base-model.ts';
import { type AnswerLimits, LlamaAnswer } from './llama-answer.ts';
import type { LoadedLlama } from './llama-load.ts';
import type { LlamaSequence, Token } from './llama-peer.ts';

type Batcher = Pick<LoadedLlama, 'model' | 'batchTokens' | 'sequences'>;

/**
 * Answers as many prompts as there are sequences, at most. All answers grow by a token in each step, so that the same batch is
 * computed in the same way every time, and none waits for another that is out of step. Throws the signal's reason.
 */
export async function answerTogether(
  llama: Batcher,
  prompts: readonly (readonly Token[])[],
  limits: AnswerLimits,
  { signal, onTokens }: GenerateArgs,
): Promise<readonly GeneratedText[]> {
  const sequences = await sequencesFor(llama.sequences, prompts);
  await readTogether(
    llama,
    sequences.map((sequence, index) => ({
      sequence,
      unread: prompts[index]!.slice(sequence.nextTokenIndex, -1),
    })),
    signal,
  );
  const answers = sequences.map(
    (sequence, index) => new LlamaAnswer(llama.model, sequence, prompts[index]!, limits),
  );
  try {
    for (let growing = [...answers.keys()]; growing.length > 0; ) {
      signal.throwIfAborted();
      await Promise.all(growing.map((index) => answers[index]!.grow()));
      for (const index of growing) onTokens?.(index, 1);
      growing = growing.filter((index) => !answers[index]!.isOver);
    }
  } finally {
    await Promise.all(answers.map((answer) => answer.close()));
  }
  return answers.map((answer) => answer.result());
}

/** For each prompt the sequence that holds most of its beginning, and now nothing else; at least a token is left to read. */
async function sequencesFor(
  sequences: readonly LlamaSequence[],
  prompts: readonly (readonly Token[])[],
): Promise<LlamaSequence[]> {
  const free = [...sequences];
  const chosen: LlamaSequence[] = [];
  for (const prompt of prompts) {
    const held = free.map((sequence) => sequence.compareContextTokens(prompt).firstDifferentIndex);
    const [sequence] = free.splice(held.indexOf(Math.max(...held)), 1);
    await keepBeginning(sequence!, prompt);
    chosen.push(sequence!);
  }
  return chosen;
}

/** Makes the sequence hold the beginning that it shares with `ids`, and nothing else: all but one of them at most. */
export async function keepBeginning(sequence: LlamaSequence, ids: readonly Token[]): Promise<void> {
  const shared = Math.min(sequence.compareContextTokens(ids).firstDifferentIndex, ids.length - 1);
  if (shared === 0) await sequence.clearHistory();
  else await sequence.adaptStateToTokens(ids.slice(0, shared), false);
}

/** Reads prompts in parts that llama.cpp computes at once, and stops between them when the run does. */
async function readTogether(
  { batchTokens }: Batcher,
  readers: { readonly sequence: LlamaSequence; unread: readonly Token[] }[],
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const reading = readers.filter(({ unread }) => unread.length > 0);
    if (reading.length === 0) return;
    signal.throwIfAborted();
    const part = Math.max(1, Math.floor(batchTokens / reading.length));
    await Promise.all(
      reading.map(async (reader) => {
        const now = reader.unread.slice(0, part);
        reader.unread = reader.unread.slice(part);
        await reader.sequence.evaluateWithoutGeneratingNewTokens(now);
      }),
    );
  }
}
