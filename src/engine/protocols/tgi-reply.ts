/** Replies of TGI, whole and streamed. Engines tell neither the ids nor the probabilities of generated tokens: 0 and null. */
import type { Exchange } from '../exchange.ts';
import type { Finish, Piece } from '../types.ts';
import type { TgiRequest } from './tgi-request.ts';

export async function sendTgiWhole(exchange: Exchange, request: TgiRequest, asList: boolean): Promise<void> {
  const { text, prompt, sampling, fullText } = request;
  const started = performance.now();
  const pieces: Piece[] = [];
  await prompt.generate(sampling, (piece) => pieces.push(piece), exchange.signal);
  const finish = pieces.at(-1)?.finish;
  if (finish === undefined) return;
  const generated = pieces.map((piece) => piece.text).join('');
  const details = request.details && (await detailsOf(request, pieces, finish, exchange.signal));
  const reply = { generated_text: fullText ? text + generated : generated, ...(details && { details }) };
  const milliseconds = Math.round(performance.now() - started);
  exchange.reply(200, asList ? [reply] : reply, {
    'x-compute-characters': String(text.length),
    'x-total-time': String(milliseconds),
    'x-prompt-tokens': String(prompt.tokens),
    'x-generated-tokens': String(countTokens(pieces)),
  });
}

async function detailsOf(
  { prompt, sampling, inputDetails }: TgiRequest,
  pieces: readonly Piece[],
  finish: Finish,
  signal: AbortSignal,
): Promise<object> {
  const scored = inputDetails ? await prompt.score?.('', 0, signal) : undefined;
  return {
    finish_reason: reasonOf(finish),
    generated_tokens: countTokens(pieces),
    seed: sampling.seed ?? null,
    prefill: (scored ?? []).map(({ id, text, score }) => ({ id, text, logprob: score?.logprob ?? null })),
    tokens: pieces.filter(({ tokens }) => tokens > 0).map(({ text }) => token(text, false)),
  };
}

export async function sendTgiStream(exchange: Exchange, request: TgiRequest): Promise<void> {
  const { text: promptText, prompt, sampling, details, fullText } = request;
  const writer = exchange.stream({ 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const texts = fullText ? [promptText] : [];
  let index = 0;
  let generated = 0;
  await prompt.generate(
    sampling,
    ({ text, tokens, finish }) => {
      texts.push(text);
      index++;
      generated += tokens;
      // An end of text has no letters of its own: TGI shows its mark as a special token.
      const isEnd = text === '' && finish !== undefined && reasonOf(finish) === 'eos_token';
      const shown = isEnd
        ? END_TOKEN
        : `{"id":0,"text":${JSON.stringify(text)},"logprob":null,"special":false}`;
      const event = `data: {"index":${index},"token":${shown},"generated_text":`;
      if (finish === undefined) return writer.write(`${event}null,"details":null}\n\n`);
      const counts = {
        finish_reason: reasonOf(finish),
        generated_tokens: generated,
        seed: sampling.seed ?? null,
        input_length: prompt.tokens,
      };
      const end = `${JSON.stringify(texts.join(''))},"details":${details ? JSON.stringify(counts) : 'null'}}`;
      writer.end(`${event}${end}\n\n`);
    },
    exchange.signal,
  );
}

function token(text: string, special: boolean): object {
  return { id: 0, text, logprob: null, special };
}

const END_TOKEN = JSON.stringify(token('</s>', true));

function countTokens(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { tokens }) => sum + tokens, 0);
}

export function reasonOf({ reason, stop }: Finish): 'length' | 'stop_sequence' | 'eos_token' {
  if (reason === 'length') return 'length';
  return stop === null ? 'eos_token' : 'stop_sequence';
}
