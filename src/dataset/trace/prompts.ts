/** Texts for the requests of a trace, of exactly their length; equal hashes are equal texts. */
import { plural } from '../../basics/plural.ts';
import { seededRandom } from '../../basics/random.ts';
import type { Tokenizer } from '../../contract/dataset.ts';
import { exactText } from '../synthetic/exact-text.ts';
import { englishWords, FILLERS } from '../synthetic/words.ts';
import { BLOCK_TOKENS, type TraceRequest } from './request.ts';

/** Prompts that are counted whole; the others are sums of counted blocks. */
const CHECKED = 100;

/** A text for each request, in order, and what is to be said of them. Throws UTILS-CFG-002. */
export function tracePrompts(
  requests: readonly TraceRequest[],
  tokenizer: Tokenizer | undefined,
  seed: string,
): { texts: string[]; notes: string[] } {
  const measure = (text: string) => tokenizer?.encode(text).length ?? 0;
  const blockOf = blockMaker(measure, seed);
  const texts = requests.map((request, index) => request.text ?? promptOf(request, index, blockOf));
  let off = 0;
  for (const [index, { text, inputLength }] of requests.slice(0, CHECKED).entries()) {
    if (text === undefined && measure(texts[index]!) !== inputLength) off += 1;
  }
  const checked = Math.min(CHECKED, requests.length);
  const note = `${off} of ${plural(checked, 'prompt that was', 'prompts that were')} counted whole ${off === 1 ? 'is' : 'are'} not of the exact length`;
  return { texts, notes: off === 0 ? [] : [note] };
}

type BlockMaker = (key: string, tokens: number, isFirst: boolean) => string;

function promptOf({ inputLength, hashIds }: TraceRequest, index: number, blockOf: BlockMaker): string {
  if (hashIds === undefined) return blockOf(`request ${index}`, inputLength, true);
  const last = hashIds.length - 1;
  const rest = inputLength - BLOCK_TOKENS * last;
  return hashIds.map((id, i) => blockOf(`hash ${id}`, i === last ? rest : BLOCK_TOKENS, i === 0)).join('');
}

/** Blocks are kept: most are asked for again. All but the first begin with a blank, so that tokens do not cross. */
function blockMaker(measure: (text: string) => number, seed: string): BlockMaker {
  const made = new Map<string, string>();
  const sizes = new Map<string, number>();
  const sizeOf = (piece: string) => {
    const size = sizes.get(piece) ?? measure(piece);
    sizes.set(piece, size);
    return size;
  };
  return (key, tokens, isFirst) => {
    const name = `${key} ${tokens} ${isFirst}`;
    const known = made.get(name);
    if (known !== undefined) return known;
    const blank = isFirst ? '' : ' ';
    const source = { next: englishWords(seededRandom(`${seed}:${key}`)), fillers: FILLERS };
    const text =
      blank + exactText(tokens, '', { measure: (inner) => measure(blank + inner), sizeOf, ...source });
    made.set(name, text);
    return text;
  };
}
