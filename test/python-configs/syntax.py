# Every class of syntax that a Python config may use; evaluated here and by CPython to the same values.
from copy import deepcopy
import copy
import math
import os.path as osp
from itertools import chain, product
from mmengine.config import read_base
from ais_bench.benchmark.models import VLLMCustomAPIChat
from ais_bench.benchmark.openicl.icl_evaluator import (
    AccEvaluator,
    MATHEvaluator as Math,
)
from ais_bench.benchmark.utils import postprocessors
import ais_bench.benchmark.datasets as sets

with read_base():
    from .base import *
    from .base import base_models as renamed, greet
    from .deep.inner import inner_value

# strings
plain = 'it\'s' "a \"b\"" 'tab\there' '\x41\u00e9\U0001F600\101\
joined'
raw = r'\d+\n' R"\"" u'unicode'
triple = """one
  two 'three' "four"
"""
single_triple = '''a''' ''
data = (b'ab\x00\xff' rb'\n').hex()
decoded = b'\xc3\xa9'.decode('utf-8') + 'é'.encode().hex()
emoji = '😀x'
emoji_parts = [len(emoji), emoji[0], emoji[1], emoji[::-1], list(emoji)]
empty = ''

# numbers
ints = [0, 1_000, 0xFF, 0o17, 0b101, -5, +3, ~7, 2 ** 40, 2 ** 0.5 > 1.41]
floats = [1.5, .5, 1., 1e3, 1E-3, 1.5e+2, 10_0.2_5, 1e16, 1e-5, 123456789012345680.0, -0.0, 5e-324]
arithmetic = [7 // 2, -7 // 2, 7 % 3, -7 % 3, 7 % -3, 7 / 2, 2 ** -1, 7.5 // 2, -7.5 % 2, 1 << 5, 37 >> 2, -37 >> 2]
bits = [6 & 3, 6 | 3, 6 ^ 3, True & False, True | False, True + True]
constants = [True, False, None]
big = str(2 ** 200)
mixed = [1 == 1.0, 1 < 2.5, 3 > 2 >= 2, not 1 == 2, 1 == 2 == False, 0.1 + 0.2]

# containers
tuples = [(), (1,), (1, 2), tuple('ab'), (1, (2, 3))]
lists = [[], [1, *[2, 3], *'ab'], list(range(5)), list(range(10, 0, -3)), [[]] * 2]
dicts = [{}, {'a': 1, **{'b': 2, 'a': 3}}, dict(x=1, **{'y': 2}), dict([('k', 'v')]), dict({'p': 1}, q=2)]
sets_sorted = [sorted({3, 1, 2, 1}), sorted(set('hello')), sorted({1, 2} | {2, 3}), sorted({1, 2} & {2, 3}), sorted({1, 2} - {2})]
set_tests = [{1, 2} == {2, 1}, {1} < {1, 2}, 1 in {1, 2}, sorted({1, 2} ^ {2, 3}), len(frozenset([1, 1]))]
keyed = {1: 'int', 2.5: 'float', True: 'bool', None: 'none', 'text': 'str'}
nested = {'a': [{'b': ({'c': 1},)}]}

# f-strings and formats
value, name, width = 3.14159, 'näme', 12
formats = [f'{value:.2f}', f'{value:>{width}.3f}|', f'{name!r:*^10}', f'{{literal}} {name}', f'{width=}', f'{value = :.1f}']
formats += [f'{1234567:,}', f'{1234567.891:,.2f}', f'{255:#x} {255:08b} {255:X} {-5:05d} {5:+d} {5: d}', f'{0.256:.1%}', f'{1e10:g} {1e-7:g} {123.456:.3g}']
formats += [f'{"nested " + f"{name}"}', f'{dict(a=1)["a"]}', f'{[1, 2]}', f'{None}', f'{True:d} {True}', f'''{
    value:.0f}''', f'{0.5:.0f} {1.5:.0f} {2.5:.0f} {0.125:.2f} {2.675:.2f}', f'{12:e} {0:e}', f'{"abc":.2}', f'{"x":>3}{"y":<3}{"z":^3}']
percent = ['%s and %d' % ('a', 5), '%5.2f|%-6s|%06d|%x' % (1.5, 'ab', 42, 255), '%(k)s %%' % {'k': 1}, '%r' % 'x', '%e %g' % (12345.678, 0.0001), '%s' % [1]]
formatted = ['{} {}'.format(1, 'a'), '{1} {0}'.format('a', 'b'), '{x:>5}|{y[0]}{y[1]}'.format(x=1, y=[2, 3]), '{0!r:>6}'.format('a'), '{:{w}}|'.format('a', w=4), '{d[key]}'.format(d={'key': 'v'})]

# methods
text = '  The quick, brown fox  '
methods = [text.strip(), text.lstrip(), text.rstrip(), text.split(), text.split(','), text.split(None, 2), text.rsplit(None, 1), text.rsplit(' ', 2)]
methods += [text.upper(), text.lower(), text.title(), text.strip().capitalize(), text.swapcase(), text.replace('quick', 'slow'), text.replace(' ', '', 2)]
methods += [text.find('quick'), text.find('nope'), text.index('fox'), text.count(' '), text.startswith('  T'), text.endswith(('x', ' ')), 'a-b-c'.partition('-'), 'a-b-c'.rpartition('-')]
methods += ['ab'.center(7, '*'), 'abc'.center(6), 'ab'.ljust(4) + '|', 'ab'.rjust(4), '-7'.zfill(4), 'a\nb\r\nc'.splitlines(), 'a\nb'.splitlines(True), ', '.join(['x', 'y'])]
methods += ['12'.isdigit(), 'ab1'.isalnum(), 'ab'.isalpha(), ' '.isspace(), 'AB'.isupper(), 'ab'.islower(), 'a_1'.isidentifier(), 'prefix_x'.removeprefix('prefix_'), 'x.py'.removesuffix('.py'), 'xxabxx'.strip('x')]
methods += [str.upper('unbound'), 'a,b'.split(',', 1), 'ß'.casefold(), 'one two'.title()]
numbers = [3, 1, 2]
numbers.append(4)
numbers.extend([5, 0])
numbers.insert(1, 9)
numbers.remove(2)
popped = [numbers.pop(), numbers.pop(0), numbers.index(1), numbers.count(9)]
ordered = sorted(numbers, reverse=True)
numbers.sort(key=lambda n: -n)
copied = numbers.copy()
copied.reverse()
table = {'a': 1, 'b': 2}
table.update({'c': 3}, d=4)
table_facts = [table.get('a'), table.get('z'), table.get('z', 0), table.pop('a'), table.pop('zz', None), table.setdefault('b', 7), table.setdefault('n', []), list(table), list(table.keys()), list(table.values()), list(table.items())]
last = table.popitem()
merged = {'a': 1} | {'b': 2}
made = dict.fromkeys(['p', 'q'], 0)

# comprehensions
squares = [n * n for n in range(6) if n % 2 == 0]
pairs = [(x, y) for x in range(3) for y in 'ab' if x]
table_made = {f'k{i}': v for i, v in enumerate('xyz', start=1)}
unique = sorted({len(word) for word in ['a', 'bb', 'cc']})
total = sum(n for n in range(5))
matrix = [[row * col for col in range(3)] for row in range(3)]
flags = [any(n > 3 for n in ordered), all(n > 3 for n in ordered), any([]), all([])]
if (size := len(squares)) > 2:
    size_note = 'big'
last_seen = [seen := n for n in range(3)]

# statements
loops = []
for i, (left, right) in enumerate([('a', 1), ('b', 2), ('c', 3)]):
    if i == 1:
        continue
    loops.append((i, left, right))
else:
    loops.append('end')
for n in range(10):
    if n == 3:
        break
else:
    loops.append('never')
count = 0
while count < 5:
    count += 1
    if count == 4: break
else: count = -1
if count > 10: kind = 'large'
elif count > 3: kind = 'middle'
else: kind = 'small'
first, *middle, end = range(5)
(p, q), [r, s] = (1, 2), [3, 4]
swap_a, swap_b = 1, 2
swap_a, swap_b = swap_b, swap_a
chain_a = chain_b = []
chain_a.append('shared')
annotated: int = 5
declared: str
updates = [1]
updates += (2, 3)
updates *= 2
number = 10
number -= 3; number *= 2; number /= 4; number **= 2; number //= 1; number %= 7
table['n'] = []
table['n'] += ['appended']
table['b'] += 5
victims = {'a': 1, 'b': 2}
del victims['a'], i
items = list(range(10))
del items[0], items[-1]
del items[1:3]
sliced = [items[1:3], items[:2], items[-2:], items[::2], items[::-1], items[5:1:-1], 'abcdef'[1:-1:2], (1, 2, 3)[1:], items[100:], items[:]]
items[1:2] = ['x', 'y']
items[0] = 'zero'
assert len(items) > 2, 'never said'
choice = 'yes' if items else 'no'
logic = [0 or 'a', 1 and 'b', not [], None or False, 1 and 0 or 2, not 0 and 1, not (1 or 0) == 1]
membership = ['a' in 'abc', 3 not in [1, 2], 'k' in {'k': 1}, None is None, 1 is not None, 5 in range(0, 10, 5), (1, 2) in [(1, 2)]]
comparisons = [[1, 2] < [1, 3], (1,) < (1, 0), 'a' < 'b', 'Z' < 'a', {'a': 1} == {'a': 1.0}, [1] == (1,), 'é' < 'z', '😀' > '\uffff']


# functions
def plain_function(a, b=2, *rest, c=3, **more):
    """Says what it was given."""
    return [a, b, rest, c, sorted(more.items())]


def early(n: int) -> str:
    for k in range(n):
        if k == 2:
            return f'early {k}'
    return 'late'


def outer(base):
    total = [base]

    def inner(step):
        nonlocal base
        base += step
        total.append(base)
        return base

    inner(1)
    inner(2)
    return total


def counted():
    global calls
    calls += 1


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def nothing(): pass


def positional(a, /, b, *, c):
    return a, b, c


calls = 0
counted()
counted()
results = [plain_function(1), plain_function(1, 5, 6, 7, c=8, d=9), plain_function(*[1, 2, 3], **{'c': 4}), early(5), early(1), outer(10), fib(12), nothing(), positional(1, b=2, c=3)]
double = lambda x, y=2: x * y
lambdas = [double(4), double(4, y=3), (lambda *a, **k: (a, k))(1, b=2), list(map(lambda n: n + 1, [1, 2])), list(filter(None, [0, 1, '', 'a'])), sorted(['bb', 'a'], key=len)]
closures = [f() for f in [lambda n=n: n for n in range(3)]]
late = [f() for f in [lambda: n for n in range(3)]]
greeting = greet('you')

# built-ins
builtins_used = [len('abc'), str(1.0), str(None), repr('a"\'b'), int('42'), int(-3.9), int('ff', 16), int('0x1f', 0 + 16), float('1e3'), float('-inf') < 0, bool([]), abs(-3), abs(-2.5)]
builtins_used += [min(3, 1, 2), max([1, 5, 2]), min(['bb', 'a'], key=len), max([], default='none'), sum([1, 2.5]), sum([[1], [2]], []), round(2.5), round(3.5), round(2.675, 2), round(1234, -2), round(-0.5)]
builtins_used += [sorted('bca'), list(reversed([1, 2, 3])), list(zip([1, 2, 3], 'ab')), list(enumerate('ab')), chr(97), ord('a'), hex(255), bin(5), oct(8), divmod(-7, 2), pow(2, 10), isinstance(1, int), isinstance('a', (int, str)), isinstance(True, int)]
builtins_used += [next(iter([7, 8])), next(iter([]), 'none'), str([1, 'a', (2,), {'k': None}]), str(dict(a=1.5)), repr({1}), str((1,)), str(range(3)), list(range(3)) == [0, 1, 2]]
builtins_used += [list(chain([1], (2,), 'c')), list(product([1, 2], 'ab')), math.ceil(1.2), math.floor(-1.2), math.sqrt(16), osp.join('a', 'b', 'c.txt'), osp.join('a/', '/b'), osp.basename('/x/y.py'), osp.dirname('/x/y.py'), osp.splitext('a/b.tar.gz')]
shared = [[0]] * 2
shared[0].append(1)
deep = deepcopy(nested)
deep['a'][0]['b'][0]['c'] = 2
shallow = copy.copy(lists)
iterator = iter(range(5))
consumed = [next(iterator), list(iterator), list(iterator)]
lazy = (n for n in [1, 2, 3])
lazy_first = next(lazy)
lazy_rest = list(lazy)
del lazy, iterator

# configs
models = [
    dict(
        attr='service',
        type=VLLMCustomAPIChat,
        abbr=f'model-{size}',
        generation_kwargs=dict(temperature=0.0, stop=None, seeds=(1, 2)),
        evaluator=dict(type=AccEvaluator, other=Math),
        helper=postprocessors,
        loader=sets.GSM8KDataset,
    )
    for size in ('7b', '13b')
]
for model in models:
    model['batch_size'] = 8
    model.update(retry=2)
gsm8k_datasets = [dict(abbr='gsm8k', path='p')]
math_datasets = [{**one, 'abbr': 'math'} for one in gsm8k_datasets]
collected = sum([v for k, v in locals().items() if k.endswith('_datasets')], [])
by_globals = [d['abbr'] for k, v in list(globals().items()) if k.endswith('_datasets') for d in v]
globals()['injected_datasets'] = ['x']
_private = 'kept'
