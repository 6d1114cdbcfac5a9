import { describe, expect, it } from 'vitest';
import { JinjaError } from './lex.ts';
import { compileTemplate } from './template.ts';

const messages = [{ role: 'user', content: 'Hello there' }];
const render = (template: string) => compileTemplate(template)({ messages, bos_token: '<s>' });

/** Made once with Jinja2 3.1 (trim_blocks, lstrip_blocks), as `transformers` sets it up. */
const MADE_BY_JINJA: readonly (readonly [what: string, template: string, text: string])[] = [
  [
    'loops with a condition, and what follows an empty one',
    "{% for m in messages if m.role == 'user' %}{{ loop.index }}{{ '-' if not loop.last else '' }}{{ m['content'] | trim }}{% else %}none{% endfor %}",
    '1Hello there',
  ],
  ['an empty loop', "{% for m in messages if m.role == 'bot' %}x{% else %}none{% endfor %}", 'none'],
  [
    'namespaces, ranges, tojson',
    "{%- set x = namespace(a=1, b='q') -%}\n  {%- for i in range(3) %}{% set x.a = x.a + i %}{% endfor %}\n{{ x.a }} {{ x.b ~ 3 }} {{ [1,2]|join(', ') }} {{ {'k': [1, true, none]} | tojson }}",
    '4 q3 1, 2 {"k": [1, true, null]}',
  ],
  [
    'macros, comments, precedence',
    "{% macro f(a, b='z') %}<{{ a }}{{ b }}>{% endmacro %}{{ f('x') }}{{ f('x', b='y') }}\n{# c #}\n{% if 1 < 2 and not false or none %}yes{% elif true %}no{% else %}nn{% endif %}\n end",
    '<xz><xy>\nyes end',
  ],
  [
    'indexes, slices, numbers',
    "{{ 'a,b,c'.split(',')[-1] }}{{ 'abc'[1:] }}{{ messages[::-1][0].role }}{{ '  x '.strip() }}{{ 'x' in 'xyz' }}{{ 3 // 2 }}{{ -3 % 2 }}{{ 7 / 2 }}{{ unknown is defined }}{{ (1,2)[0] }}",
    'cbcuserxTrue113.5False1',
  ],
  [
    'blanks and line breaks around tags',
    "   {% if true %}\n    a\n   {% endif %}\nb  {{- ' c ' -}}   d\n{%- if false %}x{% endif %}\n",
    '    a\nb c d',
  ],
  [
    'blocks, filters, tests',
    "{% set t %}block {{ 1 + 1 }}{% endset %}{{ t | upper }}{{ messages | length }}{{ messages | selectattr('role', 'equalto', 'user') | list | length }}{{ messages | map(attribute='role') | join('/') }}{{ none is none }}{{ 'x' is string }}{{ 'A' | lower | default('q') }}{{ zz | default('dd') }}",
    'BLOCK 211userTrueTrueadd',
  ],
  [
    'tables',
    "{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}={{ v }};{% endfor %}{{ {'a': {'b': 'c'}}['a'].b }}{{ messages[0].get('nope', 'fb') }}{{ 'it''s' }}{{ \"q\\n\" }}{{ true }}{{ none }}",
    'a=1;b=2;cfbitsq\nTrueNone',
  ],
];

describe('chat templates', () => {
  it.each(MADE_BY_JINJA)('%s: as Jinja2 renders them', (_what, template, text) => {
    expect(render(template)).toBe(text);
  });

  it.each([
    ['{% include "x" %}', /statement include/],
    ['{{ messages | groupby }}', /filter groupby/],
    ['{{ 1 is prime }}', /test prime/],
    ['{{ messages }}', /printed/],
    ['{% if true %}', /endif is missing/],
    ['{{ "open }}', /not closed/],
    ['{{ raise_exception("no tools") }}', /it says: no tools/],
    ['{{ 1 + "a" }}', /between/],
    ['{{ nothing() }}', /no function/],
  ])('refuses %s by name', (template, why) => {
    expect(() => render(template)).toThrow(why);
  });
});

it.each(['{{ a|__proto__ }}', '{{ a|constructor }}', '{{ a is __proto__ }}', '{{ a is toString }}'])(
  '%s names nothing that every object has',
  (template) => {
    expect(() => compileTemplate(template)({ a: 'x' })).toThrow(JinjaError);
  },
);
