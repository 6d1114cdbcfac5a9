"""Replies made of BFCL's right answers and spoilt in many ways, with the verdict of bfcl-eval's own checker.

python bfcl_reference.py DATA CATEGORY SEED REPLIES: writes a JSON line for each reply. Needs the package bfcl-eval and, for it, tenacity
and tree-sitter with its Java and JavaScript grammars; the clients of all its model services are not needed and not loaded.
"""

import json
import random
import sys
import types
from pathlib import Path


class Mapping(dict):
    def __missing__(self, name):
        return types.SimpleNamespace(underscore_to_dot=name == 'tools')


stub = types.ModuleType('bfcl_eval.constants.model_config')
stub.MODEL_CONFIG_MAPPING = Mapping()
sys.modules[stub.__name__] = stub

from bfcl_eval.eval_checker.ast_eval.ast_checker import ast_checker  # noqa: E402
from bfcl_eval.model_handler.utils import default_decode_ast_prompting  # noqa: E402
from bfcl_eval.utils import is_empty_output, is_function_calling_format_output  # noqa: E402

LANGUAGES = {'java': 'Java', 'javascript': 'JavaScript'}


class Source(str):
    """Written as it is, where other values are written by repr."""


def other_value(value, rng):
    """A value near another one: of another type, another form of the same, or a little wrong."""
    choices = [None, True, 7, -3, 2.5, '', 'x', [], {}, (1,), [value], str(value), Source('a_name'), Source('3 * 4')]
    if isinstance(value, bool):
        choices += [not value, int(value), str(value).lower()]
    elif isinstance(value, int):
        choices += [float(value), value + 1, -value, f'{value}', Source(f'{value} + 0'), Source(f'+{value}')]
    elif isinstance(value, float):
        choices += [int(value), value + 0.5, Source(f'{value} / 1'), Source(f'{value}e0')]
    elif isinstance(value, str):
        choices += [value.upper(), value.lower(), value + '.', ' ' + value, value.replace(' ', '_'), value + 'x']
        choices += [value.replace("'", '"'), value.replace(' ', ', '), value[1:], [value], Source('make(1, x)')]
        choices += [Source('Names.FIRST'), Source('items[0]'), Source('make(a=1)'), Source("f'{value}'")]
    elif isinstance(value, list):
        choices += [tuple(value), value[::-1], value[1:], value + value[:1], [str(v) for v in value]]
        if value:
            choices += [[other_value(value[0], rng)] + value[1:]] * 3
    elif isinstance(value, dict):
        keys = list(value)
        choices += [{**value, 'extra': 1}, dict(reversed(value.items())), [value]]
        if keys:
            key = rng.choice(keys)
            choices += [{k: v for k, v in value.items() if k != key}] * 2
            choices += [{**value, key: other_value(value[key], rng)}] * 3
    return rng.choice(choices)


def one_of(right, rng):
    """A value that is right; in dicts each key has a list of right values again."""
    value = rng.choice(right) if right else None
    if isinstance(value, dict):
        picked = {key: rng.choice(values) if isinstance(values, list) and values else values for key, values in value.items()}
        return {key: one for key, one in picked.items() if one != '' or rng.random() < 0.3}
    if isinstance(value, list):
        return [one_of([item], rng) if isinstance(item, dict) else item for item in value]
    return value


def calls_of(answer, rng, spoil):
    calls = []
    for expected in answer:
        [(name, params)] = expected.items()
        args = {}
        for key, right in params.items():
            value = one_of(right, rng)
            if value == '' and '' in right and rng.random() < 0.9:
                continue
            args[key] = value
        calls.append([name, args])
    for _ in range(spoil):
        spoil_call(calls, rng)
    return calls


def spoil_call(calls, rng):
    if not calls:
        calls.append(['made_up', {}])
        return
    call = rng.choice(calls)
    keys = list(call[1])
    what = rng.random()
    if what < 0.6 and keys:
        key = rng.choice(keys)
        call[1][key] = other_value(call[1][key], rng)
    elif what < 0.7 and keys:
        del call[1][rng.choice(keys)]
    elif what < 0.76:
        call[1][rng.choice(['extra', 'unit', 'name'])] = rng.choice([1, 'x', None])
    elif what < 0.82:
        call[0] = rng.choice([call[0].upper(), call[0].replace('.', '_'), call[0].split('.')[-1], call[0] + '2'])
    elif what < 0.9:
        calls.remove(call)
    elif what < 0.95:
        calls.append(json.loads(json.dumps([call[0], {}])))
    else:
        rng.shuffle(calls)


def written(value):
    if isinstance(value, Source):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(written, value))},)"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{written(k)}: {written(v)}' for k, v in value.items())}}}"
    return repr(value)


def literal(value, language):
    """An argument as Java or JavaScript writes it."""
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, dict):
        if language == 'Java':
            puts = ' '.join(f'put("{k}", {literal(v, language)});' for k, v in value.items())
            return f'new HashMap<String, Object>() {{{{ {puts} }}}}'
        return '{' + ', '.join(f'"{k}": {literal(v, language)}' for k, v in value.items()) + '}'
    if isinstance(value, (list, tuple)):
        items = ', '.join(literal(one, language) for one in value)
        if language == 'Java':
            return f'new String[]{{{items}}}'
        return f'[{items}]'
    return 'null' if value is None else f'"{value}"'


