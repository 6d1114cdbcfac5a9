import type { Finish, Generate, Sampling } from './types.ts';

/** A reply in one piece. */
export interface WholeReply {
  readonly text: string;
  readonly tokens: number;
  readonly finish: Finish;
}

/** Waits for the whole reply; undefined when the client left before. */
export async function collect(
  generate: Generate,
  sampling: Sampling,
  signal: AbortSignal,
): Promise<WholeReply | undefined> {
  const texts: string[] = [];
  let tokens = 0;
  let finish: Finish | undefined;
  await generate(
    sampling,
    (piece) => {
      texts.push(piece.text);
      tokens += piece.tokens;
      finish = piece.finish;
    },
    signal,
  );
  return finish && { text: texts.join(''), tokens, finish };
}
