import { expect, it } from 'vitest';
import { emptyFolder } from '../../test/e2e/support.ts';
import { plansOf } from './find-run.ts';
import { calendarOf, firstCommand, keepClock, keepCommand } from './history.ts';
import { createRunFolder } from './run-folder.ts';

const newRun = () => createRunFolder(emptyFolder(), new Date(), (text) => text);
const at = (second: number) => new Date(Date.UTC(2026, 0, 5, 7, 0, second));

it('keeps commands; the first one began the run', () => {
  const folder = newRun();
  expect(firstCommand(folder)).toBeUndefined();
  keepCommand(folder, 'ais_bench a', at(0));
  keepCommand(folder, 'ais_bench a --reuse', at(9));
  expect(firstCommand(folder)).toBe('ais_bench a');
  expect(() => plansOf(folder.path)).toThrow('has kept no plan');
});

it('makes instants of times on the clock of each session', () => {
  const folder = newRun();
  expect(calendarOf(folder)(5)).toBeUndefined();
  keepClock(folder, 0, at(0));
  keepClock(folder, 2000, at(30));
  const instantOf = calendarOf(folder);
  expect([0, 1999.6, 2000, 2500.2].map(instantOf)).toEqual([
    at(0),
    at(2),
    at(30),
    new Date(at(30).getTime() + 500),
  ]);
});