def as_text(value, language, rng):
    """The text that holds an argument in a tool call of Java or JavaScript."""
    if rng.random() < 0.1:
        return value
    if isinstance(value, str):
        return value if rng.random() < 0.7 else literal(value, language)
    suffixes = ['', '', 'L', 'f', 'n', 'd'] if isinstance(value, (int, float)) else ['']
    text = literal(value, language) + rng.choice(suffixes)
    if language == 'Java' and isinstance(value, (list, tuple)) and rng.random() < 0.6:
        items = [literal(one, language) for one in value]
        text = rng.choice([
            f"new ArrayList<>(Arrays.asList({', '.join(items)}))",
            'new ArrayList<String>() {{ ' + ' '.join(f'add({one});' for one in items) + ' }}',
            'new ArrayList<Integer>()',
            f"new int[]{{{', '.join(items)}}}",
            f"new Integer[] {{ {' , '.join(items)} }}",
        ])
    if language == 'JavaScript' and isinstance(value, list) and rng.random() < 0.3:
        text = f"new Array({', '.join(literal(one, language) for one in value)})"
    return text


def text_reply(calls, language, rng):
    if language == 'Python':
        texts = [f"{name}({', '.join(f'{k}={written(v)}' for k, v in args.items())})" for name, args in calls]
    else:
        write = lambda v: literal(v, language) if not isinstance(v, str) or rng.random() < 0.6 else str(v)
        texts = [f"{name}({', '.join(f'{k}={write(v)}' for k, v in args.items())})" for name, args in calls]
    text = f"[{', '.join(texts)}]"
    what = rng.random()
    if what < 0.5:
        return text
    spoilt = rng.choice([
        text[1:-1], f'```\n{text}\n```', f'```python\n{text}\n```', f'Sure: {text}', f'{text} is what I call.',
        text + '\n', '\n' + text, text.replace('(', '( '), text.replace(', ', ',\n'), text[:-1], text[1:], text + ';',
        text.replace("'", '"'), text.replace('=', ' = '), '[ ' + text[1:], '[\n' + text[1:-1] + '\n]', f'"{text}"',
        text.replace('(', '(1, ', 1), text.replace(')', ',)', 1), text.replace(')', ', **more)', 1), f'({text})',
        '{' + text[1:-1] + '}', text[1:-1] + ',', text.replace(')', ')()', 1), f"'{text}'", 'I cannot help.', '', '[]', '[[]]',
        text.replace('=', '=-', 1), text.replace('=', '=not ', 1), text + '  # a comment', text.replace(', ', ', \\\n'),
    ])
    if what > 0.85 and spoilt:
        at = rng.randrange(len(spoilt))
        spoilt = spoilt[:at] + rng.choice(['', ')', '(', ',', "'", '"', '=', '\n', ' ', '1', 'é']) + spoilt[at + 1:]
    return spoilt


def tool_reply(calls, language, rng):
    made = []
    for name, args in calls:
        if language != 'Python':
            args = {key: as_text(value, language, rng) for key, value in args.items()}
        tool = name.replace('.', '_') if rng.random() < 0.95 else name
        text = json.dumps(args)
        if rng.random() < 0.05:
            text = rng.choice([text[:-1], '', '[]', '"x"', text + ' ', text.replace(': ', ':'), 'null', '{"a": NaN}'])
        made.append({'name': tool, 'arguments': text})
    return made


def verdict(entry, answer, kind, reply, category):
    language = LANGUAGES.get(category, 'Python')
    try:
        if kind == 'text':
            decoded = default_decode_ast_prompting(reply, language)
        else:
            decoded = [{call['name']: json.loads(call['arguments'])} for call in reply]
    except Exception:
        decoded = None
    if 'relevance' in category:
        has_call = decoded is not None and not is_empty_output(decoded)
        return {'valid': has_call != ('irrelevance' in category)}
    if decoded is None:
        return {'valid': False, 'type': 'ast_decoder:decoder_failed'}
    if not is_function_calling_format_output(decoded):
        return {'valid': False, 'type': 'ast_decoder:decoder_wrong_output_format'}
    try:
        result = ast_checker(entry['function'], decoded, answer, language, category, kind)
    except Exception as error:
        return {'valid': False, 'type': f'crash: {type(error).__name__}: {error}'}
    return {'valid': result['valid'], 'type': result.get('error_type')}


def lines(file):
    return [json.loads(line) for line in file.read_text().splitlines() if line.strip()]


def main():
    data, category, seed, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    entries = lines(data / f'BFCL_v3_{category}.json')
    language = LANGUAGES.get(category, 'Python')
    answers = {}
    if 'relevance' not in category:
        answers = {row['id']: row['ground_truth'] for row in lines(data / 'possible_answer' / f'BFCL_v3_{category}.json')}
    for entry in entries:
        for number in range(count):
            rng = random.Random(f'{seed} {entry["id"]} {number}')
            answer = answers.get(entry['id'], [{fn['name']: {}} for fn in entry['function'][:1]])
            calls = calls_of(answer, rng, 0 if number == 0 else rng.choice([0, 1, 1, 1, 2]))
            for kind in ['text', 'tools']:
                reply = text_reply(calls, language, rng) if kind == 'text' else None
                if kind == 'tools':
                    try:
                        reply = tool_reply(calls, language, rng)
                    except TypeError:
                        continue
                judged = verdict(entry, answer, kind, reply, category)
                print(json.dumps({'id': entry['id'], 'kind': kind, 'reply': reply, **judged}))


main()
