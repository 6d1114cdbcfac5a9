import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { finding, findingText } from '../contract/finding.ts';
import {
  COMMON_METRICS,
  CONVERSATION_METRICS,
  FURTHER_METRICS,
  METRIC_DEFINITIONS_VERSION,
  MISSING_REASONS,
  REQUEST_METRICS,
} from './definitions.ts';
import { STEADY_RULE } from './steady.ts';
import { SOURCE_LABELS } from './token-sources.ts';
import { VALIDITY_RULES, VERDICTS } from './validity.ts';

const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');

test.each([
  ...Object.entries(REQUEST_METRICS),
  ...Object.entries(COMMON_METRICS),
  ...Object.entries(CONVERSATION_METRICS),
  ...Object.entries(FURTHER_METRICS),
])('docs/metrics.md has a row for %s in %j', (name, unit) => {
  expect(page).toContain(`\n| ${name} | ${unit}${unit === '' ? '' : ' '}| `);
});

test.each([
  ...Object.values(MISSING_REASONS).map((code) => findingText(finding(code, {}))),
  ...Object.values(SOURCE_LABELS),
  ...VERDICTS,
  'connect',
  'timeout',
  'http-status',
  'bad-reply',
  'server-error',
  'truncated',
  'cancelled',
  'model-bug',
  'unknown',
])('docs/metrics.md has a row for %s', (name) => {
  expect(page).toContain(`\n| ${name} | `);
});

test('docs/metrics.md describes the version that reports name', () => {
  expect(page).toContain(`version ${METRIC_DEFINITIONS_VERSION} of the definitions`);
});

test.each(Object.entries(VALIDITY_RULES))('docs/metrics.md has the rule %s as it is', (name, rule) => {
  const limit = rule.unit === '' ? rule.limit : `${rule.limit} ${rule.unit}`;
  expect(page).toContain(`\n| ${name} | ${limit} | ${rule.says} |\n`);
});

test.each(Object.entries(STEADY_RULE))('docs/metrics.md has the steady rule %s as it is', (name, limit) => {
  expect(page).toContain(`\n| ${name} | ${limit} | `);
});
