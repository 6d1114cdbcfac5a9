import type { TerminalOptions } from '../../report/terminal.ts';

/** How tables may look on this process's output. */
export function terminalOptions(): TerminalOptions {
  const { stdout } = process;
  return { color: stdout.isTTY === true && !process.env['NO_COLOR'], width: stdout.columns ?? 80 };
}
