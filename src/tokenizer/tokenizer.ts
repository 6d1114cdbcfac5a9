import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AisBenchError, messageOf } from '../errors.ts';

/** Counts the tokens of a text, without special tokens. */
export type TokenCounter = (text: string) => number;

/** Loads `tokenizer.json` (and `tokenizer_config.json`) from a folder. Throws UTILS-FILE-003. */
export async function loadTokenCounter(folder: string): Promise<TokenCounter> {
  try {
    const { Tokenizer } = await import('@huggingface/tokenizers');
    const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as object;
    const tokenizer = new Tokenizer(read('tokenizer.json'), readOptional(read));
    return (text) => tokenizer.encode(text, { add_special_tokens: false }).ids.length;
  } catch (cause) {
    throw new AisBenchError('UTILS-FILE-003', `no tokenizer can be loaded: ${messageOf(cause)}`, {
      where: join(folder, 'tokenizer.json'),
      cure: "correct the model config's `path`, or leave it empty to rely on the service's own token counts",
      cause,
    });
  }
}

function readOptional(read: (file: string) => object): object {
  try {
    return read('tokenizer_config.json');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
