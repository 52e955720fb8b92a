"""`itertools.groupby`: keys with the list of what has them, where nobody can tell it from an iterator (`read/groups.py`)."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.making import MADE, hold
from portalis.translator.frontend.facts.model import Fact, Known, Looped, Step, Tested, Unknown, first_unknown
from portalis.translator.frontend.infer.expressions.functions.called import call_for_each
from portalis.translator.frontend.infer.expressions.looping import captured
from portalis.translator.frontend.infer.expressions.standard.producing import Over, negated, no, produced, put, unset, variable, yes
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.references.building import append_to, begin_list
from portalis.translator.frontend.types.references.streams import Stream, generator_stream
from portalis.translator.frontend.types.sequences import make_tuple
from portalis.translator.frontend.types.sequences.comparing import same_or_equal
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.instances import asks_a_class
from portalis.translator.ir.types import ListRef, TextType, TupleType


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
    if isinstance(function, Unknown):
        return function
    if not infer.names.grouping[id(node)] and _can_be_seen(infer, node, function):
        return _one_by_one(infer, node, function, steps)
    begin = len(steps)
    stream = over(infer, node.args[0], steps)
    if isinstance(stream, Unknown):
        return stream
    stream.test()
    item, key = _taken(infer, node, function, stream, [])
    if isinstance(item, Unknown) or isinstance(key, Unknown):
        return next(one for one in (item, key) if isinstance(one, Unknown))
    if asks_a_class(key.type):
        del steps[begin:]
        return _one_by_one(infer, node, function, steps)
    return _gathered(infer, node, function, stream, (item, key), steps)


def _taken(infer: FunctionInference, node: ast.Call, function: ast.expr | None, stream: Stream, inside: list[Step]) -> tuple[Fact, Fact]:
    """Take an element, and ask for its key."""
    item = stream.take(inside)
    if isinstance(item, Unknown) or function is None:
        return item, item
    held = hold(infer, item, "item", inside)
    with captured(infer, inside):
        key = call_for_each(infer, node, function, [held])
    return held, key if isinstance(key, Unknown) else hold(infer, key, "key", inside)


def _gathered(
    infer: FunctionInference, node: ast.Call, function: ast.expr | None, stream: Stream, first: tuple[Known, Known], steps: list[Step]
) -> Stream:
    """Go over keys with lists of what has them, where nobody can see that a list is made at once."""
    (item, key), span = first, infer.span(node)
    ahead, key_ahead, current = (unset(infer, span, name, one.type, steps) for name, one in (("ahead", item), ("key", key), ("of", key)))
    begun, more = variable(infer, span, "begun", no(span), steps), variable(infer, span, "more", no(span), steps)

    def following() -> tuple[Step, Step] | Unknown:
        """Return the steps that take the next element, where there is one."""
        test, inside = stream.test(), list[Step]()
        item, key = _taken(infer, node, function, stream, inside)
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
        same = same_or_equal(infer, node, current, key_ahead)
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


def _can_be_seen(infer: FunctionInference, node: ast.Call, function: ast.expr | None) -> bool:
    """Tell whether somebody may see when an element is taken, asked for its key and compared."""
    if function is not None:
        return True
    taken = infer.attempt(lambda: infer.expression(node.args[0])).fact
    return not (isinstance(taken, Known) and isinstance(taken.type, ListRef | TextType | TupleType) and not asks_a_class(taken.type))


def _one_by_one(infer: FunctionInference, node: ast.Call, function: ast.expr | None, steps: list[Step]) -> Stream | Unknown:
    """Go over the groups as CPython does: each element is taken, and asked for its key, when its group is asked for it."""
    if function is None:
        function = _placed(ast.parse("lambda item: item", mode="eval").body, node)
    iterator = _placed(ast.Call(ast.Name("iter", ast.Load()), node.args[:1], []), node)
    given = [iterator, function, _placed(ast.List([], ast.Load()), node, 1), _placed(ast.List([], ast.Load()), node, 2)]
    with captured(infer, steps):
        values = [infer.expression(one) for one in given]
    unknown = first_unknown(*values)
    if unknown is not None:
        return unknown
    held = [hold(infer, one, "grouped", steps) for one in values if isinstance(one, Known)]
    with captured(infer, steps):
        made = infer.written(node, "groups", held)
    stream = made if isinstance(made, Unknown) else generator_stream(infer, made, steps)
    if isinstance(stream, Unknown):
        return stream

    def take(body: list[Step]) -> Fact:
        key = stream.take(body)
        with captured(infer, body):
            group = infer.written(node, "group", held)
        if isinstance(key, Unknown) or isinstance(group, Unknown):
            return key if isinstance(key, Unknown) else group
        found = make_tuple(infer, node, [key, hold(infer, group, "group", body)])
        return found if isinstance(found, Unknown) else hold(infer, found, "group", body)

    return Stream(stream.test, take)


def _placed(made: ast.expr, node: ast.Call, number: int = 0) -> ast.expr:
    """Return an expression that stands where a call does; objects that are made there are told apart by their numbers."""
    for inner in ast.walk(made):
        if not hasattr(inner, "lineno"):
            ast.copy_location(inner, node)
    setattr(made, MADE, number)
    return made
