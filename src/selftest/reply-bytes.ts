/** The bytes of a streamed chat reply as vLLM sends it, made once: a server that formats JSON would measure itself. */

export const MODEL_NAME = 'selftest-model';

const WORDS = [' the', ' quick', ' brown', ' fox', ' jumps', ' over', ' a', ' lazy', ' dog', ' and'];

export const HEAD = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n',
  'latin1',
);

function chunk(text: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
}

function event(choices: unknown, more: object = {}): Buffer {
  const data = {
    id: 'chatcmpl-0d9f3c1b2a4e4f6f8a7b6c5d4e3f2a1b',
    object: 'chat.completion.chunk',
    created: 1700000000,
    model: MODEL_NAME,
    choices,
    ...more,
  };
  return chunk(`data: ${JSON.stringify(data)}\n\n`);
}

const choice = (delta: object, reason: string | null = null) => [
  { index: 0, delta, logprobs: null, finish_reason: reason },
];

export const ROLE = event(choice({ role: 'assistant', content: '' }));

/** Content events of so many words, one a chunk; event `n` of a stream is `events[n % events.length]`. */
export function contentEvents(words: number): readonly Buffer[] {
  return WORDS.map((_, first) => {
    const content = Array.from({ length: words }, (_, n) => WORDS[(first + n) % WORDS.length]).join('');
    return event(choice({ content }));
  });
}

/** Events of one write when the server sends as fast as it can: about 64 KiB. */
export const BLOCK_EVENTS = 250;

/** So many content events in one piece. */
export function contentOf(count: number, events: readonly Buffer[]): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, n) => events[n % events.length]!));
}

/** What ends a reply of `count` tokens: the finish reason, the usage, `[DONE]` and the last chunk, in one write. */
export function tail(count: number): Buffer {
  return Buffer.concat([
    event(choice({}, 'stop')),
    event([], { usage: { prompt_tokens: 8, completion_tokens: count, total_tokens: 8 + count } }),
    chunk('data: [DONE]\n\n'),
    Buffer.from('0\r\n\r\n'),
  ]);
}
