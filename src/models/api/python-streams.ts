import type { RequestOutput } from '../../contract/output.ts';

/**
 * What one event changed in an output, as Python reports it: 0 nothing, a text what `content` grew by, else fields, where
 * `+content` and `+reasoning_content` are what these grew by (`kept_output.py`).
 */
export type PythonChange = 0 | string | Readonly<Record<string, any>>;

/** What the events of one stream changed, each in turn, up to one whose parser raised. */
export interface PythonChanges {
  readonly changes: readonly PythonChange[];
  /** Where the class cuts the body itself: how many frames each piece completed, each with a change of its own. */
  readonly frames?: readonly number[];
  /** The method that raised in place of the parser. */
  readonly by?: 'make_splitter' | 'push' | 'end';
  readonly error?: Readonly<Record<string, unknown>>;
}

/** Has a worker parse events of many streams, and forget requests. */
export type ParseEvents = (
  streams: readonly (readonly [request: number, events: readonly unknown[]])[],
  released: readonly number[],
) => Promise<readonly PythonChanges[]>;

/**
 * Least time between two messages, ms: events of many streams that arrive within it go as one. Events are stamped before, so that
 * nothing but the end of an answer comes later.
 */
const GATHER_MS = 2;

/** Events in one message: more would keep the worker from other requests. */
const MOST_EVENTS = 2000;

/** Sends the events of all streams of a worker to it, those that are waiting together, one message at a time. */
export class PythonStreams {
  readonly #parse: ParseEvents;
  #waiting: WaitingEvents[] = [];
  #released: number[] = [];
  #isSending = false;
  #isDue = false;
  #gathers = false;

  constructor(parse: ParseEvents) {
    this.#parse = parse;
  }

  /** Parses events of one stream. Rejects where the worker has died. */
  parse(request: number, events: readonly unknown[]): Promise<PythonChanges> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, events, resolve, reject });
      this.#schedule();
    });
  }

  /** Has the worker forget a request. */
  release(request: number): void {
    this.#released.push(request);
    this.#schedule();
  }

  #schedule(): void {
    const isBusy = this.#isSending || this.#isDue || this.#gathers;
    if (isBusy || (this.#waiting.length === 0 && this.#released.length === 0)) return;
    this.#isDue = true;
    // The other sockets that are ready are read first.
    setImmediate(() => this.#send());
  }

  async #send(): Promise<void> {
    this.#isDue = false;
    this.#isSending = true;
    this.#gathers = true;
    setTimeout(() => {
      this.#gathers = false;
      this.#schedule();
    }, GATHER_MS);
    const batch = this.#next();
    const released = this.#released;
    this.#released = [];
    try {
      const results = await this.#parse(
        batch.map(({ request, events }) => [request, events]),
        released,
      );
      for (const [n, { resolve }] of batch.entries()) resolve(results[n]!);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    this.#isSending = false;
    this.#schedule();
  }

  #next(): WaitingEvents[] {
    let count = 0;
    const more = this.#waiting.findIndex(({ events }, n) => {
      count += events.length;
      return n > 0 && count > MOST_EVENTS;
    });
    return this.#waiting.splice(0, more < 0 ? this.#waiting.length : more);
  }
}

interface WaitingEvents {
  readonly request: number;
  readonly events: readonly unknown[];
  resolve(changes: PythonChanges): void;
  reject(error: unknown): void;
}

/** Makes a change in the output here. */
export function applyChange(change: PythonChange, output: RequestOutput): void {
  if (change === 0) return;
  if (typeof change === 'string') {
    output.addContent(change);
    return;
  }
  for (const [field, value] of Object.entries(change)) SETTERS[field]?.(output, value);
}

const SETTERS: Readonly<Record<string, (output: RequestOutput, value: any) => void>> = {
  '+content': (output, value) => output.addContent(value),
  '+reasoning_content': (output, value) => output.addReasoningContent(value),
  content: (output, value) => {
    output.content = value;
  },
  reasoning_content: (output, value) => {
    output.reasoningContent = value;
  },
  // Python's class begins with 0 where nothing is known.
  input_tokens: (output, value) => {
    output.inputTokens = value || undefined;
  },
  output_tokens: (output, value) => {
    output.outputTokens = value || undefined;
  },
  cached_tokens: (output, value) => {
    output.cachedTokens = value ?? undefined;
  },
  reasoning_tokens: (output, value) => {
    output.reasoningTokens = value ?? undefined;
  },
  finish_reason: (output, value) => {
    output.finishReason = value ?? undefined;
  },
  error_info: (output, value) => {
    output.error = value || undefined;
  },
  role: (output, value) => {
    output.role = value ?? undefined;
  },
  tool_calls: (output, value) => {
    for (const call of value) changeCall(call, output);
  },
  input: (output, value) => {
    output.input = value;
  },
  extra_perf_data: (output, value) => {
    output.extraPerfData = value;
  },
  extra_details_data: (output, value) => {
    output.extraDetailsData = value;
  },
};

function changeCall(change: Readonly<Record<string, any>>, { toolCalls }: RequestOutput): void {
  while (toolCalls.length <= change['at']) toolCalls.push({ name: '', arguments: '' });
  const call = toolCalls[change['at']]!;
  if (typeof change['id'] === 'string') call.id = change['id'];
  call.name = change['name'];
  call.arguments = change['='] ?? call.arguments + change['+'];
}
