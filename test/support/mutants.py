"""
Reads `[{"program": …, "name": …}, …]` and writes, for each, programs in which one operator of that function is another one:
comparisons, arithmetic, `and` and `or`; behind them those with a changed `+=`, which often never end, a lost or added `not`
or a changed number. Programs without the function give an empty list.
"""

import ast
import copy
import json
import sys

SWAPS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitOr, ast.LShift: ast.RShift,
    ast.RShift: ast.LShift, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE,
    ast.LtE: ast.Gt, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or,
    ast.Or: ast.And,
}  # fmt: skip


def changed(node):
    """This node with another operator; None where it has none."""
    if isinstance(node, (ast.BinOp, ast.AugAssign, ast.BoolOp)) and type(node.op) in SWAPS:
        node.op = SWAPS[type(node.op)]()
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        node.ops[0] = SWAPS[type(node.ops[0])]()
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node.op = ast.UAdd()
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return node.operand
    elif isinstance(node, (ast.If, ast.While, ast.IfExp)):
        node.test = ast.UnaryOp(ast.Not(), node.test)
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        node.value += 1
    elif isinstance(node, ast.Return) and node.value is not None:
        node.value = ast.UnaryOp(ast.Not(), node.value)
    else:
        return None
    return node


class At(ast.NodeTransformer):
    """Changes the node of that number, counted as they are walked."""

    def __init__(self, number):
        self.left = number
        self.done = False
        self.swapped = False

    def visit(self, node):
        self.left -= 1
        if self.left == -1:
            self.swapped = isinstance(node, (ast.BinOp, ast.BoolOp, ast.Compare))
            other = changed(node)
            self.done = other is not None
            return other or node
        return super().generic_visit(node)


def mutants(program, name):
    tree = ast.parse(program)
    places = [n for n, node in enumerate(tree.body) if getattr(node, "name", None) == name]
    if not places:
        return []
    found, others = {}, {}
    for number in range(sum(1 for _ in ast.walk(tree.body[places[-1]]))):
        other = copy.deepcopy(tree)
        at = At(number)
        other.body[places[-1]] = at.visit(other.body[places[-1]])
        if at.done:
            (found if at.swapped else others)[ast.unparse(ast.fix_missing_locations(other))] = None
    whole = ast.unparse(tree)
    return [one for one in dict.fromkeys([*found, *others]) if one != whole]


print(json.dumps([mutants(one["program"], one["name"]) for one in json.load(sys.stdin)]))
