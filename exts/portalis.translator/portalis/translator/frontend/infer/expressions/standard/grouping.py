"""`itertools.groupby`: keys with the list of what has them, where nobody can tell it from an iterator (`read/groups.py`)."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.making import hold
from portalis.translator.frontend.facts.model import Fact, Known, Looped, Step, Tested, Unknown
from portalis.translator.frontend.infer.expressions.functions.called import call_for_each
from portalis.translator.frontend.infer.expressions.looping import captured
from portalis.translator.frontend.infer.expressions.standard.producing import Over, negated, no, produced, put, unset, variable, yes
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.references.building import append_to, begin_list
from portalis.translator.frontend.types.references.streams import Stream
from portalis.translator.frontend.types.sequences import make_tuple
from portalis.translator.frontend.types.sequences.comparing import same_or_equal
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.instances import asks_a_class


def _key_of(infer: FunctionInference, node: ast.Call, over: Over) -> ast.expr | Unknown | None:
    """Return the function that gives the keys, None where the elements are their own; or refuse the call."""
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    if not 1 <= len(node.args) <= 2 or keywords.keys() - {"key"} or (keywords and len(node.args) == 2):
        return infer.refuse("P0310", node, "`groupby` is not called like this here", "see Python's documentation of it")
    if id(node) not in infer.names.grouping or over.fuses(infer, node.args[0]):
        help = "write `for key, group in groupby(values)` and use `group` once, in list(group) or the like"
        return infer.refuse("P0312", node, "groups that are kept, read twice or made of what is computed are not translated", help)
    function = keywords.get("key") or (node.args[1] if len(node.args) == 2 else None)
    if isinstance(function, ast.Constant) and function.value is None:
        infer.names.scope.visited.add(id(function))
        return None
    return function


def grouped(infer: FunctionInference, node: ast.Call, steps: list[Step], over: Over) -> Stream | Unknown:
    """Go over `groupby(values)` or `groupby(values, key)`."""
    function = _key_of(infer, node, over)
    stream, span = function if isinstance(function, Unknown) else over(infer, node.args[0], steps), infer.span(node)
    if isinstance(function, Unknown) or isinstance(stream, Unknown):
        return next(one for one in (function, stream) if isinstance(one, Unknown))

    def taken(inside: list[Step]) -> tuple[Fact, Fact]:
        item = stream.take(inside)
        if isinstance(item, Unknown) or function is None:
            return item, item
        held = hold(infer, item, "item", inside)
        with captured(infer, inside):
            key = call_for_each(infer, node, function, [held])
        return held, key if isinstance(key, Unknown) else hold(infer, key, "key", inside)

    stream.test()
    item, key = taken([])
    if isinstance(item, Unknown) or isinstance(key, Unknown):
        return next(one for one in (item, key) if isinstance(one, Unknown))
    ahead, key_ahead, current = (unset(infer, span, name, one.type, steps) for name, one in (("ahead", item), ("key", key), ("of", key)))
    begun, more = variable(infer, span, "begun", no(span), steps), variable(infer, span, "more", no(span), steps)

    def following() -> tuple[Step, Step] | Unknown:
        """Return the steps that take the next element, where there is one."""
        test, inside = stream.test(), list[Step]()
        item, key = taken(inside)
        if isinstance(item, Unknown) or isinstance(key, Unknown):
            return item if isinstance(item, Unknown) else key if isinstance(key, Unknown) else Unknown(None)
        inside += [put(ahead, coerced(infer, item, ahead.type)), put(key_ahead, coerced(infer, key, key_ahead.type))]
        return put(more, test), Tested(span, more, tuple(inside))

    def advance(body: list[Step], found: Known) -> Fact:
        first, next_ones = following(), following()
        if isinstance(first, Unknown) or isinstance(next_ones, Unknown):
            return first if isinstance(first, Unknown) else next_ones if isinstance(next_ones, Unknown) else Unknown(None)
        body.append(Tested(span, negated(begun), (*first, put(begun, yes(span)))))
        body += [put(found, more), put(current, key_ahead)]
        group = begin_list(infer, node, body)
        if isinstance(group, Unknown):
            return group
        going = variable(infer, span, "going", more, body)
        inside: list[Step] = []
        failed = append_to(infer, node, group, ahead, inside)
        asks = asks_a_class(current.type)
        same = infer.library(node, "grouping", "goes_on", [current, key_ahead]) if asks else same_or_equal(infer, node, current, key_ahead)
        if failed is not None or isinstance(same, Unknown):
            return failed or same
        inside += [*next_ones, put(going, more), Tested(span, more, (put(going, same),))]
        body.append(Looped(span, going, tuple(inside)))
        return make_tuple(infer, node, [current, group])

    made = produced(infer, span, advance)

    def take(steps_of_round: list[Step]) -> Fact:
        found = made.take(steps_of_round)
        return found if isinstance(found, Unknown) else hold(infer, found, "group", steps_of_round)

    return Stream(made.test, take)
