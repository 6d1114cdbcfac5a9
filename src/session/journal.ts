import { LineAppender } from '../store/append.ts';
import type { Redactor } from '../store/redact.ts';
import type { RunOptions } from './options.ts';

/** Messages of a run, as they are reported and as its folder keeps them. */
export interface Journal {
  /** Every text that was warned of, once. */
  readonly warnings: ReadonlySet<string>;
  info(text: string): void;
  warn(text: string): void;
  close(): void;
}

/** More warnings than this help nobody read them. */
const MOST_WARNINGS = 1000;

/** Reports messages to the listener and appends them to a file as JSON lines, secrets masked in both. */
export function openJournal(path: string, redact: Redactor, on: RunOptions['on']): Journal {
  const file = new LineAppender(path, redact);
  const warnings = new Set<string>();
  const write = (level: 'info' | 'warn') => (message: string) => {
    const text = redact(message);
    if (level === 'warn' && warnings.size < MOST_WARNINGS) warnings.add(text);
    void on?.({ type: 'message', level, text });
    file.append(JSON.stringify({ time: new Date().toISOString(), level, message: text }));
  };
  return { warnings, info: write('info'), warn: write('warn'), close: () => file.close() };
}
