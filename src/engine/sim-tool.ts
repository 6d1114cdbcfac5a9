import { hashText, pick, seededRandom } from '../basics/random.ts';
import { sampleJson } from './sim-json.ts';
import type { Prompt, Tool } from './types.ts';

/**
 * The call that the simulated engine makes: a function drawn by seed, with arguments that fit its schema and are made up
 * from the question's words. Without `must` it calls when a user asked, and answers a function's result in words.
 */
export function simToolCall(
  prompt: Prompt,
  tools: readonly Tool[],
  must: boolean,
  seed: number,
): { readonly name: string; readonly text: string } | undefined {
  const last = prompt.kind === 'chat' ? prompt.messages.at(-1) : undefined;
  if (tools.length === 0 || (!must && last?.role !== 'user')) return undefined;
  const random = seededRandom(hashText('tool', seed));
  const { name, parameters } = pick(random, tools);
  const words = (last?.content ?? '').match(/\p{L}{4,}/gu) ?? [];
  return { name, text: JSON.stringify(sampleJson(asObject(parameters), { random, words })) };
}

/** Arguments are an object, also where a schema does not say so. */
function asObject(parameters: unknown): object {
  return { ...(parameters as object | undefined), type: 'object' };
}
