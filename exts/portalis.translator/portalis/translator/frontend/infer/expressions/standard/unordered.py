"""What comes in an order that nobody knows, as the elements of a set of texts do, and is put in one: equal keys would let it show."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from portalis.translator.frontend.facts.model import Fact, Known, Step, Stopped, Tested, Unknown
from portalis.translator.frontend.infer.expressions.objects.sets import varies
from portalis.translator.frontend.infer.expressions.standard.producing import negated, no, put, unset, yes
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.sequences.comparing import compares_quietly
from portalis.translator.ir.types import (
    BOOL,
    FLOAT,
    INT,
    NEVER,
    NONE,
    OCTETS,
    TEXT,
    WIDE,
    DictRef,
    ListRef,
    SetRef,
    TupleType,
    Type,
    holds_set,
)

# What a key may call of values that only plain things are made of: it does nothing but compute.
_QUIET = frozenset(("abs", "all", "any", "bool", "len", "max", "min", "set", "sorted", "str", "sum", "tuple", "zip"))
_QUIET_METHODS = frozenset(
    (
        *("casefold", "count", "endswith", "find", "get", "isalnum", "isalpha", "isdigit", "islower", "isspace", "isupper"),
        *("lower", "lstrip", "replace", "rfind", "rstrip", "split", "startswith", "strip", "swapcase", "title", "upper"),
    )
)
_TIED = "elements of a set with one key, of which CPython takes the one that it comes to first"


def is_in_any_order(infer: FunctionInference, gone_over: Sequence[ast.expr]) -> bool:
    """Tell whether one of the expressions that are gone over, all of them inferred, is a set whose order nobody knows."""
    return any(varies(infer, one) for one in gone_over)


def require_distinct(infer: FunctionInference, node: ast.AST, item: Type, gone_over: Sequence[ast.expr]) -> Unknown | None:
    """Refuse to order what came in an order that nobody knows where two elements that are equal can be told apart."""
    if is_told_by_value(item) or not is_in_any_order(infer, gone_over):
        return None
    return infer.refuse("P0230", node, f"equal elements of {ListRef(item)} would keep an order that is not known", "order ints or texts")


def is_told_by_value(type_: Type) -> bool:
    """Tell whether two values of a type that are equal are the same to whoever looks at them."""
    return type_ in (INT, BOOL, TEXT, OCTETS, NEVER) or (isinstance(type_, TupleType) and all(map(is_told_by_value, type_.items)))


def require_quiet(infer: FunctionInference, node: ast.Call, key: ast.expr) -> Unknown | None:
    """Refuse a key that may do more than compute: it is asked for elements in an order that is not known."""
    if _is_place_among_all(infer, node, key):
        return None
    body = key.body if isinstance(key, ast.Lambda) else key
    parts = list(ast.walk(body))
    called = [part.func for part in parts if isinstance(part, ast.Call)]
    if not isinstance(key, ast.Lambda):
        called.append(key)
    methods = all(any(part is function for function in called) for part in parts if isinstance(part, ast.Attribute))
    bound = {name.arg for name in key.args.args} if isinstance(key, ast.Lambda) else set()
    quiet = methods and all(is_quiet(infer, function) for function in called) and may_raise(parts) < 2
    if quiet and not any(isinstance(part, ast.NamedExpr | ast.Lambda) for part in parts) and reads_plain_things(infer, parts, bound):
        # Which missing key CPython names in its KeyError depends on the order.
        infer.uses.asked_in_any_order |= {id(part): False for part in parts if isinstance(part, ast.Subscript)}
        return None
    said = "the order in which this key is asked for elements of a set is not known"
    return infer.refuse("P0230", node, said, "sort the set before, or compute the key without calls")


def _is_place_among_all(infer: FunctionInference, node: ast.Call, key: ast.expr) -> bool:
    """Tell whether elements of `set(values)` are asked by `key=values.index`, which finds each of them."""
    match key, node.args:
        case ast.Attribute(value=ast.Name(id=name), attr="index"), [ast.Call(func=ast.Name(id="set"), args=[ast.Name(id=other)])]:
            return name == other and not infer.shadows("set") and reads_plain_things(infer, [key.value], set())
        case _:
            return False


def is_quiet(infer: FunctionInference, function: ast.expr) -> bool:
    """Tell whether calling what an expression names, with plain things, does nothing but compute."""
    if isinstance(function, ast.Name):
        return function.id in _QUIET and not infer.shadows(function.id)
    return isinstance(function, ast.Attribute) and function.attr in _QUIET_METHODS


def may_raise(parts: Iterable[ast.AST]) -> int:
    """Return how many different errors the parts of an expression may raise: of two, which comes first depends on the order."""
    parts = list(parts)
    asked = [part for part in parts if isinstance(part, ast.Subscript) and not isinstance(part.slice, ast.Slice)]
    return len({ast.dump(part.value) for part in asked}) + sum(map(_may_raise, parts))


def _may_raise(node: ast.AST) -> bool:
    match node:
        case ast.BinOp(op=ast.Div() | ast.FloorDiv() | ast.Mod() | ast.Pow() | ast.LShift() | ast.RShift(), right=right):
            return not (isinstance(right, ast.Constant) and right.value)
        case ast.AugAssign(op=ast.Div() | ast.FloorDiv() | ast.Mod() | ast.Pow() | ast.LShift() | ast.RShift()):
            return True
        case ast.Call(func=ast.Name(id="max" | "min"), args=args, keywords=keywords):
            return len(args) < 2 and not keywords
        case ast.Call(func=ast.Attribute(attr="split" | "count" | "get"), args=args):
            return any(not isinstance(one, ast.Constant | ast.Name) or one.__dict__.get("value") == "" for one in args)
        case _:
            return False


def reads_plain_things(infer: FunctionInference, parts: Sequence[ast.AST], bound: set[str]) -> bool:
    """Tell whether the names that are read, but for `bound` ones and those of comprehensions, are of numbers, texts, and what holds those.

    Asking anything else, an iterator or an object of the program's own, may change what it says the next time.
    """
    stored = {part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    for part in parts:
        if not (isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)):
            continue
        binding = infer.live.names.get(part.id)
        if binding is None and (part.id in bound | stored or is_quiet(infer, part)):
            continue
        known = binding or infer.expression(part)
        if isinstance(known, Unknown) or not _is_plain(known.type):
            return False
    return True


def _is_plain(type_: Type) -> bool:
    if isinstance(type_, TupleType):
        held = type_.items
    elif isinstance(type_, ListRef | SetRef):
        held = (type_.item,)
    elif isinstance(type_, DictRef):
        held = (type_.key, type_.value)
    else:
        return type_ in (BOOL, FLOAT, INT, NEVER, NONE, OCTETS, TEXT, WIDE)
    return all(map(_is_plain, held))


def tells_apart(infer: FunctionInference, node: ast.AST, key: Type) -> Unknown | None:
    """Refuse keys whose comparison does more than tell which is the lesser one."""
    if compares_quietly(key) and not holds_set(key):
        return None
    return infer.refuse("P0230", node, f"{key} orders elements that come in an order that is not known", "order by ints or texts")


class Ties:
    """Whether the best element of those that came in any order shares its key with another one."""

    def __init__(self, infer: FunctionInference, node: ast.AST, steps: list[Step]) -> None:
        self._infer, self._node = infer, node
        self._tied = unset(infer, infer.span(node), "tied", BOOL, steps, 0)

    def forgotten(self) -> Step:
        """Return the step for a better element."""
        return put(self._tied, no(self._tied.span))

    def noted(self, taken: Known, element: Known, key: Known, best: Sequence[Known]) -> Sequence[Step] | Unknown:
        """Return the steps for an element that is not `taken` as the best one, which `best` is with its key."""
        infer, node, span = self._infer, self._node, self._tied.span
        facts: list[Fact] = [infer.compare(node, "eq", key, best[1]), infer.compare(node, "eq", element, best[0])]
        itself = infer.compare(node, "eq", key, key)
        found = [fact for fact in (*facts, itself) if isinstance(fact, Known)]
        if len(found) < 3:
            return next(fact for fact in (*facts, itself) if isinstance(fact, Unknown))
        same_key, same, ordered = found
        tied = Tested(span, same_key, (Tested(span, negated(same), (put(self._tied, yes(span)),)),))
        nan = Tested(span, negated(ordered), (Stopped(span, "a key that is a NaN"),))
        return nan, Tested(span, negated(taken), (tied,))

    def stopped(self) -> Step:
        """Return the step after all elements: a tie would be decided by the order."""
        return Tested(self._tied.span, self._tied, (Stopped(self._tied.span, _TIED),))
