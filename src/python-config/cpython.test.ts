/** Python that real trees of configs hold, read by us and by CPython: the same values, or an error on both sides. */
import { describe, expect, it } from 'vitest';
import { evaluateWithPython, hasPython, plainValues, readText } from '../../test/support/python-values.ts';
import { AisBenchError } from '../contract/errors.ts';

const SAME = [
  `from ais_bench.a import B, C
x = dict[str, type[B] | str | None](type=B, template='t')
y = dict[str, list[dict[str, type[C] | int]]](z=[dict[str, object](type=C)])`,
  `x = dict[str, list[str] | str](a=['q'], b='c')`,
  `x = dict[str, dict[str, int | None]](a={'b': 1})
y = list[int]((1,2))
z = tuple[int, ...]([1]) if False else 3`,
  `from typing import Any, Dict, List, Optional, Union
x: Dict[str, Any] = dict(a=1)
def f(a: Optional[str] = None, *b: int, c: "dict[str, int]" = {}, **d: Any) -> Dict[str, Any]:
    """doc"""
    v: int = 3
    w: list[str]
    return dict(a=a, b=b, c=c, d=d, v=v)
y = f(1, 2, c=3, e=4)`,
  `def f(n):
    if n < 1:
        raise ValueError('num must be at least 1.')
    elif n > 5: raise NotImplementedError
    return n
x = f(3)`,
  `try:
    import torch_missing_mod_x as t
    x = 1
except ImportError:
    x = 2
x = 5`,
  `try:
    x = {}['a']
except KeyError as e:
    x = str(e)
else:
    x = 'no'
finally:
    y = 1`,
  `try:
    x = [][1]
except (KeyError, IndexError):
    x = 'caught'`,
  `try:
    1 / 0
except ArithmeticError:
    x = 'zero'`,
  `def f():
    try:
        return 1
    finally:
        out.append('f')
out = []
x = f()`,
  `def f():
    for i in range(3):
        try:
            continue
        finally:
            out.append(i)
    return 9
out = []
x = f()`,
  `try:
    try:
        raise ValueError('a')
    except TypeError:
        x = 1
    finally:
        y = 2
except ValueError as e:
    z = [str(e), repr(e), isinstance(e, ValueError), isinstance(e, LookupError), isinstance(e, Exception)]`,
  `try:
    raise KeyError('a')
except LookupError as e:
    x = str(e)`,
  `try:
    assert 1 == 2, 'm'
except AssertionError as e:
    x = str(e)`,
  `try:
    undefined_name
except NameError as e:
    x = str(e)`,
  `try:
    raise ValueError
except Exception as e:
    x = [str(e)]
try:
    y = e
except NameError:
    y = 'gone'`,
  `try:
    try:
        raise ValueError('in')
    except ValueError:
        raise
except ValueError as e:
    x = str(e)`,
  `try:
    int('x')
except ValueError as e:
    x = str(e)`,
  `try:
    x = 1
except:
    x = 2
else:
    x = 3`,
  `def f(x):
    ...
y = f(1)`,
  `def never():
    with open('x') as g:
        return g.read()
    class A: pass
x = 1`,
  `import textwrap, string, math, itertools, functools, os
x = textwrap.dedent("""
    a
      b

    c
""")
y = [string.ascii_uppercase[:4], string.digits, math.prod([2, 3]), list(itertools.chain.from_iterable([[1], (2, 3)]))]
z = functools.reduce(lambda a, b: a + b, [[1], [2]], [])
w = [os.path.normpath(p) for p in ['a/../b', '/a/./b/..', '', '..', '../a/..', '//a', '///a', '/..', 'a//b/']]`,
  `import textwrap
x = [textwrap.dedent(t) for t in ['  a\\n\\tb', '\\ta\\n\\t b\\n  \\n\\tc', ' a\\n\\n  b', '   \\n a', '', 'a\\n b', '  a\\n   ']]`,
  `from itertools import chain
x = list(chain.from_iterable(map(list, ['ab', 'c'])))`,
  `import os.path as osp
p = osp.join('a', 'b', f'{1}.json')
q = osp.splitext(osp.basename(p))
r = osp.dirname(p)`,
  `a = [dict(abbr=f'x_{n}', v=v) for n, v in zip(['a','b'], [1, 2])]
for i, d in enumerate(a, start=1):
    d['i'] = i
    d.update(path='p/' + d['abbr'].upper().replace('X', 'y'))
b = {**a[0], 'abbr': 'z', **dict(n=None)}
del i, d`,
  `datasets = []
for name in ['a', 'b']:
    for k in (1, 2):
        if k == 2 and name == 'a':
            continue
        datasets += [dict(abbr=name + '-' + str(k))]
    else:
        datasets.append({'abbr': name})`,
  `hints = {k: v for k, v in {'a': 'x', 'b': 'y'}.items() if v != 'y'}
t = dict(round=[*[dict(role=r, prompt=f'{{q}} {r}') for r in ('HUMAN', 'BOT')]])
l = [(lambda i=i: i)() for i in range(3)]
s = 'abc'[::-1][1:] + 'x' * 2
n = max([1, 5, 3], key=lambda v: -v)`,
  `if __name__ == '__main__':
    x = 1
y = 2`,
  `def outer(a):
    def inner(b):
        nonlocal a
        a += b
        return a
    inner(1)
    return inner(2)
x = outer(1)`,
  `_counter = 0
def bump():
    global _counter
    _counter += 1
    return _counter
x = [bump() for _ in range(3)]`,
  `x = 'a %s %d' % ('b', 3)
y = '{a} {b:>3}'.format(a=1, b=2)
z = "".join(sorted(set('hello')))
w = 'A.B'.split('.', 1)[-1].lower().strip().title()`,
  `x = [i for i in range(20) if not i % 3][1:-1:2]
x[1:2] = ['r']
y = x.copy(); y.insert(0, 'f'); y.extend('gh'); y.remove('r'); y.pop(); y.reverse(); y.sort(key=str)`,
  `first, *rest = [1, 2, 3]
(a, b), c = (1, 2), 3
d = e = []
d.append(1)
walrus = [w := 3, w + 1]`,
  `x = {'a': 1}.get('b', 2) or None
y = 1 if x else 2
z = not x and y in (1, 2) and y is not None
u = all(isinstance(v, (int, str)) for v in [1, 'a'])`,
  `try:
    'a' + 1
except TypeError:
    x = 1`,
  `try:
    'a' + 1
except Exception:
    x = 1`,
  `try:
    raise ValueError('a', 1)
except ValueError as e:
    x = [repr(e), list(e.args)]`,
  `while True:
    try:
        break
    finally:
        x = 1`,
  `def f():
    try:
        raise ValueError('a')
    except ValueError:
        return 'r'
    finally:
        return 'fin'
x = f()`,
];

