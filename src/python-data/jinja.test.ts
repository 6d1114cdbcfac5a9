import { describe, expect, it } from 'vitest';
import { compileTemplate } from './jinja.ts';
import { JinjaError } from './jinja-values.ts';

const names = {
  messages: [{ role: 'user', content: 'Hello there' }],
  bos_token: '<s>',
  schema: { items: { type: 'string' }, size: 2, exact: true, default: null, share: 0.5 },
  parts: [{ type: 'text', text: 'What?' }, { type: 'image' }],
};
const render = (template: string) => compileTemplate(template)(names);

/** Texts made once by Jinja2 3.1.6 in the environment of `transformers`: trim_blocks, lstrip_blocks, loop controls, its `tojson`. */
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

/** Where `@huggingface/jinja` alone prints something else, or refuses. Made like the others. */
const OTHERWISE_IN_THE_LIBRARY: readonly (readonly [what: string, template: string, text: string])[] = [
  [
    'values print as in Python',
    "{{ true }} {{ none }} {{ 1.0 }} {{ 7 / 2 }} {{ 2.50 }} {{ -0.0 }} {{ missing }}|{{ true | string }} {{ 'x' ~ none ~ 1.0 ~ missing }}",
    'True None 1.0 3.5 2.5 -0.0 |True xNone1.0',
  ],
  [
    'lists, tuples and dicts print as in Python',
    "{{ [1, none, 'a', \"it's\", 0.5] }} {{ (1, 2) }} {{ {'k': [true]} }} {{ schema }} {{ parts | string }}",
    "[1, None, 'a', \"it's\", 0.5] (1, 2) {'k': [True]} {'items': {'type': 'string'}, 'size': 2, 'exact': True, 'default': None, 'share': 0.5} [{'type': 'text', 'text': 'What?'}, {'type': 'image'}]",
  ],
  [
    'loop variables are ints and bools',
    '{% for m in parts %}{{ loop.first }} {{ loop.index / 2 }};{% endfor %}',
    'True 0.5;False 1.0;',
  ],
  [
    "equality is Python's",
    "{{ [1] == [1] }} {{ '1' == 1 }} {{ 1 == 1.0 }} {{ true == 1 }} {{ {'a': 1} == {'a': 1} }} {{ none == false }} {{ (1, 2) == [1, 2] }} {{ missing == none }}",
    'True False True True True False False False',
  ],
  [
    "membership is Python's",
    "{{ none in [none] }} {{ missing in ['a'] }} {{ [1] in [[1]] }} {{ 'items' in schema }} {{ 'a' in missing }} {{ 2 not in [1, 2.0] }}",
    'True False True True False False',
  ],
  [
    'texts lose the signs that are named',
    "{{ '\\nab\\n'.strip('\\n') }}|{{ 'xxaxx'.lstrip('x') }}|{{ 'a.,'.rstrip(',.') }}|{{ '--a--' | trim('-') }}|{{ '  b ' | trim }}|",
    'ab|axx|a|a|b|',
  ],
  [
    'capitals',
    "{{ 'hELLO wORLD'.capitalize() }} {{ 'hELLO wORLD' | title }} {{ 'straße' | upper }} {{ none | upper }}",
    'Hello world Hello World STRASSE NONE',
  ],
  [
    'what a loop printed before a break stays',
    '{% for i in range(5) %}{{ i }},{% if i == 2 %}{% break %}{% endif %}{% endfor %}!{% for i in range(4) %}<{% if i % 2 %}{% continue %}{% endif %}{{ i }}>{% endfor %}',
    '0,1,2,!<0><<2><',
  ],
  [
    "a loop's variables end with the round",
    '{% set n = 0 %}{% for i in range(3) %}{{ n }}{% set n = n + 1 %}{{ n }} {% endfor %}{{ n }}',
    '01 01 01 0',
  ],
  [
    'loops over texts, pairs and names that are not defined',
    "{% for c in 'añ🎉' %}{{ c }}.{% endfor %}{% for a, b in [(1, 2), (3, 4)] %}{{ a + b }};{% endfor %}{% for x in missing %}x{% else %}none{% endfor %}",
    'a.ñ.🎉.3;7;none',
  ],
  [
    'tags of what is learned from keep their blanks',
    '{% for m in messages %}\n  {%- generation %}\n    {{- m.content }}\n  {% endgeneration %}\n  end\n{%- endfor %}',
    'Hello there\n  end',
  ],
  ['line breaks of Windows are line breaks', '{% if true %}\r\na\r\n{% endif %}\r\nb', 'a\nb'],
  [
    'filters of lists',
    "{{ parts | map(attribute='text', default='-') | join('|') }} {{ ['a', 'b'] | map('upper') | list }} {{ parts | rejectattr('text', 'defined') | list | length }} {{ [3, 1, 2] | min }} {{ [0, 1, none] | select | list }} {{ [1, 2, 3] | reject('odd') | list }} {{ none | map('upper') | list }} {{ [] | first }}|{{ 'ab' | last }}",
    "What?|- ['A', 'B'] 1 1 [1] [2] [] |b",
  ],
  [
    'selectattr over texts selects nothing',
    "{{ 'Hello' | selectattr('type', 'equalto', 'text') | list | length }}",
    '0',
  ],
  [
    'dictsort, with ints as keys too',
    "{% for k, v in {'b': 1, 'A': 2} | dictsort %}{{ k }}{{ v }} {% endfor %} {% for k, v in {512: 'x', 64: 'y'} | dictsort %}{{ k }}{{ v }}{{ k < 100 }} {% endfor %}{{ {1: 'one'}[1] }} {% for k, v in {'a': 2, 'b': 1} | dictsort(by='value') %}{{ k }}{{ v }} {% endfor %}{{ ({'a': 1, 'b': 2} | dictsort(reverse=true))[0][0] }}",
    'A2 b1  64yTrue 512xFalse one b1 a2 b',
  ],
  [
    'tests with arguments',
    "{{ 'a' is eq 'a' }} {{ 3 is in [1, 2] }} {{ 4 is divisibleby(2) }} {{ 1 is not eq 2 and true }} {{ schema.size is gt 1 }} {{ parts[0].type is equalto parts[0]['type'] }} {{ 1 is sameas true }}",
    'True False True True True True False',
  ],
  [
    'tests without',
    "{{ true is number }} {{ 1.5 is float }} {{ schema is iterable }} {{ missing is iterable }} {{ (1, 2) is sequence }} {{ 'x' is string }} {{ none is not none }} {{ 1 is number and none is none }}",
    'True True True True True True False True',
  ],
  [
    'operators',
    "{{ 'ab' * 2 }} {{ -3 % 2 }} {{ 'a' < 'b' }} {{ -7 // 2 }} {{ 2 ** 3 }} {{ 1 + 2 * 3 }} {{ [1] + [2] }}",
    'abab 1 True -4 8 7 [1, 2]',
  ],
  [
    "a dict's method comes before its key",
    "{% for k, v in schema.items() %}{{ k }} {% endfor %}{{ schema['items'].type }} {{ schema.get('nope') }} {{ schema.keys() | list }}",
    "items size exact default share string None ['items', 'size', 'exact', 'default', 'share']",
  ],
  [
    'ints of texts and numbers',
    "{{ '12' | int + 1 }} {{ 'x' | int(7) }} {{ -1.5 | int }} {{ '2.9' | int }} {{ true | int }}",
    '13 7 -1 2 1',
  ],
  [
    'defaults',
    "{{ missing | d('a') }} {{ '' | default('b', true) }} {{ none | default('c') }} {{ none | default('d', boolean=true) }}",
    'a b None d',
  ],
  [
    'tojson',
    "{{ schema | tojson }} {{ {'é': [1.5, true, none]} | tojson(indent=2) }} {{ [] | tojson(indent=2) }} {{ 'a/\"b\"' | tojson }}",
    '{"items": {"type": "string"}, "size": 2, "exact": true, "default": null, "share": 0.5} {\n  "é": [\n    1.5,\n    true,\n    null\n  ]\n} [] "a/\\"b\\""',
  ],
  [
    'calls, filters and macros as blocks',
    "{% macro wrap(a, b='z') %}<{{ a }}{{ b }}{{ caller() if caller else '' }}>{% endmacro %}{{ wrap(none) }}{% call wrap('x', b=1) %}in{% endcall %}{% filter upper %}abc{{ none }}{% endfilter %}",
    '<Nonez><x1in>ABCNONE',
  ],
  [
    'texts by place and by name',
    "{{ '{} and {}'.format('a', none) }} {{ '{1}{{}}{0}'.format(1, 'b') }} {{ 'a-b-c'.rsplit('-', 1) }} {{ 'abc'.find('c') }} {{ 'abc'.index('b') }} {{ '-'.join(['a', 'b']) }} {{ 'aXbXc'.replace('X', '$&', 1) }} {{ 'añ🎉' | length }}",
    "a and None b{}1 ['a-b', 'c'] 2 1 a-b a$&bXc 3",
  ],
  [
    'comments and blanks',
    'a  \n  {# c #}\n  {%- if true -%}  b  {%- endif %}  \n {% if true %} c\n{% endif %}\nd\n',
    'a  \nb  \n c\nd',
  ],
  ['the last line break is not printed', 'a\n', 'a'],
];

