"""`%` with constant templates: values in their order, of a tuple of any length as many as it has, or by the names of a dict."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from portalis.translator.frontend.calls.texts.formatting import converted, formatted, wrong_template
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, describe, element_at, hold, is_simple, known_text, to_int
from portalis.translator.frontend.facts.model import Compared, Evaluated, Fact, Known, Raised, Step, Tested, Unknown
from portalis.translator.frontend.types.references.operations import length_of
from portalis.translator.frontend.types.references.showing import concatenated
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.frontend.types.unions.mistakes import mistaken, of_conversion
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.ir.types import BOOL, FLOAT, INT, TEXT, WIDE, DictRef, ListRef, TupleType, UnionType, members_of

# %[(name)][flags][width][.precision][length]conversion
_CONVERSION = re.compile(
    r"%(?:\((?P<name>[^()]*)\))?(?P<flags>[-+ #0]*)(?P<width>\*|\d*)(?:\.(?P<precision>\*|\d*))?[hlL]?(?P<kind>.)", re.DOTALL
)

# Classes whose values stand for one conversion; a tuple's items stand for one each.
_ALONE = frozenset(("NoneType", "bool", "int", "float", "str", "list"))


def percent(infer: Inference, node: ast.expr, left: Known, right: Known) -> Fact:
    """Return `template % values`."""
    template = known_text(left)
    if template is None:
        return infer.refuse("P0308", node, "`%` of a template that is no constant is not translated", "write an f-string")
    parts = _parsed(template)
    if parts is None:
        return wrong_template(infer, node, template, "a conversion of it is unknown, or names its width")
    steps: list[Step] = [] if is_simple(left) else [Evaluated(left.span, left)]
    held = hold(infer, right, "values", steps)
    values = _values(infer, node, held, [part for part in parts if not isinstance(part, str)])
    if isinstance(values, str):
        return wrong_template(infer, node, template, values)
    texts: list[Known] = []
    following = iter(values)
    for part in parts:
        if isinstance(part, str):
            texts.append(text_constant(infer, node, part))
            continue
        value = next(following)
        text = value if isinstance(value, Unknown) else _conversion(infer, node, value, part)
        if text is None:
            return wrong_template(infer, node, template, f"{part[0]} does not take this value")
        if isinstance(text, Unknown):
            return text
        texts.append(text)
    found = concatenated(infer, node, texts)
    if isinstance(held.type, ListRef) and held.type.frozen:
        found = hold(infer, found, "text", steps)
        steps.append(_all_used(infer, node, held, len(values)))
    return after(infer.span(node), steps, found)


def _parsed(template: str) -> list[str | re.Match[str]] | None:
    """Return what stands between conversions, and the conversions; None where one is not translated."""
    parts: list[str | re.Match[str]] = []
    place = 0
    while (start := template.find("%", place)) >= 0:
        parts.append(template[place:start])
        found = _CONVERSION.match(template, start)
        if found is None or "*" in (found["width"], found["precision"]) or (found["kind"] == "%" and found["name"] is not None):
            return None
        place = found.end()
        parts.append("%" if found["kind"] == "%" else found)
    return [*parts, template[place:]]


def _values(infer: Inference, node: ast.expr, right: Known, conversions: Sequence[re.Match[str]]) -> list[Fact] | str:
    """Return the value of each conversion, or what is wrong."""
    names = [found["name"] for found in conversions if found["name"] is not None]
    of_map = isinstance(right.type, DictRef) and right.type.key == TEXT
    alone = all(member.python_class in _ALONE for member in members_of(right.type))
    if (isinstance(right.type, UnionType) and not alone) or (names and not of_map):
        return f"it takes values from {describe(right.type)}"
    if names and len(names) < len(conversions):
        return "it names some values and not others"
    if names:
        return [infer.element(node, right, [text_constant(infer, node, name)]) for name in names]
    if isinstance(right.type, DictRef) and not conversions:
        # Of a mapping, CPython does not ask whether all of it was used.
        return []
    if isinstance(right.type, ListRef) and right.type.frozen:
        places = [constant(right.span, index) for index in range(len(conversions))]
        return [infer.library(node, "templates", "value_at", [right, place]) for place in places]
    values: list[Fact] = [right]
    if isinstance(right.type, TupleType):
        values = [element_at(right, index, type_) for index, type_ in enumerate(right.type.items)]
    if len(values) < len(conversions):
        return "there are not enough values"
    return values if len(values) == len(conversions) else "not all values are used"


def _all_used(infer: Inference, node: ast.expr, values: Known, used: int) -> Step:
    span = infer.span(node)
    more = Known(span, BOOL, Compared("gt", length_of(span, "list.length", values), constant(span, used)))
    return Tested(span, more, (Raised(span, "TypeError", "not all arguments converted during string formatting"),))


def _conversion(infer: Inference, node: ast.AST, value: Known, found: re.Match[str]) -> Fact | None:
    """Return a value as one conversion writes it; None where CPython raises TypeError, or it is not translated."""
    flags, kind, width = found["flags"], found["kind"], found["width"]
    precision = "" if found["precision"] is None else f".{found['precision'] or '0'}"
    alone = f"%{flags}{width}{precision}{kind}"
    if isinstance(value.type, UnionType):
        return by_member(
            infer,
            node,
            [value],
            lambda parts: _conversion(infer, node, parts[0], found),
            lambda types: of_conversion(infer, alone, types),
        )
    wrong = mistaken(infer, node, of_conversion(infer, alone, [value.type]), [value], TEXT)
    if wrong is not None:
        return wrong
    if kind in "sra":
        text = converted(infer, node, value, kind)
        side = "<" if "-" in flags else ">"
        return formatted(infer, node, text, text_constant(infer, node, f"{side}{width}{precision}")) if isinstance(text, Known) else text
    number = to_int(value)
    sign = "+" if "+" in flags else " " if " " in flags else ""
    side = "<" if "-" in flags else "0=" if "0" in flags else ">"
    alternate = "#" if "#" in flags else ""
    if number.type not in (INT, WIDE, FLOAT):
        return _character(infer, node, value, side, width) if kind == "c" and value.type == TEXT else None
    if kind in "diu":
        whole = number if number.type != FLOAT else infer.library(node, "operators", "float_to_int", [number])
        if precision or isinstance(whole, Unknown):
            return None if precision else whole
        return formatted(infer, node, whole, text_constant(infer, node, f"{side}{sign}{width}d"))
    if (kind in "xXo" and number.type != FLOAT and not precision) or kind in "eEfFgG":
        return formatted(infer, node, number, text_constant(infer, node, f"{side}{sign}{alternate}{width}{precision}{kind}"))
    return None


def _character(infer: Inference, node: ast.AST, value: Known, side: str, width: str) -> Fact:
    one = infer.library(node, "formatting", "one_character", [value])
    spec = text_constant(infer, node, f"{'<' if side == '<' else '>'}{width}")
    return formatted(infer, node, one, spec) if isinstance(one, Known) else one
