"""Where the groups of `itertools.groupby` are gone over at once: then each is as good as a list."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from portalis.translator.frontend.read.tree import child_nodes, walk

_CONSUMING = frozenset(("all", "any", "frozenset", "list", "max", "min", "set", "sorted", "sum", "tuple"))
_CHANGING = frozenset(("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"))


def grouping_calls(definition: ast.FunctionDef) -> dict[int, bool]:
    """Return the identities of the calls that `for key, group in call` goes over, where the group is read once in a round, if at all, by
    something that goes over all of it, and nothing in the round changes what is grouped; each with whether that is before anything else.
    """
    found: dict[int, bool] = {}
    for node in walk(definition):
        match node:
            case ast.For(target=target, iter=ast.Call() as call, body=body, orelse=[]):
                if _is_read_once(target, body) and not _changes(call, body):
                    found[id(call)] = _reaches(body[0], _group_name(target)) == "read"
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                for number, clause in enumerate(node.generators):
                    rest = node.generators[number + 1 :]
                    elements = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
                    inner: list[ast.AST] = [*clause.ifs]
                    if rest:
                        inner += [rest[0].iter, *(_Repeated(part) for one in rest for part in (*one.ifs, *elements))]
                        inner += [_Repeated(one.iter) for one in rest[1:]]
                        inner = _joined_iterable(clause.target, rest[0].iter, inner)
                    else:
                        inner += elements
                    if isinstance(clause.iter, ast.Call) and _is_read_once(clause.target, inner) and not _changes(clause.iter, inner):
                        reached = "acts" if rest else _in_order(inner, _group_name(clause.target))
                        found[id(clause.iter)] = reached == "read" or (reached == "nothing" and not isinstance(node, ast.GeneratorExp))
    return found


# What a part of a round does: it reads all of the group before anything can be seen, something that can be seen, or neither.
Reached: TypeAlias = Literal["read", "acts", "nothing"]


def _in_order(parts: Sequence[ast.AST], name: str | None) -> Reached:
    found: Reached = "nothing"
    for part in parts:
        found = _reaches(part, name) if found == "nothing" else found
    return found


def _reaches(node: ast.AST, name: str | None) -> Reached:
    """Tell what comes first where a part of a round is evaluated; what is not known acts."""
    match node:
        case ast.Constant():
            return "nothing"
        case ast.Name(id=found):
            return "acts" if found == name else "nothing"
        case ast.Call(func=ast.Name(id="list" | "tuple" | "sorted"), args=[ast.Name(id=found)], keywords=[]) if found == name:
            return "read"
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join"), args=[ast.Name(id=found)], keywords=[]) if found == name:
            return "read"
        case ast.ListComp(elt=ast.Name() | ast.Constant(), generators=[clause]) if _is_plain(clause, name):
            return "read"
        case ast.GeneratorExp(elt=ast.Constant(), generators=[clause]) if _is_plain(clause, name):
            return "read"
        case ast.Tuple() | ast.List():
            return _in_order(node.elts, name)
        case ast.Call(func=function, args=args, keywords=keywords):
            owner = function.value if isinstance(function, ast.Attribute) else function
            return _before_acting([owner, *args, *(one.value for one in keywords)], name)
        case ast.BinOp(left=left, right=right):
            return _before_acting([left, right], name)
        case ast.Compare(left=left, comparators=[right]):
            return _before_acting([left, right], name)
        case (
            ast.Expr(value=value)
            | ast.Assign(value=value)
            | ast.AugAssign(target=ast.Name(), value=value)
            | ast.Return(value=ast.expr() as value)
        ):
            return _before_acting([value], name)
        case _:
            return "acts"


def _is_plain(clause: ast.comprehension, name: str | None) -> bool:
    """Tell whether a clause of a comprehension goes over the group itself, and does nothing else."""
    return isinstance(clause.iter, ast.Name) and clause.iter.id == name and isinstance(clause.target, ast.Name) and not clause.ifs


def _before_acting(parts: Sequence[ast.AST], name: str | None) -> Reached:
    found = _in_order(parts, name)
    return "acts" if found == "nothing" else found


class _Repeated(ast.AST):
    """What is evaluated more than once in a round."""

    def __init__(self, node: ast.AST) -> None:
        self.node = node


def _joined_iterable(target: ast.expr, iterable: ast.expr, inner: list[ast.AST]) -> list[ast.AST]:
    """Let the group itself, where a further clause goes over it, count as read by something that goes over all of it."""
    name = _group_name(target)
    if isinstance(iterable, ast.Name) and iterable.id == name:
        position = inner.index(iterable)
        inner[position] = ast.Call(ast.Name("list", ast.Load()), [iterable], [])
    return inner


def _group_name(target: ast.expr) -> str | None:
    match target:
        case ast.Tuple(elts=[_, ast.Name(id=name)]):
            return name
        case _:
            return None


def _is_read_once(target: ast.expr, parts: list[ast.stmt] | list[ast.AST]) -> bool:
    name = _group_name(target)
    if name is None or (name in {node.id for node in walk(target) if isinstance(node, ast.Name)} and _twice(target, name)):
        return False
    reads = [read for part in parts for read in _reads(part, name, False, False)]
    return len(reads) <= 1 and all(reads)


def _twice(target: ast.expr, name: str) -> bool:
    return sum(isinstance(node, ast.Name) and node.id == name for node in walk(target)) > 1


def _reads(node: ast.AST, name: str, consumed: bool, repeated: bool) -> Iterator[bool]:
    """Yield for each use of a name whether it is one that goes over all of it, once."""
    match node:
        case _Repeated():
            yield from _reads(node.node, name, False, True)
        case ast.Name(id=found):
            if found == name:
                yield consumed and not repeated and isinstance(node.ctx, ast.Load)
        case ast.Call(func=ast.Name(id=function), args=[argument], keywords=keywords) if function in _CONSUMING:
            yield from _reads(argument, name, True, repeated)
            for keyword in keywords:
                yield from _reads(keyword.value, name, False, repeated)
        case ast.Call(func=ast.Attribute(value=owner, attr="join"), args=[argument], keywords=[]):
            yield from _reads(owner, name, False, repeated)
            yield from _reads(argument, name, True, repeated)
        case ast.For():
            yield from _reads(node.iter, name, True, repeated)
            for part in (node.target, *node.body, *node.orelse):
                yield from _reads(part, name, False, True)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            first = node.generators[0]
            yield from _reads(first.iter, name, True, repeated)
            for inner in child_nodes(node):
                for part in child_nodes(inner) if isinstance(inner, ast.comprehension) else [inner]:
                    if part is not first.iter:
                        yield from _reads(part, name, False, True)
        case ast.While() | ast.Lambda() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            for inner in child_nodes(node):
                yield from _reads(inner, name, False, True)
        case _:
            for inner in child_nodes(node):
                yield from _reads(inner, name, False, repeated)


def _changes(call: ast.Call, parts: list[ast.stmt] | list[ast.AST]) -> bool:
    """Tell whether something in a round could change the list that is grouped: that is no new one, and something is changed in place."""
    source = call.args[0] if call.args else None
    if isinstance(source, ast.Call | ast.ListComp | ast.Constant | ast.JoinedStr):
        return False
    for part in parts:
        for node in walk(part.node if isinstance(part, _Repeated) else part):
            if isinstance(node, ast.Attribute) and node.attr in _CHANGING and not _is_other(node.value, source):
                return True
            if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load) and not _is_other(node.value, source):
                return True
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not hasattr(builtins, node.func.id):
                return True
    return False


def _is_other(node: ast.expr, source: ast.expr | None) -> bool:
    return isinstance(node, ast.Name) and isinstance(source, ast.Name) and node.id != source.id