describe('templates', () => {
  it.each([...MADE_BY_JINJA, ...OTHERWISE_IN_THE_LIBRARY])(
    '%s: as Jinja2 renders them',
    (_what, template, text) => {
      expect(render(template)).toBe(text);
    },
  );

  it('take the names of their own functions for columns', () => {
    expect(
      compileTemplate('{{ range }} {{ namespace }} {{ dict.a }}')({
        range: 1,
        namespace: 'n',
        dict: { a: 2 },
      }),
    ).toBe('1 n 2');
  });

  it.each([
    ['{% include "x" %}', /statement type: include/],
    ['{{ messages | groupby }}', /filter: groupby/],
    ['{{ 1 is prime }}', /test prime/],
    ['{% if true %}', /ends inside a tag or block/],
    ['{{ (', /ends inside a tag or block/],
    ['{{ "open }}', /end of input/],
    ['{{ raise_exception("no tools") }}', /it says: no tools/],
    ['{{ 1 + "a" }}', /\+ between 'int' and 'str'/],
    ['{{ nothing() }}', /not a function/],
    ['{{ none in "abc" }}', /not NoneType/],
    ['{{ range }}', /a function is printed/],
    ['{% break %}', /outside of a loop/],
  ])('refuse %s by name', (template, why) => {
    expect(() => render(template)).toThrow(JinjaError);
    expect(() => render(template)).toThrow(why);
  });

  it.each([
    [
      'rounds',
      `{% for a in range(20000) %}{{ [${'1,'.repeat(99)}1] | length }}{% endfor %}`,
      /million steps/,
    ],
    ['numbers', '{{ range(100001) | length }}', /100000 numbers/],
    ['numbers without a step', '{{ range(1, 9, 0) | length }}', /100000 numbers/],
    ['calls', '{% macro a(f) %}{{ f(f) }}{% endmacro %}{{ a(a) }}', /calls itself without end/],
    ['values in values', '{% set x = namespace() %}{% set x.y = x %}{{ x }}', /calls itself without end/],
    ['blanks', `{{ 1 }}${' '.repeat(3000)}`, /2,000 blanks/],
  ])('end where %s have none', (_what, template, why) => {
    expect(() => render(template)).toThrow(JinjaError);
    expect(() => render(template)).toThrow(why);
  });
});

it.each(['{{ a|__proto__ }}', '{{ a|constructor }}', '{{ a is __proto__ }}', '{{ a is toString }}'])(
  '%s names nothing that every object has',
  (template) => {
    expect(() => compileTemplate(template)({ a: 'x' })).toThrow(JinjaError);
  },
);
