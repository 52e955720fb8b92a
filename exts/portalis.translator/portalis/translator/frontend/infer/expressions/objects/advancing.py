"""Iterators as values: `iter`, `next`, and what else is gone over later than where it is made.

An iterator is a generator of a function that is written for it: what CPython evaluates when it makes the iterator are that function's
arguments, and its body is one `yield from`. What is evaluated later, by lambdas and by a generator expression's element, reads variables of
the function around it, which for that have one value only.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

from portalis.translator.frontend.facts.making import after, constant, describe, hold
from portalis.translator.frontend.facts.model import (
    Assigned,
    Build,
    Evaluated,
    Fact,
    Known,
    Load,
    Raised,
    Step,
    Stopped,
    Tested,
    Unknown,
    first_unknown,
)
from portalis.translator.frontend.infer.expressions.functions.binding import Arguments
from portalis.translator.frontend.infer.expressions.functions.values import call_function_value, captured_names
from portalis.translator.frontend.infer.expressions.iterables import captured, stream_of, stream_of_value
from portalis.translator.frontend.infer.expressions.objects.gone_over import (
    GOING,
    fuses,
    gives_generator,
    is_builtin,
    is_view,
    standard_stream,
)
from portalis.translator.frontend.infer.expressions.objects.kept_iterators import (
    changes_hashed,
    infer_tee,
    is_stored,
    length,
    may_grow,
    refuse_asked_length,
    unchanged,
)
from portalis.translator.frontend.infer.expressions.standard.evaluated import Evaluation, has_iterators, starts
from portalis.translator.frontend.infer.expressions.standard.producing import negated
from portalis.translator.frontend.infer.expressions.standard.streams import STREAMS
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.written import placed
from portalis.translator.frontend.infer.refused import refuse_expression
from portalis.translator.frontend.read.module_scope import InnerFunction
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.streams import Stream, compared, returned
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.generators import ENDED, STANDS, is_generator, place_of_own, returned_type
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.types import FLOAT, INT, NONE, FunctionType, members_of


def advancing(infer: FunctionInference, node: ast.Call, name: str) -> Callable[[FunctionInference, ast.Call], Fact] | None:
    """Return how a built-in about iterators, or a function of `itertools`, is called here; None where it is none, or called otherwise."""
    if infer.references and name in STREAMS and name != "itertools.groupby":
        return as_iterator
    if not infer.references or node.keywords or any(isinstance(one, ast.Starred) for one in node.args):
        return None
    match name, len(node.args):
        case "itertools.tee", 1 | 2:
            return infer_tee
        case "next", 1 | 2:
            return _next
        case "iter", 1:
            return _iter
        case "iter", 2:
            return _iter_until
        case _ if name in GOING and name != "range" and node.args:
            return as_iterator
    return None


def infer_generator_expression(infer: FunctionInference, node: ast.GeneratorExp) -> Fact:
    """Infer a generator expression that is not consumed where it stands."""
    if not infer.references:
        return refuse_expression(infer, node)
    if not starts(infer, node):
        return as_iterator(infer, node)
    steps: list[Step] = []
    evaluation = Evaluation(infer, steps)
    made = evaluation.gone_over(node)
    if evaluation.failed is not None:
        return evaluation.failed
    assert isinstance(made, ast.GeneratorExp)
    with captured(infer, steps):
        found = as_iterator(infer, made)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _next(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer `next(iterator)` and `next(iterator, default)`."""
    given, steps = node.args[0], list[Step]()
    if is_builtin(infer, given, "iter") and isinstance(given, ast.Call) and len(given.args) == 1 and not given.keywords:
        # Nobody else has this iterator.
        infer.names.scope.visited.update((id(given), id(given.func)))
        given = given.args[0]
        stream = stream_of(infer, given, steps)
    elif (
        _is_iterator(infer, given)
        and not gives_generator(infer, given)
        and not (isinstance(given, ast.GeneratorExp) and len(given.generators) > 1)
    ):
        stream = stream_of(infer, given, steps)
    else:
        with captured(infer, steps):
            value = infer.expression(given)
        if isinstance(value, Unknown):
            return value
        if is_instance(value.type) and infer.has_special(value.type, "__next__"):
            return _next_of_instance(infer, node, value, steps)
        if not is_generator(value.type):
            return infer.refuse("P0308", node, f"`next` of {value.type} has no translation", "pass an iterator: next(iter(…))")
        return advanced(infer, node, value, steps)
    return stream if isinstance(stream, Unknown) else _taken(infer, node, stream, steps)


