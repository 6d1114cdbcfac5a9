import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  distinctFindings,
  FINDING_AREAS,
  FINDINGS,
  finding,
  findingText,
  readFinding,
  renderFinding,
  scoped,
  storedFinding,
} from './finding.ts';
import { type FindingEntry, paramsInText } from './finding-entry.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ENTRIES: readonly (readonly [string, FindingEntry])[] = Object.entries(FINDINGS);
const HAN = /\p{Script=Han}/u;

describe('the table', () => {
  it('has every code once, whatever its area', () => {
    const all = Object.values(FINDING_AREAS).flatMap((entries) => Object.keys(entries));
    expect(new Set(all).size).toBe(all.length);
    expect(Object.keys(FINDINGS)).toHaveLength(all.length);
  });

  it.each(ENTRIES)('%s is a code of capital words, with both languages and a cure in both', (code, entry) => {
    expect(code).toMatch(/^[A-Z]+(-[A-Z]+)*$/);
    const { en, zh, cure } = entry;
    for (const text of [en, cure.en]) expect(text).not.toMatch(HAN);
    for (const text of [zh, cure.zh])
      if (code !== 'NOTE' || text !== zh) expect(text).toMatch(/[\p{Script=Han}≤]/u);
  });

  it.each(ENTRIES)('%s: its texts use its parameters, all of them in each language', (_, entry) => {
    const { en, zh, cure, params = {} } = entry;
    const names = Object.keys(params).sort();
    const used = (text: string) => [...new Set([...paramsInText(text), ...inCure])].sort();
    const inCure = paramsInText(cure.en);
    expect(paramsInText(cure.zh).sort()).toEqual([...inCure].sort());
    expect(used(en)).toEqual(names);
    expect(used(zh)).toEqual(names);
  });

  it.each(ENTRIES)('%s: its page has the anchor', (_, { docs }) => {
    const [page, anchor] = docs.split('#');
    expect(existsSync(`${root}docs/${page}`)).toBe(true);
    if (anchor === undefined) return;
    const headings = [...readFileSync(`${root}docs/${page}`, 'utf8').matchAll(/^#+ (.*)$/gm)].map(
      ([, heading]) =>
        heading!
          .toLowerCase()
          .replace(/[^\p{L}\p{N} _-]/gu, '')
          .replaceAll(' ', '-'),
    );
    expect(headings).toContain(anchor);
  });
});

/** Tests of other files, which let functions make findings; the viewer's and the docs' tests only show them. */
const tests = ['src', 'test']
  .flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  )
  .filter((file) => file.endsWith('.test.ts') && file !== 'src/contract/finding.test.ts')
  .map((file) => readFileSync(`${root}${file}`, 'utf8'))
  // What a test makes itself is not made by the code.
  .map((text) => text.replace(/\bfinding\(\s*'[A-Z-]+'/g, ''));

it.each(Object.keys(FINDINGS))('%s is made in a test of the code that makes it', (code) => {
  const isNamed = new RegExp(`(?<![A-Z-])${code}(?![A-Z-])`);
  expect(tests.some((text) => isNamed.test(text))).toBe(true);
});

describe('a finding', () => {
  const late = finding('LATE-REQUESTS', { late: 1, sent: 64, lag: 4.287, limit: 3 });

  it('is plain data', () => {
    expect(JSON.parse(JSON.stringify(late))).toEqual({
      ...{ code: 'LATE-REQUESTS', level: 'invalid', scope: {} },
      params: { late: 1, sent: 64, lag: 4.287, limit: 3 },
    });
  });

  it('is said in both languages, with a cure and a page', () => {
    expect(renderFinding(late, 'en')).toEqual({
      text: '1 of 64 requests left late: lag P99 4.29 ms > 3 ms',
      cure: expect.stringContaining('--workers'),
      docs: 'metrics.md#load',
    });
    expect(findingText(late, 'zh')).toBe('64 个请求中 1 个发送过晚：滞后 P99 4.29 ms > 3 ms');
  });

  it('leaves out what is absent, chooses forms by number, and says counts that are not 0', () => {
    expect(findingText(finding('ALL-FAILED', { sent: 1 }))).toBe('the only request failed');
    expect(findingText(finding('ALL-FAILED', { sent: 3, only: 'reset', kind: 'connect' }))).toBe(
      'all 3 requests failed: reset (connect)',
    );
    const parts = { failed: 1, truncated: 0, unextractable: 2 };
    expect(findingText(finding('UNSCORED-ANSWERS', { answers: 4, parts }))).toBe(
      'of 4 answers: 1 failed, 2 with nothing to score; none of them counts as correct',
    );
    expect(findingText(finding('UNSCORED-ANSWERS', { answers: 4, parts }), 'zh')).toBe(
      '4 个回答中：1 个失败、2 个无法提取答案；均不算正确',
    );
  });

  it('may be about another one', () => {
    const spoilt = finding('SEARCH-SPOILT', { why: finding('POINT-CLIENT-LIMITED', { why: late }) });
    expect(findingText(spoilt, 'zh')).toBe(
      '有一个测点没有测到服务本身：瓶颈是客户端：64 个请求中 1 个发送过晚：滞后 P99 4.29 ms > 3 ms',
    );
  });

  it('never takes what a name or a server says for a placeholder', () => {
    expect(findingText(finding('NOTE', { text: '{text} [text] $& #' }))).toBe('{text} [text] $& #');
  });

  it('takes the scope that it is given, once', () => {
    const own = scoped(late, { model: 'm', dataset: 'd' });
    expect(own.scope).toEqual({ model: 'm', dataset: 'd' });
    expect(scoped(own, { model: 'other' })).toBe(own);
    expect(distinctFindings([late, own, late])).toEqual([late, own]);
  });
});

describe('a stored finding', () => {
  const one = finding('RETRIED', { count: 2 }, { model: 'm', dataset: 'd' });

  it('has its English text, and is read back as it was', () => {
    const stored = storedFinding(one);
    expect(stored.text).toBe('2 requests needed a retry; their latencies are reported apart');
    expect(readFinding(JSON.parse(JSON.stringify(stored)))).toEqual(one);
  });

  it.each([
    ['a sentence of an earlier version', 'half a line', 'half a line'],
    ['what an earlier version said was lost', { what: 'half a line', task: 'm × d' }, 'half a line'],
    ['a code of a later version', { code: 'NEW-ONE', params: {}, text: 'said later' }, 'said later'],
  ])('%s is a note', (_, stored, text) => {
    expect(readFinding(stored)).toMatchObject({ code: 'NOTE', level: 'degraded', params: { text } });
  });
});
