import { type Finding, finding, isSameFinding, scopedText } from '../contract/finding.ts';
import { LineAppender } from '../store/append.ts';
import { type Redactor, redactJson } from '../store/redact.ts';
import type { RunOptions } from './options.ts';

/** What a run says while it goes, as it is reported and as its folder keeps it. */
export interface Journal {
  /** Every finding so far, each once. */
  readonly findings: readonly Finding[];
  /** Says how the run goes. */
  info(text: string): void;
  found(...findings: readonly Finding[]): void;
  /** Keeps in the folder what a listener sees as an event of its own. */
  keep(entry: object): void;
  /** Says something that has no code of its own. */
  warn(text: string): void;
  close(): void;
}

/** Findings beyond these are reported and not kept: no reader gets through more. */
const MOST_KEPT = 1000;

/** Reports messages and findings to the listener and appends them to a file as JSON lines, secrets masked in both. */
export function openJournal(path: string, redact: Redactor, on: RunOptions['on']): Journal {
  const file = new LineAppender(path, redact);
  const findings: Finding[] = [];
  const append = (entry: object) => file.append(JSON.stringify({ time: new Date().toISOString(), ...entry }));
  const report = (given: Finding) => {
    const one = JSON.parse(redactJson(JSON.stringify(given), redact)) as Finding;
    if (findings.length < MOST_KEPT && !findings.some((other) => isSameFinding(one, other)))
      findings.push(one);
    void on?.({ type: 'finding', finding: one });
    append({ level: one.level === 'fact' ? 'info' : 'warn', message: scopedText(one), finding: one });
  };
  return {
    findings,
    info: (message) => {
      const text = redact(message);
      void on?.({ type: 'message', text });
      append({ level: 'info', message: text });
    },
    found: (...found) => found.forEach(report),
    keep: (entry) => append({ level: 'info', ...entry }),
    warn: (text) => report(finding('NOTE', { text })),
    close: () => file.close(),
  };
}
