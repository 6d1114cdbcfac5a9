import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lcbProgram } from './livecodebench.ts';

const PROGRAM = 'print(1)\n';
const BLOCK = `\`\`\`python\n${PROGRAM}\`\`\``;

describe.each([
  ['one block', `So:\n${BLOCK}\nDone.`, 'print(1)', 'print(1)', PROGRAM],
  ['two blocks', `\`\`\`\nfirst\n\`\`\`\n${BLOCK}`, 'first', 'print(1)', PROGRAM],
  ['an example behind the program', `${BLOCK}\nIt prints\n\`\`\`\n1\n\`\`\``, 'print(1)', '1', PROGRAM],
  ['a block that was cut', `So:\n\`\`\`python\n${PROGRAM}`, undefined, undefined, PROGRAM],
  ['a fence within a line', `Use \`\`\`x\`\`\` so:\n${BLOCK}`, 'so', 'print(1)', PROGRAM],
  ['no block', PROGRAM, undefined, undefined, PROGRAM],
  ['an empty block', '```python\n```', undefined, undefined, '```python\n```'],
  ['nothing', ' \n', undefined, undefined, undefined],
  ['tildes', `~~~py\n${PROGRAM}~~~`, undefined, undefined, PROGRAM],
])('%s', (_, text, first, last, fixed) => {
  it('is read under both rule sets', () => {
    const firstOf = lcbProgram(text, 'compat', 'v1');
    if (first === 'so') expect(firstOf).toBeUndefined();
    else expect(firstOf).toBe(first);
    expect(lcbProgram(text, 'compat', 'v2')).toBe(last);
    expect(lcbProgram(text, 'fixed', 'v1')).toBe(fixed);
    expect(lcbProgram(text, 'fixed', 'v2')).toBe(fixed);
  });
});

it('finds any program that stands alone in a block, under every rule', () => {
  const line = fc.string({ unit: fc.constantFrom('a', ' ', '(', ')', '=', "'", '\t'), minLength: 1 });
  const program = fc
    .array(line, { minLength: 1, maxLength: 5 })
    .map((lines) => lines.join('\n'))
    .filter((text) => text.trim() !== '');
  fc.assert(
    fc.property(program, fc.constantFrom('python', 'py', '', 'Python3'), (code, language) => {
      const text = `Here:\n\n\`\`\`${language}\n${code}\n\`\`\`\nThat is all.`;
      for (const version of ['v1', 'v2'] as const) expect(lcbProgram(text, 'compat', version)).toBe(code);
      expect(lcbProgram(text, 'fixed', 'v2')).toBe(`${code}\n`);
    }),
  );
});
