import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tokenizer } from '../contract/dataset.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { compileTemplate, type JinjaTemplate } from '../python-data/jinja.ts';

/** Counts the tokens of a text, without special tokens. */
export type TokenCounter = (text: string) => number;

/** Loads a counter as `loadTokenizer` does. Throws UTILS-FILE-003. */
export async function loadTokenCounter(folder: string): Promise<TokenCounter> {
  const tokenizer = await loadTokenizer(folder);
  return (text) => tokenizer.encode(text).length;
}

/**
 * Loads `tokenizer.json` and, where they are there, `tokenizer_config.json` and `chat_template.jinja` from a folder.
 * Throws UTILS-FILE-003.
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  try {
    const { Tokenizer: Engine } = await import('@huggingface/tokenizers');
    const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as object;
    const config = readOptional(read);
    const engine = new Engine(read('tokenizer.json'), config);
    let ordinary: readonly number[] | undefined;
    const inChat = chatRenderer(templateOf(config, folder), config, folder);
    const encode = (text: string, add_special_tokens = false) =>
      engine.encode(text, { add_special_tokens }).ids;
    return {
      encode: (text) => encode(text),
      decode: (ids) =>
        engine.decode([...ids], { skip_special_tokens: false, clean_up_tokenization_spaces: false }),
      ordinaryIds: () => {
        ordinary ??= ordinaryIdsOf(engine);
        return ordinary;
      },
      countServed: (text) => (inChat === undefined ? encode(text, true) : encode(inChat(text))).length,
    };
  } catch (cause) {
    throw new AisBenchError('UTILS-FILE-003', `no tokenizer can be loaded: ${messageOf(cause)}`, {
      where: join(folder, 'tokenizer.json'),
      cure: "correct the model config's `path`, or leave it empty to rely on the service's own token counts",
      cause,
    });
  }
}

interface Vocabulary {
  get_vocab(withAdded: boolean): Map<string, number>;
  get_added_tokens_decoder(): Map<number, unknown>;
}

function ordinaryIdsOf(engine: Vocabulary): number[] {
  const added = engine.get_added_tokens_decoder();
  return [...engine.get_vocab(false).values()].filter((id) => !added.has(id)).sort((a, b) => a - b);
}

/** The template of ordinary chat: in a file of its own, or in the config, alone or as `default` among several. */
function templateOf(config: object, folder: string): string | undefined {
  const file = join(folder, 'chat_template.jinja');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const { chat_template: given } = config as { chat_template?: unknown };
  if (typeof given === 'string') return given;
  if (!Array.isArray(given)) return undefined;
  const named = given as { name?: unknown; template?: unknown }[];
  const template = named.find(({ name }) => name === 'default')?.template;
  return typeof template === 'string' ? template : undefined;
}

function readOptional(read: (file: string) => object): object {
  try {
    return read('tokenizer_config.json');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/**
 * Wraps a text as the service's chat template does, as the one user message with the generation prompt, to count what the service
 * counts. Undefined without a template. The function throws UTILS-FILE-003 for a template that cannot be rendered.
 */
function chatRenderer(
  template: string | undefined,
  config: object,
  folder: string,
): ((text: string) => string) | undefined {
  if (template === undefined) return undefined;
  let compiled: JinjaTemplate | undefined;
  return (text) => {
    try {
      compiled ??= compileTemplate(template);
      const messages = [{ role: 'user', content: text }];
      return compiled({ ...specialTokens(config), strftime_now, messages, add_generation_prompt: true });
    } catch (cause) {
      throw new AisBenchError('UTILS-FILE-003', `the chat template cannot be rendered: ${messageOf(cause)}`, {
        where: folder,
        cure: "count the text alone: length: 'content'",
        cause,
      });
    }
  };
}

/** `bos_token`, `eos_token` and the like: texts, or tables with a text in `content`. */
function specialTokens(config: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([name]) => name.endsWith('_token'))
      .map(([name, value]) => [name, (value as { content?: unknown } | null)?.content ?? value]),
  );
}

/** Formats today's date, which some templates put into the prompt. */
export function strftime_now(format: unknown): string {
  const now = new Date();
  const part = (options: Intl.DateTimeFormatOptions) => now.toLocaleDateString('en-GB', options);
  const parts: Readonly<Record<string, string>> = {
    '%d': part({ day: '2-digit' }),
    '%m': part({ month: '2-digit' }),
    '%b': part({ month: 'short' }),
    '%B': part({ month: 'long' }),
    '%Y': part({ year: 'numeric' }),
  };
  return String(format).replace(/%[a-zA-Z]/g, (code) => parts[code] ?? code);
}
