"""What is gone over: objects, ranges, and zip, enumerate, reversed and map of these.

`stream_of` gives one element a round. `for_each` writes whole loops as steps, which is how generator expressions and `filter` are fused
into whoever consumes them: no list is made in between, and what is evaluated when is as in CPython.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from portalis.translator.frontend.facts.making import constant, hold, once, primitive
from portalis.translator.frontend.facts.model import (
    Fact,
    Jumped,
    Known,
    Marked,
    Step,
    Tested,
    Unknown,
    first_unknown,
)
from portalis.translator.frontend.infer.applying import may_stop, refuse_stop
from portalis.translator.frontend.infer.expressions.functions.called import call_for_each
from portalis.translator.frontend.infer.expressions.looping import Use as Use
from portalis.translator.frontend.infer.expressions.looping import captured as captured
from portalis.translator.frontend.infer.expressions.looping import loop as loop
from portalis.translator.frontend.infer.expressions.objects.columns import range_values, reversed_range
from portalis.translator.frontend.infer.expressions.objects.columns import stream_of_value as stream_of_value
from portalis.translator.frontend.infer.expressions.objects.gone_over import GOING, standard_stream
from portalis.translator.frontend.infer.expressions.objects.gone_over import fuses as fuses
from portalis.translator.frontend.infer.expressions.objects.gone_over import gives_generator as gives_generator
from portalis.translator.frontend.infer.expressions.objects.gone_over import is_builtin as is_builtin
from portalis.translator.frontend.infer.expressions.objects.gone_over import is_view as is_view
from portalis.translator.frontend.infer.expressions.scopes import InnerScope
from portalis.translator.frontend.infer.expressions.standard.evaluated import Evaluation, starts
from portalis.translator.frontend.infer.expressions.standard.producing import Over, kept, produced, put, sought
from portalis.translator.frontend.infer.expressions.standard.streams import STREAMS, sifted
from portalis.translator.frontend.infer.expressions.standard.zipping import columns_stream, strictness, zip_stream
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.narrowing import refine
from portalis.translator.frontend.infer.names.places import may_change
from portalis.translator.frontend.infer.statements.assignments import assign
from portalis.translator.frontend.types import table
from portalis.translator.frontend.types.numbers.wide import INTS, narrowed
from portalis.translator.frontend.types.octets.changing import numbers_of
from portalis.translator.frontend.types.octets.octets import as_octets, as_text
from portalis.translator.frontend.types.references.hashed import entries_stream, is_dict_view, reversed_entries
from portalis.translator.frontend.types.references.streams import Stream, counter, make_room, range_stream, reversed_list_stream
from portalis.translator.frontend.types.sequences import make_tuple
from portalis.translator.frontend.types.unions.instances import Instance
from portalis.translator.frontend.types.unions.members import any_length
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.types import BOOL, BYTEARRAY, INT, OCTETS, DictRef, ListRef, TextType, TupleType


def in_any_order(infer: FunctionInference, node: ast.expr) -> list[ast.expr]:
    """Say that it does not show in which order is gone over what an expression gives; return the expressions that give it."""
    if isinstance(node, ast.SetComp):
        infer.uses.unordered.add(id(node))
        return [node, *made_in_any_order(infer, node)]
    if isinstance(node, ast.List | ast.Tuple):
        return []
    if isinstance(node, ast.GeneratorExp | ast.ListComp):
        return [found for clause in node.generators for found in in_any_order(infer, clause.iter)]
    if isinstance(node, ast.Call) and is_builtin(infer, node, "map", "filter"):
        return [found for argument in node.args[1:] for found in in_any_order(infer, argument)]
    if isinstance(node, ast.Call) and is_builtin(infer, node, "list", "tuple", "iter") and len(node.args) == 1 and not node.keywords:
        return in_any_order(infer, node.args[0])
    infer.uses.unordered.add(id(node))
    return [node]


def made_in_any_order(infer: FunctionInference, node: ast.SetComp) -> list[ast.expr]:
    """Say that it does not show in which order a set is made, which says nothing of the order in which that is gone over."""
    return [found for clause in node.generators for found in in_any_order(infer, clause.iter)]


def stream_of(infer: FunctionInference, node: ast.expr, steps: list[Step]) -> Stream | Unknown:
    """Return how to go over what an expression gives, which `steps` evaluate once."""
    if (view := _view(infer, node, steps)) is not None:
        return view
    if starts(infer, node) and not is_builtin(infer, node, "reversed"):
        evaluation = Evaluation(infer, steps)
        node = evaluation.gone_over(node)
        if evaluation.failed is not None:
            return evaluation.failed
    if isinstance(node, ast.GeneratorExp) and len(node.generators) == 1:
        return _generated(infer, node, steps)
    if (name := standard_stream(infer, node)) is not None:
        assert isinstance(node, ast.Call)
        infer.names.scope.visited.update(id(inner) for inner in (node, *ast.walk(node.func)))
        return STREAMS[name](infer, node, steps, Over(stream_of, fuses))
    infer.uses.folded |= {id(node)} if isinstance(node, ast.Set) else set()
    if not is_builtin(infer, node, *GOING):
        with captured(infer, steps):
            value = infer.expression(node)
        return value if isinstance(value, Unknown) else stream_of_value(infer, node, value, steps)
    assert isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    infer.names.scope.visited.add(id(node))
    starred = any(isinstance(argument, ast.Starred) for argument in node.args)
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    match node.func.id, len(node.args):
        case "range", 1 | 2 | 3 if not keywords and not starred:
            return _range(infer, node, steps)
        case "enumerate", 1 | 2 if not starred and not (set(keywords) - {"start"}):
            return _enumerate(infer, node, keywords.get("start"), steps)
        case "zip", count if count and (not starred or count == 1) and (strict := strictness(keywords)) is not None:
            return columns_stream(infer, node, steps, strict) if starred else zip_stream(infer, node, steps, Over(stream_of, fuses), strict)
        case "reversed", 1 if not keywords and not starred:
            return _reversed(infer, node, steps)
        case "map", _ if len(node.args) > 1 and not keywords and not starred:
            return _map(infer, node, steps)
        case "filter", 2 if not keywords and not starred:
            return sifted(True)(infer, node, steps, Over(stream_of, fuses))
        case name, _:
            return infer.refuse("P0310", node, f"`{name}` is not called in a way that is translated", "see Python's documentation of it")


def _view(infer: FunctionInference, node: ast.expr, steps: list[Step]) -> Stream | Unknown | None:
    """Return how to go over `dict.keys()`, `.values()` or `.items()` as it stands; None for anything else."""
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr="keys" | "values" | "items" as what), args=[], keywords=[]):
            with captured(infer, steps):
                value = infer.expression(owner)
            if isinstance(value, Unknown):
                return value
            if isinstance(value.type, DictRef):
                infer.names.scope.visited.add(id(node))
                infer.names.scope.visited.add(id(node.func))
                return entries_stream(infer, node, value, steps, what)
    return None


def _range(infer: FunctionInference, node: ast.Call, steps: list[Step]) -> Stream | Unknown:
    values = _range_values(infer, node, steps)
    return values if isinstance(values, Unknown) else range_stream(infer, infer.span(node), values, steps)


def _range_values(infer: FunctionInference, node: ast.Call, steps: list[Step]) -> tuple[Known, Known, Known] | Unknown:
    with captured(infer, steps):
        facts = [infer.expression(argument) for argument in node.args]
    unknown = first_unknown(*facts)
    return unknown if unknown is not None else range_values(infer, node, facts, steps)


def _enumerate(infer: FunctionInference, node: ast.Call, named: ast.expr | None, steps: list[Step]) -> Stream | Unknown:
    inner = stream_of(infer, node.args[0], steps)
    start_node = node.args[1] if len(node.args) == 2 else named
    with captured(infer, steps):
        start = infer.expression(start_node) if start_node is not None else constant(infer.span(node), 0)
    if isinstance(inner, Unknown):
        return inner
    if isinstance(start, Unknown):
        return start
    if start.type not in INTS:
        return infer.refuse("P0308", node, "`enumerate` starts at an int", "write enumerate(values, 1)")
    number = counter(infer, infer.span(node), narrowed(infer, node, start), steps)
    stream = inner

    def take(taken: list[Step]) -> Fact:
        item = stream.take(taken)
        if isinstance(item, Unknown):
            return item
        here = hold(infer, number, "number", taken)
        # It may begin anywhere.
        taken.append(put(number, primitive(number.span, INT, "int.add", number, constant(number.span, 1), proven=start.constant in (0, 1))))
        return make_tuple(infer, node, [here, item])

    return Stream(stream.test, take, stream.length)


def _reversed(infer: FunctionInference, node: ast.Call, steps: list[Step]) -> Stream | Unknown:
    span, inner = infer.span(node), node.args[0]
    if isinstance(inner, ast.Call) and is_builtin(infer, inner, "range") and 1 <= len(inner.args) <= 3 and not inner.keywords:
        infer.names.scope.visited.update((id(inner), id(inner.func)))
        values = _range_values(infer, inner, steps)
        return values if isinstance(values, Unknown) else reversed_range(infer, node, values, steps)
    if not isinstance(inner, ast.Call) or not is_builtin(infer, inner, *GOING):
        with captured(infer, steps):
            value = infer.expression(inner)
        if isinstance(value, Unknown):
            return value
        value = any_length(infer, value) or value if isinstance(value.type, TupleType) else value
        if isinstance(value.type, ListRef) or value.type == BYTEARRAY:
            return reversed_list_stream(infer, value if isinstance(value.type, ListRef) else numbers_of(value), steps)
        if isinstance(value.type, DictRef) or is_dict_view(value.type):
            return reversed_entries(infer, node, value, steps)
        if is_instance(value.type) and (own := _reversed_instance(infer, node, value, steps)) is not None:
            return own
        if isinstance(value.type, TextType):
            octets = value.type == OCTETS
            backwards = infer.library(node, "text", "backwards", [as_text(value) if octets else value])
            backwards = as_octets(backwards) if octets else backwards
            return backwards if isinstance(backwards, Unknown) else stream_of_value(infer, node, replace(backwards, span=span), steps)
    return infer.refuse("P0312", node, "`reversed` is translated of lists, dicts and str", "build a list first: reversed(list(…))")


def _reversed_instance(infer: FunctionInference, node: ast.Call, value: Known, steps: list[Step]) -> Stream | Unknown | None:
    value = once(infer, value, "reversed", steps)
    backwards = Instance().backwards(infer, node, value, steps)
    found = stream_of_value(infer, node, backwards, steps) if isinstance(backwards, Known) else backwards
    if not isinstance(found, Stream) or infer.has_special(value.type, "__reversed__"):
        return found
    return replace(found, hint=partial(Instance().make_room, infer, node, value))


def _map(infer: FunctionInference, node: ast.Call, steps: list[Step]) -> Stream | Unknown:
    if len(node.args) > 2:
        several = zip_stream(infer, ast.copy_location(ast.Call(node.func, node.args[1:], []), node), steps, Over(stream_of, fuses))
    else:
        several = stream_of(infer, node.args[1], steps)
    if isinstance(several, Unknown):
        return several
    stream = several

    def take(taken: list[Step]) -> Fact:
        item = stream.take(taken)
        if isinstance(item, Unknown):
            return item
        items = table.parts(infer, item, taken) if len(node.args) > 2 else [item]
        assert items is not None
        with captured(infer, taken):
            result = call_for_each(infer, node, node.args[0], items)
        return result if isinstance(result, Unknown) else hold(infer, result, "mapped", taken)

    return Stream(stream.test, take, stream.length)


def _generated(infer: FunctionInference, node: ast.GeneratorExp, steps: list[Step]) -> Stream | Unknown:
    """Go over a generator expression of one clause, whose element is evaluated when it is asked for."""
    clause = node.generators[0]
    infer.names.scope.visited.update((id(node), id(clause)))
    infer.names.scope.visited.update(id(inner) for inner in ast.walk(clause.target))
    stream = stream_of(infer, clause.iter, steps)
    if isinstance(stream, Unknown) or clause.is_async:
        return stream if isinstance(stream, Unknown) else infer.refuse("P0206", node, "`async for` is not translated", "write `for`")
    names = {inner.id for inner in ast.walk(clause.target) if isinstance(inner, ast.Name)}

    def advance(body: list[Step], found: Known) -> Fact:
        made: list[Fact] = []
        test, inside = stream.test(), list[Step]()
        item = stream.take(inside)
        if isinstance(item, Unknown):
            return item

        def use(value: Known, taken: list[Step]) -> Unknown | None:
            made.append(kept(infer, value, taken, body))
            taken.append(put(found, constant(found.span, True)))
            return None

        def element() -> Unknown | None:
            return _innermost(infer, (), node.elt, inside, use, None)

        known, scope = item, InnerScope(infer, names, clause=clause)
        failed = scope.seen(lambda: _inside_clause(infer, clause, known, inside, element))
        scope.forget()
        if failed is not None:
            return failed
        body.append(sought(found, test, inside))
        return made[0]

    return produced(infer, infer.span(node), advance)


def for_each(
    infer: FunctionInference, node: ast.expr, steps: list[Step], use: Use, until: Known | None = None, gathers: bool = False
) -> Unknown | None:
    """Write the loops that go over what an expression gives, with `use` in their midst; they end early where `until` holds.

    Where one `gathers` in a list, CPython asks for the length first.
    """
    # A list comprehension is made whole before anything is done with its first element.
    if isinstance(node, ast.GeneratorExp):
        infer.names.scope.visited.add(id(node))
        return for_clauses(infer, node.generators, node.elt, steps, use, until)
    if is_builtin(infer, node, "filter"):
        return _for_filtered(infer, node, steps, use, until)
    stream = stream_of(infer, node, steps)
    if isinstance(stream, Unknown):
        return stream
    failed = make_room(stream, steps) if gathers else None
    return loop(infer, node, stream, steps, use, until) if failed is None else failed


def _for_filtered(infer: FunctionInference, node: ast.expr, steps: list[Step], use: Use, until: Known | None) -> Unknown | None:
    assert isinstance(node, ast.Call)
    infer.names.scope.visited.add(id(node))
    if len(node.args) != 2 or node.keywords:
        return infer.refuse("P0310", node, "`filter` takes a function and what to filter", "write filter(function, values)")
    predicate = node.args[0]

    def pick(item: Known, body: list[Step]) -> Unknown | None:
        kept = hold(infer, item, "kept", body)
        with captured(infer, body):
            nothing = isinstance(predicate, ast.Constant) and predicate.value is None
            found = kept if nothing else call_for_each(infer, node, predicate, [kept])
            test = infer.truth(node, found)
        if isinstance(test, Unknown):
            return test
        inside: list[Step] = []
        failed = use(kept, inside)
        body.append(Tested(infer.span(node), test, tuple(inside)))
        return failed

    return for_each(infer, node.args[1], steps, pick, until)


def for_clauses(
    infer: FunctionInference,
    clauses: Sequence[ast.comprehension],
    element: ast.expr,
    steps: list[Step],
    use: Use,
    until: Known | None = None,
) -> Unknown | None:
    """Write the loops of a comprehension, whose targets are seen in it alone."""
    clause, rest = clauses[0], clauses[1:]
    infer.names.scope.visited.add(id(clause))
    if clause.is_async:
        return infer.refuse("P0206", element, "`async for` is not translated", "write a plain `for`")

    def inside(item: Known, body: list[Step]) -> Unknown | None:
        return _inside_clause(infer, clause, item, body, lambda: _innermost(infer, rest, element, body, use, until))

    # What is gone over is evaluated where the target is not seen yet.
    names = {node.id for node in ast.walk(clause.target) if isinstance(node, ast.Name)}
    if infer.live.places and any(may_change(node) for part in (element, *clauses) for node in ast.walk(part)):
        infer.live.places.clear()
    places = dict(infer.live.places)
    infer.names.scope.visited.update(id(node) for node in ast.walk(clause.target))
    scope = InnerScope(infer, names, clause=clause)
    failed = for_each(infer, clause.iter, steps, lambda item, body: scope.seen(lambda: inside(item, body)), until)
    scope.forget()
    infer.live.places = places
    return failed


def _inside_clause(
    infer: FunctionInference, clause: ast.comprehension, item: Known, body: list[Step], then: Callable[[], Unknown | None]
) -> Unknown | None:
    targets: list[Step] = []
    with captured(infer, targets):
        assign(infer, clause.target, item)
    # Whether a name of the function's own is assigned has nothing to do with it.
    body += [step for step in targets if not isinstance(step, Marked)]
    return _after_tests(infer, clause.ifs, body, then)


def _innermost(
    infer: FunctionInference, rest: Sequence[ast.comprehension], element: ast.expr, body: list[Step], use: Use, until: Known | None
) -> Unknown | None:
    if rest:
        return for_clauses(infer, rest, element, body, use, until)
    if infer.generating and may_stop(infer.names.scope):
        return refuse_stop(infer, element, "a special method")
    with captured(infer, body):
        value = infer.expression(element)
    return value if isinstance(value, Unknown) else use(value, body)


def _after_tests(
    infer: FunctionInference, tests: Sequence[ast.expr], body: list[Step], then: Callable[[], Unknown | None]
) -> Unknown | None:
    """Add what goes on with the next element where a test fails, then the rest, in which alone the test is known to hold."""
    if not tests:
        return then()
    node, *rest = tests
    with captured(infer, body):
        test = infer.condition(node)
    if isinstance(test, Unknown):
        return test
    if test.is_constant and test.constant:
        return _after_tests(infer, rest, body, then)
    span = infer.span(node)
    body.append(Tested(span, primitive(span, BOOL, "bool.not", test), (Jumped(span, "continue"),)))
    before = dict(infer.live.names)
    refine(infer, node, True)
    narrowed = {name: binding for name, binding in infer.live.names.items() if before[name] is not binding}
    failed = _after_tests(infer, rest, body, then)
    infer.live.names |= {name: before[name] for name, binding in narrowed.items() if infer.live.names.get(name) is binding}
    return failed
