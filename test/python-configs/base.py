base_models = [dict(abbr='base', n=n) for n in range(2)]
_hidden = 1
base_suffix = '!'


def greet(who):
    return f'hello {who}{base_suffix}'
