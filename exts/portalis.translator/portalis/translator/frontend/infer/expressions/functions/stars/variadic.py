"""Calls with `*` and `**`, and built-ins that take any number of arguments so: `print(*values)`, `max(*values)`, `min(*values)`."""

from __future__ import annotations

import ast
from collections.abc import Callable

from portalis.translator.frontend.facts.making import after, constant
from portalis.translator.frontend.facts.model import Compared, Fact, Known, Raised, Step, Stopped, Tested, Unknown
from portalis.translator.frontend.infer.expressions.functions.stars.filling import filled
from portalis.translator.frontend.infer.expressions.functions.stars.starred import OF_ANY_SETS, Rewriting, has_stars
from portalis.translator.frontend.infer.expressions.functions.stars.uniting import of_any_sets
from portalis.translator.frontend.infer.expressions.looping import captured
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.instances import class_of, module_of
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.unions.mistakes import of_iteration
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.types import BOOL, INT, NONE, TEXT, ListRef, Type, members_of


def call_with_stars(infer: FunctionInference, node: ast.Call, call: Callable[[FunctionInference, ast.Call], Fact]) -> Fact:
    """Infer a call with `*` or `**`: all arguments are evaluated before it."""
    steps: list[Step] = []
    rewriting = Rewriting(infer, node, steps)
    try:
        made = rewriting.call()
        if isinstance(made, Unknown):
            return made
        with captured(infer, steps):
            found = _of_any_number(infer, made, rewriting) if has_stars(made) else None
            found = call(infer, made) if found is None else found
    finally:
        rewriting.close()
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _of_any_number(infer: FunctionInference, node: ast.Call, rewriting: Rewriting) -> Fact | None:
    """Return the call of a built-in with a list of arguments; None where it is none that takes them so."""
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("format", *OF_ANY_SETS):
        return (filled if node.func.attr == "format" else of_any_sets)(infer, node, node.func, rewriting)
    if not isinstance(node.func, ast.Name) or infer.shadows(node.func.id) or any(one.arg is None for one in node.keywords):
        return None
    match node.func.id:
        case "print":
            return _printed(infer, node, rewriting)
        case "max" | "min" if not {one.arg for one in node.keywords} - {"key"}:
            return _extreme(infer, node, rewriting, node.func.id)
        case _:
            return None


def _printed(infer: FunctionInference, node: ast.Call, rewriting: Rewriting) -> Fact:
    """Print all values as one text: each as its text, joined by the separator."""
    values = rewriting.all_listed(node)
    if isinstance(values, Unknown):
        return values
    assert isinstance(values.type, ListRef)
    if any(is_instance(one) for one in members_of(values.type.item)):
        # What makes its text may raise, or print, when others are written already.
        return infer.refuse("P0216", node, "`print` of any number of instances is not translated", "print them in a loop")
    given = {one.arg: one.value for one in node.keywords}
    if "file" in given:
        file = infer.expression(given["file"])
        if isinstance(file, Unknown):
            return file
        # Any other class is given each value by itself.
        if file.type != NONE and not (is_instance(file.type) and _is_text_file(infer, file.type)):
            return infer.refuse(
                "P0216", node, f"`print` of any number of values into {file.type} is not translated", "print them in a loop"
            )
        given["file"] = rewriting.named(file)
    separator: ast.expr = ast.copy_location(ast.Constant(" "), node)
    if "sep" in given:
        value = infer.expression(given.pop("sep"))
        if isinstance(value, Unknown):
            return value
        if value.type != TEXT and value.type != NONE and not isinstance(value.constant, str):
            return infer.refuse("P0308", node, f"`print` with the separator {value.type} is not translated", "pass a text")
        separator = separator if value.type == NONE else rewriting.named(value)
    element = ast.Name("@printed", ast.Load())
    shown = ast.JoinedStr([ast.FormattedValue(element, ord("s"), None)])
    clause = ast.comprehension(ast.Name("@printed", ast.Store()), rewriting.named(values), [], 0)
    # A list that is made elsewhere than the one of the arguments.
    texts = ast.copy_location(ast.ListComp(shown, [clause]), node.func)
    joined = ast.Call(ast.Attribute(separator, "join", ast.Load()), [texts], [])
    keywords = [ast.keyword(name, value) for name, value in given.items()]
    return infer.expression(_placed(ast.Call(ast.Name("print", ast.Load()), [joined], keywords), node))


def _is_text_file(infer: FunctionInference, type_: Type) -> bool:
    """Tell whether instances of a class are `io.StringIO`, as it is written in the library."""
    found = class_of(infer, type_).name
    return module_of(infer).shown_names.get(found) == "StringIO"


def _extreme(infer: FunctionInference, node: ast.Call, rewriting: Rewriting, name: str) -> Fact:
    """Return `max(values)` of the list of the arguments, of which there must be two: of one alone, CPython goes over that."""
    values = rewriting.all_listed(node)
    if isinstance(values, Unknown):
        return values
    assert isinstance(values.type, ListRef)
    span = infer.span(node)
    length = operated(span, INT, "list.length", values)
    none = Raised(span, "TypeError", f"{name} expected at least 1 argument, got 0")
    mistake = of_iteration(infer, [values.type.item])
    alone: Step = Stopped(span, f"`{name}` of one argument goes over it") if mistake is None else Raised(span, *mistake)
    for count, step in ((0, none), (1, alone)):
        infer.add(Tested(span, Known(span, BOOL, Compared("eq", length, constant(span, count))), (step,)))
    return infer.expression(_placed(ast.Call(ast.Name(name, ast.Load()), [rewriting.named(values)], node.keywords), node))


def _placed(made: ast.Call, node: ast.Call) -> ast.Call:
    for inner in ast.walk(made):
        if "lineno" in inner._attributes and not hasattr(inner, "lineno"):
            ast.copy_location(inner, node)
    return made