def _next_of_instance(infer: FunctionInference, node: ast.Call, value: Known, steps: list[Step]) -> Fact:
    """Return what `__next__` gives, or, where it raises StopIteration, the default."""
    if len(node.args) == 1 and infer.generating:
        message = "the StopIteration of an iterator of one's own, inside a generator expression or what `map` calls, is not translated"
        return infer.refuse("P0206", node, message, "give `next` a default, or write a list comprehension")
    if len(node.args) == 1:
        found = infer.special(node, value, "__next__", [])
    else:
        with captured(infer, steps):
            held = hold(infer, value, "iterator", steps)
            default = infer.expression(node.args[1])
        found = default if isinstance(default, Unknown) else infer.written(node, "following", [held, default])
    assert found is not None
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _is_iterator(infer: FunctionInference, node: ast.expr) -> bool:
    """Tell whether what an expression gives is gone over where it is consumed, and can be only once."""
    return fuses(infer, node) and not is_view(node) and not is_builtin(infer, node, "range")


def advanced(infer: FunctionInference, node: ast.Call, generator: Known, steps: list[Step]) -> Fact:
    """Return what a generator gives when it goes on, after `steps`; a call with one argument, like `next` without a default."""
    told: tuple[Step, ...] = ()
    if len(node.args) == 1 and returned_type(generator.type) != NONE:
        generator = hold(infer, generator, "generator", steps)
        stood = operated(infer.span(node), INT, "frame.get", generator, name=place_of_own(generator.type, STANDS))
        ending = _returned(infer, node, generator, hold(infer, stood, "before", steps))
        if isinstance(ending, Unknown):
            return ending
        told = (ending,)
    stream = stream_of_value(infer, node, generator, steps)
    return stream if isinstance(stream, Unknown) else _taken(infer, node, stream, steps, told)


def _returned(infer: FunctionInference, node: ast.Call, generator: Known, before: Known) -> Step | Unknown:
    """Return what raises StopIteration with what a generator returned, where it was not at its end before."""
    span, steps = infer.span(node), list[Step]()
    with captured(infer, steps):
        found = infer.written(node, "ended_with", [returned(generator)])
    if isinstance(found, Unknown):
        return found
    return Tested(span, compared("ne", before, constant(span, ENDED)), (*steps, Evaluated(span, found)))


def _taken(infer: FunctionInference, node: ast.Call, stream: Stream, steps: list[Step], told: Sequence[Step] = ()) -> Fact:
    """Return what a stream gives next, after `steps`; where there is nothing, `told` comes before a StopIteration."""
    span = infer.span(node)
    if len(node.args) == 1:
        ended: tuple[Step, ...] = (*told, Raised(span, "StopIteration", None))
        if infer.generating == "generator":
            ended = (Raised(span, "RuntimeError", "generator raised StopIteration"),)
        elif infer.generating == "function":
            ended = (Stopped(span, "a StopIteration in a function that is called for each element, which ends the elements in CPython"),)
        steps.append(Tested(span, negated(stream.test()), ended))
        item = stream.take(steps)
        return after(span, steps, item) if isinstance(item, Known) else item
    with captured(infer, steps):
        default = infer.expression(node.args[1])
        default = hold(infer, default, "default", steps) if isinstance(default, Known) else default
    test, inside = stream.test(), list[Step]()
    item = stream.take(inside)
    unknown = first_unknown(item, default)
    if unknown is not None:
        return unknown
    assert isinstance(item, Known) and isinstance(default, Known)
    joined = infer.generalise(item.type, default.type)
    if joined is None:
        return infer.refuse("P0302", node, f"`next` gives {item.type} or {default.type} here", "give a default of the type of the elements")
    local = infer.temporary("next", joined)
    inside.append(Assigned(span, local, coerced(infer, item, joined)))
    steps.append(Tested(span, test, tuple(inside), (Assigned(span, local, coerced(infer, default, joined)),)))
    return after(span, steps, Known(span, joined, Load(local)))


