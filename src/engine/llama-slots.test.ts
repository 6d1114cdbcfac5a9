import { describe, expect, it } from 'vitest';
import type { LlamaSequence } from '../models/local/llama-load.ts';
import { LlamaSlots } from './llama-engine.ts';

const NEVER = new AbortController().signal;

/** A sequence that holds these tokens; the pool asks nothing else of it. */
function holding(...held: number[]): LlamaSequence {
  const compareContextTokens = (tokens: readonly number[]) => {
    const firstDifferent = held.findIndex((token, index) => token !== tokens[index]);
    return { firstDifferentIndex: firstDifferent < 0 ? held.length : firstDifferent };
  };
  return { compareContextTokens } as LlamaSequence;
}

describe('LlamaSlots', () => {
  it('gives the sequence that shares the longest beginning', async () => {
    const [none, some, most] = [holding(9), holding(1, 2), holding(1, 2, 3)];
    const slots = new LlamaSlots([none, some, most]);
    expect(await slots.take([1, 2, 3, 4], NEVER)).toBe(most);
    expect(await slots.take([1, 2, 3, 4], NEVER)).toBe(some);
    expect(await slots.take([1, 2, 3, 4], NEVER)).toBe(none);
  });

  it('lets others wait, first come, first served', async () => {
    const only = holding();
    const slots = new LlamaSlots([only]);
    const order: string[] = [];
    await slots.take([], NEVER);
    const waiters = ['first', 'second'].map(async (name) => {
      const sequence = await slots.take([], NEVER);
      order.push(name);
      slots.giveBack(sequence!);
    });
    slots.giveBack(only);
    await Promise.all(waiters);
    expect(order).toEqual(['first', 'second']);
  });

  it('forgets a waiter who leaves', async () => {
    const only = holding();
    const slots = new LlamaSlots([only]);
    await slots.take([], NEVER);
    const leaving = new AbortController();
    const left = slots.take([], leaving.signal);
    const next = slots.take([], NEVER);
    leaving.abort();
    expect(await left).toBeUndefined();
    slots.giveBack(only);
    expect(await next).toBe(only);
    expect(await slots.take([], AbortSignal.abort())).toBeUndefined();
  });
});
