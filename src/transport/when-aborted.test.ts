import { expect, it, vi } from 'vitest';
import { whenAborted } from './deadlines.ts';

it('calls everyone who waits, and nobody who stopped waiting', () => {
  const controller = new AbortController();
  const listening = vi.spyOn(controller.signal, 'addEventListener');
  const heard: string[] = [];
  whenAborted(controller.signal, () => heard.push('first'));
  const stop = whenAborted(controller.signal, () => heard.push('second'));
  whenAborted(controller.signal, () => heard.push('third'));
  stop();
  expect(heard).toEqual([]);
  controller.abort();
  expect(heard).toEqual(['first', 'third']);
  expect(listening).toHaveBeenCalledOnce();
});
