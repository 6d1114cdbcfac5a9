import { createConsola } from 'consola';
import { LineAppender } from '../store/append.ts';
import type { Redactor } from '../store/redact.ts';

export interface RunLog {
  /** How a message gets onto the terminal: past whatever is being drawn there. */
  beside: (say: () => void) => void;
  /** What was warned of, each text once. */
  readonly warnings: ReadonlySet<string>;
  info(text: string): void;
  warn(text: string): void;
  close(): void;
}

/** Of more than that nobody wants to read again. */
const MOST_WARNINGS = 1000;

/** Tells a person on stderr, and keeps every message as a JSON line in the run's folder, secrets masked in both. */
export function openLog(path: string, redact: Redactor): RunLog {
  const file = new LineAppender(path, redact);
  const console = createConsola({
    stdout: process.stderr,
    stderr: process.stderr,
    formatOptions: { date: false },
  });
  const warnings = new Set<string>();
  const tell = (level: 'info' | 'warn') => (text: string) => {
    const clean = redact(text);
    if (level === 'warn' && warnings.size < MOST_WARNINGS) warnings.add(clean);
    log.beside(() => console[level](clean));
    file.append(JSON.stringify({ time: new Date().toISOString(), level, message: clean }));
  };
  const log: RunLog = {
    beside: (say) => say(),
    warnings,
    info: tell('info'),
    warn: tell('warn'),
    close: () => file.close(),
  };
  return log;
}
