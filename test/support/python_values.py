"""Evaluates configs as CPython does, with what they import stubbed; one JSON line a config.

Reads lines {"path": …} or {"source": …} from stdin and writes {"values": …} or {"error": …}. An imported name is told as
"<dotted path>"; sets in the order of their texts.
"""

import importlib.abc
import importlib.machinery
import json
import math
import sys
import types


class Name:
    def __init__(self, dotted):
        self.dotted = dotted


class Stub(types.ModuleType):
    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Name(f"{self.__name__}.{name}")


class ReadBase:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("ais_bench", "mmengine"):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return Stub(spec.name)

    def exec_module(self, module):
        if module.__name__ == "mmengine.config":
            module.read_base = ReadBase


def data(value):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return ["int", str(value)]
    if isinstance(value, float):
        return ["float", repr(value)]
    if isinstance(value, (list, tuple, range)):
        return [data(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((data(item) for item in value), key=json.dumps)
    if isinstance(value, dict):
        return {"dict": [[key_text(key), data(item)] for key, item in value.items()]}
    if isinstance(value, Name):
        return value.dotted
    if isinstance(value, Stub):
        return value.__name__
    raise TypeError(type(value).__name__)


def key_text(key):
    return key if isinstance(key, str) else {True: "true", False: "false", None: "null"}.get(key, str(key)) if key is None or isinstance(key, bool) else str(key)


def variables(scope):
    code = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, type, Name, types.GenericAlias, types.UnionType)
    return {
        key: value
        for key, value in scope.items()
        if not key.startswith("__") and not isinstance(value, code) and type(value).__module__ != "typing"
    }


def evaluate(request):
    if "source" in request:
        scope = {"__name__": "config"}
        exec(compile(request["source"], "config", "exec"), scope)
        return variables(scope)
    package, _, module = request["path"].rpartition("/")
    sys.path.insert(0, package.rpartition("/")[0])
    name = f"{package.rpartition('/')[2]}.{module.removesuffix('.py')}"
    return variables(vars(importlib.import_module(name)))


sys.meta_path.insert(0, Finder())
sys.dont_write_bytecode = True
for line in sys.stdin:
    try:
        answer = {"values": data(evaluate(json.loads(line)))}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
