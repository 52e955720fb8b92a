"""What comes in an order that nobody knows, as the elements of a set of texts do, and is put in one: equal keys would let it show."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.model import Fact, Known, Step, Stopped, Tested, Unknown
from portalis.translator.frontend.infer.expressions.objects.sets import varies
from portalis.translator.frontend.infer.expressions.standard.producing import negated, no, put, unset, yes
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.sequences.comparing import compares_quietly
from portalis.translator.ir.types import BOOL, INT, NEVER, OCTETS, TEXT, ListRef, TupleType, Type, holds_set

# What a key may call: it does nothing but compute, and raises the same whichever element comes first.
_QUIET = frozenset(("abs", "all", "any", "bool", "len", "max", "min", "ord", "round", "set", "sorted", "str", "sum", "tuple", "zip"))
_QUIET_METHODS = frozenset(
    (
        *("casefold", "count", "endswith", "find", "get", "index", "isalnum", "isalpha", "isdigit", "islower", "isspace", "isupper"),
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


def require_quiet(infer: FunctionInference, node: ast.AST, key: ast.expr) -> Unknown | None:
    """Refuse a key that may do more than compute: it is asked for elements in an order that is not known."""
    quiet = not isinstance(key, ast.Name) or is_quiet(infer, key)
    for inner in ast.walk(key.body if isinstance(key, ast.Lambda) else key):
        if isinstance(inner, ast.Call | ast.NamedExpr | ast.Lambda):
            quiet = quiet and isinstance(inner, ast.Call) and is_quiet(infer, inner.func)
        elif isinstance(inner, ast.Subscript):
            # Which missing key CPython names in its KeyError depends on the order.
            infer.uses.asked_in_any_order[id(inner)] = False
    if quiet and (not isinstance(key, ast.Attribute) or key.attr in _QUIET_METHODS):
        return None
    said = "the order in which this key is asked for elements of a set is not known"
    return infer.refuse("P0230", node, said, "sort the set before, or compute the key without calls")


def is_quiet(infer: FunctionInference, function: ast.expr) -> bool:
    """Tell whether calling what an expression names does nothing but compute, and raises the same whichever element it is given."""
    if isinstance(function, ast.Name):
        return function.id in _QUIET and not infer.shadows(function.id)
    return isinstance(function, ast.Attribute) and function.attr in _QUIET_METHODS


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