def _iter(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer `iter(iterable)`: an iterator is one of itself, and the module's own classes say what theirs is."""
    given = node.args[0]
    if _is_iterator(infer, given):
        return infer.expression(given)
    if _may_be_instance(infer, given):
        value = infer.expression(given)
        if isinstance(value, Unknown):
            return value
        if is_instance(value.type):
            return _iterator_of_instance(infer, node, value)
    return as_iterator(infer, node)


def _may_be_instance(infer: FunctionInference, node: ast.expr) -> bool:
    """Tell whether an expression may be an instance of a class of the module."""
    if not isinstance(node, ast.Name):
        found = infer.attempt(lambda: infer.expression(node)).fact if has_iterators(infer.names.scope) else None
        return isinstance(found, Known) and is_instance(found.type)
    binding = infer.live.names.get(node.id)
    return binding is not None and is_instance(binding.type)


def _iterator_of_instance(infer: FunctionInference, node: ast.Call, value: Known) -> Fact:
    found = infer.special(node, value, "__iter__", [])
    if found is None and infer.has_special(value.type, "__getitem__"):
        refused = refuse_asked_length(infer, node) if infer.has_special(value.type, "__len__") else None
        found = refused or infer.written(node, "indexed", [value])
    if found is None or (isinstance(found, Known) and not _advances(infer, found)):
        return infer.refuse("P0312", node, f"`iter` of {value.type} has no translation", "let __iter__ return something with __next__")
    return found


def _advances(infer: FunctionInference, value: Known) -> bool:
    """Tell whether a value is an iterator."""
    return is_generator(value.type) or (is_instance(value.type) and infer.has_special(value.type, "__next__"))


def _iter_until(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer `iter(function, sentinel)`: the function is called before each element, until what it gives equals the sentinel."""
    arguments: list[ast.expr] = []
    function = node.args[0]
    match function:
        case ast.Attribute(value=owner, attr=attr):
            infer.names.scope.visited.update((id(function),))
            called: ast.expr = ast.copy_location(ast.Attribute(_argument(owner, arguments), attr, ast.Load()), function)
        case ast.Lambda() | ast.Name():
            infer.names.scope.visited.add(id(function))
            called = function
        case _:
            return refuse_expression(infer, node)
    sentinel = _argument(node.args[1], arguments)
    values = [infer.expression(one) for one in arguments]
    unknown = first_unknown(*values)
    if unknown is not None:
        return unknown
    given = [value for value in values if isinstance(value, Known)]
    if FLOAT in members_of(given[-1].type):
        return infer.refuse("P0308", node, "`iter` until a float has no translation", "compare in a loop")
    template = ast.parse(_UNTIL).body[0]
    assert isinstance(template, ast.FunctionDef)
    definition = placed(template, node)
    definition.args.args = [ast.copy_location(ast.arg(_name(number)), node) for number in range(len(arguments))]
    put = {"called": ast.copy_location(ast.Call(called, [], []), node), "sentinel": sentinel}
    definition = _Filled(put).visit(definition)
    return _call_made(infer, node, definition, given)


_UNTIL = """
def iterator():
    while True:
        try:
            item = called
        except StopIteration:
            return
        if sentinel == item:
            return
        yield item
"""


class _Filled(ast.NodeTransformer):
    """Puts expressions in the place of names."""

    def __init__(self, put: Mapping[str, ast.expr]) -> None:
        self._put = put

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._put.get(node.id, node)


def as_iterator(infer: FunctionInference, node: ast.Call | ast.GeneratorExp) -> Fact:
    """Return what is gone over as an object: a generator of a function that is written for it."""
    arguments: list[ast.expr] = []
    if isinstance(node, ast.Call) and is_builtin(infer, node, "iter"):
        infer.names.scope.visited.update((id(node), id(node.func)))
        fused = fuses(infer, node.args[0])
        source = _parts(infer, node.args[0], arguments) if fused else _argument(node.args[0], arguments)
    else:
        source = _parts(infer, node, arguments)
    values = [infer.expression(one) for one in arguments]
    unknown = first_unknown(*values)
    if unknown is not None:
        return unknown
    given = [value for value in values if isinstance(value, Known)]
    body: list[ast.stmt] = []
    changing = next((value for value in given if may_grow(value)), None)
    if changing is not None and changes_hashed(infer.names.scope):
        # CPython has asked for the size when it made the iterator, and asks again with the first element.
        sized = isinstance(source, ast.Name) and is_stored(infer, arguments[0])
        size = infer.expression(length(arguments[0])) if sized else None
        if not isinstance(size, Known):
            message = f"an iterator over {describe(changing.type)} that is kept looks in CPython whether that has grown meanwhile"
            return infer.refuse("P0206", node, message, "go over it at once, or over a list of it: iter(list(…))")
        body.append(unchanged(changing, _name(0), _name(1), node))
        given.append(size)
    if len(given) == 1 and is_generator(given[0].type) and isinstance(source, ast.Name):
        return given[0]
    body.append(ast.copy_location(ast.Expr(ast.copy_location(ast.YieldFrom(source), node)), node))
    parameters = [ast.copy_location(ast.arg(_name(number)), node) for number in range(len(given))]
    args = ast.arguments(posonlyargs=[], args=parameters, kwonlyargs=[], kw_defaults=[], defaults=[])
    definition = ast.copy_location(ast.FunctionDef(name="iterator", args=args, body=body, decorator_list=[], returns=None), node)
    return _call_made(infer, node, definition, given)


def _call_made(infer: FunctionInference, node: ast.Call | ast.GeneratorExp, definition: ast.FunctionDef, given: list[Known]) -> Fact:
    """Call the function that is written for an iterator; what it captures is what it reads when it goes on."""
    inner, key = infer.names.scope.inner, f"line_{node.lineno}_{node.col_offset}_{node.end_col_offset}.iterator"
    if key not in inner:
        inner[key] = InnerFunction(definition, captured_names(infer, definition), imports=infer.names.imports)
    function = Known(infer.span(node), FunctionType(key, ()), Build(()))
    call = ast.copy_location(ast.Call(ast.copy_location(ast.Name("iterator", ast.Load()), node), [], []), node)
    return call_function_value(infer, call, function, Arguments(given, {}, []))


def _name(number: int) -> str:
    return f"@part{number}"


def _argument(node: ast.expr, arguments: list[ast.expr]) -> ast.expr:
    arguments.append(node)
    return ast.copy_location(ast.Name(_name(len(arguments) - 1), ast.Load()), node)


def _parts(infer: FunctionInference, node: ast.expr, arguments: list[ast.expr]) -> ast.expr:
    """Return an expression with parameters for what CPython evaluates when it makes the iterator, which is added to `arguments`."""
    visited = infer.names.scope.visited
    match node:
        case ast.GeneratorExp(elt=element, generators=[first, *rest]):
            visited.update((id(node), id(first)))
            iterated = _parts(infer, first.iter, arguments)
            clause = ast.comprehension(first.target, iterated, first.ifs, first.is_async)
            return ast.copy_location(ast.GeneratorExp(element, [clause, *rest]), node)
        case ast.Call(func=ast.Attribute(value=owner, attr=attr)) if is_view(node):
            visited.update((id(node), id(node.func)))
            function = ast.copy_location(ast.Attribute(_argument(owner, arguments), attr, ast.Load()), node.func)
            return ast.copy_location(ast.Call(function, [], []), node)
        case ast.Call(func=function, args=args, keywords=keywords) if is_builtin(infer, node, *GOING) or standard_stream(infer, node):
            visited.update((id(node), *(id(inner) for inner in ast.walk(function))))
            pooled = _POOLED.get((standard_stream(infer, node) or "").rpartition(".")[2], 0) if not infer.shadows("list") else 0
            args = [_pool(infer, one) if place < pooled else one for place, one in enumerate(args)]
            parts = [_part(infer, one, arguments) for one in args]
            named = [ast.copy_location(ast.keyword(one.arg, _part(infer, one.value, arguments)), one) for one in keywords]
            return ast.copy_location(ast.Call(function, parts, named), node)
        case _:
            return _argument(node, arguments)


# How many of their first arguments these take the elements of when they are made, and not when they are gone over.
_POOLED = {"product": 99, "permutations": 1, "combinations": 1, "combinations_with_replacement": 1}


def _pool(infer: FunctionInference, node: ast.expr) -> ast.expr:
    """Return what copies the elements of an argument, which may change before they are gone over."""
    if isinstance(node, ast.Constant | ast.Starred) or is_builtin(infer, node, "range"):
        return node
    return ast.copy_location(ast.Call(ast.copy_location(ast.Name("list", ast.Load()), node), [node], []), node)


def _part(infer: FunctionInference, node: ast.expr, arguments: list[ast.expr]) -> ast.expr:
    match node:
        case ast.Starred(value=value):
            infer.names.scope.visited.add(id(node))
            return ast.copy_location(ast.Starred(_argument(value, arguments), ast.Load()), node)
        case ast.Constant() | ast.Lambda():
            return node
        case ast.Name() if id(node) in infer.replaced:
            return _argument(node, arguments)
        case ast.Name(id=name) if name not in infer.names.local and not infer.names.scope.constants.get(name):
            return node
        case ast.Name(id=name) if (binding := infer.live.names.get(name)) is not None and isinstance(binding.type, FunctionType):
            return node
        case ast.Attribute(value=ast.Name(id=name)) if name not in infer.names.local:
            return node
        case _ if fuses(infer, node) and not gives_generator(infer, node):
            return _parts(infer, node, arguments)
        case _:
            return _argument(node, arguments)
