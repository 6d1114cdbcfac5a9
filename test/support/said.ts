import { type Finding, findingText } from '../../src/contract/finding.ts';

/** Findings as a test reads them: `CODE: text`. */
export function said(findings: readonly Finding[]): string[] {
  return findings.map((one) => `${one.code}: ${findingText(one)}`);
}
