import { createConsola } from 'consola';
import { LineAppender } from '../store/append.ts';
import type { Redactor } from '../store/redact.ts';

export interface RunLog {
  info(text: string): void;
  warn(text: string): void;
  close(): void;
}

/** Tells a person on stderr, and keeps every message as a JSON line in the run's folder, secrets masked in both. */
export function openLog(path: string, redact: Redactor): RunLog {
  const file = new LineAppender(path, redact);
  const console = createConsola({
    stdout: process.stderr,
    stderr: process.stderr,
    formatOptions: { date: false },
  });
  const tell = (level: 'info' | 'warn') => (text: string) => {
    const clean = redact(text);
    console[level](clean);
    file.append(JSON.stringify({ time: new Date().toISOString(), level, message: clean }));
  };
  return { info: tell('info'), warn: tell('warn'), close: () => file.close() };
}