const ERRORS = [
  `def f(n):
    raise ValueError(f'bad {n}')
x = f(3)`,
  `raise ValueError('x')`,
  `try:
    raise ValueError('x')
finally:
    y = 1`,
  `raise`,
  `x = str[int]`,
  `x = int | 'a'`,
  `x = [1, 2]['a']`,
];

describe.skipIf(!hasPython)('CPython and this reader', () => {
  const all = [...SAME, ...ERRORS];
  const theirs = hasPython ? evaluateWithPython(all.map((source) => ({ source }))) : [];

  it.each(SAME.map((source, at) => [source, at] as const))('agree on\n%s', async (source, at) => {
    expect(theirs[at]?.error).toBeUndefined();
    expect((await readText(source)).values).toEqual(plainValues(theirs[at]?.values));
  });

  it.each(ERRORS.map((source, at) => [source, at] as const))('both fail at\n%s', async (source, at) => {
    expect(theirs[SAME.length + at]?.error).toMatch(/^\w+(: .+)?$/);
    await expect(readText(source)).rejects.toBeInstanceOf(AisBenchError);
  });
});

describe('`raise`', () => {
  const refusal = async (text: string) => {
    const outcome = await readText(text).catch((error: unknown) => error);
    return outcome as AisBenchError;
  };

  it.each([
    [
      'def f(n):\n  raise ValueError(f"no depth {n}")\nx = f(3)',
      'this config cannot be read: ValueError: no depth 3',
      '2:3',
    ],
    ['raise NotImplementedError', 'this config cannot be read: NotImplementedError', '1:1'],
    [
      'from a.b import OwnError\nraise OwnError("why", 1)',
      'this config cannot be read: OwnError: why, 1',
      '2:1',
    ],
    [
      'try:\n  raise ValueError("a")\nexcept KeyError:\n  pass',
      'this config cannot be read: ValueError: a',
      '2:3',
    ],
  ])('tells its own message and its line: %j', async (text, message, place) => {
    expect(await refusal(text)).toMatchObject({
      code: 'TMAN-CFG-001',
      message,
      where: `/configs/config.py:${place}`,
    });
  });

  it('does no harm in a function that is never called', async () => {
    expect((await readText('def f():\n  raise ValueError("x")\ny = 1')).values).toEqual({ y: 1 });
  });
});

it('a config that is not there is an ImportError, and may be imported again elsewhere', async () => {
  const text =
    'try:\n  from .missing import x\nexcept ImportError:\n  x = 1\ntry:\n  from .missing import y\nexcept ModuleNotFoundError:\n  y = 2\n';
  expect((await readText(text)).values).toEqual({ x: 1, y: 2 });
});

it('does not guess which handler takes an error whose class it does not know', async () => {
  const text = 'try:\n  x = ",".join([1])\nexcept TypeError:\n  x = 1';
  await expect(readText(text)).rejects.toThrow(
    /^this config cannot be read: whether 'TypeError' is what this raises is not known: /,
  );
  expect((await readText(text.replace('TypeError', 'Exception'))).values).toEqual({ x: 1 });
});
