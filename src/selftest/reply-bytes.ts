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

/** Makes content events of this many words, one per chunk; event `n` of a stream is `events[n % events.length]`. */
export function contentEvents(words: number): readonly Buffer[] {
  return WORDS.map((_, first) => {
    const content = Array.from({ length: words }, (_, n) => WORDS[(first + n) % WORDS.length]).join('');
    return event(choice({ content }));
  });
}

/** Events of one write in a flood: about 64 KiB. */
export const BLOCK_EVENTS = 250;

/** Joins this many content events. */
export function joinContent(count: number, events: readonly Buffer[]): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, n) => events[n % events.length]!));
}

/** Makes the end of a reply of `count` tokens: finish reason, usage, `[DONE]` and the last chunk, in one write. */
export function replyEnd(count: number): Buffer {
  return Buffer.concat([
    event(choice({}, 'stop')),
    event([], { usage: { prompt_tokens: 8, completion_tokens: count, total_tokens: 8 + count } }),
    chunk('data: [DONE]\n\n'),
    Buffer.from('0\r\n\r\n'),
  ]);
}
