"""format specs and `str.format` with constant templates: each value as its type writes it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from string import Formatter

from portalis.translator.frontend.calls.texts.templates import fill_template
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, describe, hold, is_simple, known_text, to_int
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Step, Unknown
from portalis.translator.frontend.types.numbers.wide import as_float
from portalis.translator.frontend.types.references.showing import as_text, concatenated, shown
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.frontend.types.unions.mistakes import mistaken, of_format
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.ir.types import BOOL, FLOAT, INT, TEXT, WIDE, DictRef, UnionType
from portalis.translator.library.formatting import is_float_kind, parsed

_SAMPLES: Mapping[object, object] = {INT: 1, WIDE: 1, FLOAT: 1.0, TEXT: "a"}
_NESTED = 2


@dataclass(frozen=True, slots=True)
class _Arguments:
    """What a template may name: by position, and by name."""

    args: Sequence[Known]
    keywords: Mapping[str, Known]
    mapping: Known | None = None


def formatted(infer: Inference, node: ast.AST, value: Known, spec: Known) -> Fact:
    """Return `format(value, spec)`."""
    written = spec.constant if isinstance(spec.constant, str) else ""
    if isinstance(value.type, UnionType):
        return by_member(
            infer,
            node,
            [value, spec],
            lambda parts: formatted(infer, node, parts[0], parts[1]),
            lambda types: of_format(infer, written, types[:1]),
        )
    if infer.has_special(value.type, "__format__") and (said := infer.special(node, value, "__format__", [spec])) is not None:
        if isinstance(said, Known) and said.type != TEXT:
            return infer.refuse("P0308", node, f"`__format__` gives {said.type}", "CPython raises TypeError here: give a str")
        return said
    wrong = mistaken(infer, node, of_format(infer, written, [value.type]), [value], TEXT)
    if wrong is not None:
        return wrong
    if spec.constant == "":
        found = as_text(infer, node, value)
        return found if found is not None else _without_text(infer, node, value)
    number = to_int(value)
    if number.type not in _SAMPLES:
        return infer.refuse("P0308", node, f"a format spec for {describe(value.type)} raises TypeError", "format its parts, or str(x)")
    if isinstance(spec.constant, str):
        return _by_constant(infer, node, number, spec.constant)
    if value.type == BOOL:
        return infer.library(node, "formatting", "format_bool_by", [value, spec])
    name = "format_int_by" if number.type in (INT, WIDE) else "format_float_by" if number.type == FLOAT else "format_text_by"
    return infer.library(node, "formatting", name, [number, spec])


def _without_text(infer: Inference, node: ast.AST, value: Known) -> Unknown:
    return infer.refuse(
        "P0308", node, f"a text of {describe(value.type)} has no translation", "show its parts; of a set of texts, sorted(values)"
    )


def _by_constant(infer: Inference, node: ast.AST, value: Known, spec: str) -> Fact:
    try:
        format(_SAMPLES[value.type], spec)
    except (ValueError, OverflowError) as error:
        return infer.refuse("P0308", node, f"`format(…, {spec!r})` raises {type(error).__name__}: {error}", "correct the format spec")
    fill, align, sign, alternate, width, separator, precision, kind = parsed(spec, value.type != TEXT)
    if kind == -1 or chr(kind) in "cn":
        return infer.refuse("P0308", node, f"the format spec {spec!r} is not translated", "use the types b d e f g o s x %")
    span = infer.span(node)

    def call(name: str, number: Known, *fields: int) -> Fact:
        return infer.library(node, "formatting", name, [number, *(constant(span, field) for field in fields)])

    if value.type == TEXT:
        return call("format_text", value, fill, align, width, precision)
    if value.type == FLOAT or is_float_kind(kind):
        return call("format_float", as_float(infer, node, value), fill, align, sign, alternate, width, separator, precision, kind)
    if value.type == WIDE:
        fields = [constant(span, field) for field in (fill, align, sign, alternate, width, separator, kind)]
        return infer.library(node, "wide_format", "format_wide", [value, *fields])
    return call("format_int", value, fill, align, sign, alternate, width, separator, kind)


def format_of(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `format(value)` or `format(value, spec)`."""
    if not infer.references:
        return None
    spec = args[1] if len(args) == 2 else text_constant(infer, node, "")
    return formatted(infer, node, args[0], spec) if spec.type == TEXT else None


def converted(infer: Inference, node: ast.AST, value: Known, conversion: str | None) -> Fact:
    """Return a value after `!r`, `!s` or `!a`."""
    if conversion is None:
        return value
    found = as_text(infer, node, value) if conversion == "s" else shown(infer, node, value)
    if found is None:
        return _without_text(infer, node, value)
    return infer.library(node, "quoting", "ascii_of", [found]) if conversion == "a" and isinstance(found, Known) else found


# -------------------------------------------------------------------------------------------------------------- str.format
def format_template(infer: Inference, node: ast.Call, receiver: Known, args: Sequence[Known], keywords: Mapping[str, Known]) -> Fact:
    """Return `template.format(…)`, the arguments evaluated."""
    template = known_text(receiver)
    if template is None:
        return fill_template(infer, node, receiver, args, keywords)
    steps: list[Step] = [] if is_simple(receiver) else [Evaluated(receiver.span, receiver)]
    held = _Arguments(
        [hold(infer, value, "argument", steps) for value in args],
        {name: hold(infer, value, name, steps) for name, value in keywords.items()},
    )
    names = [name for name in _names(template, _NESTED) if name == "" or name.isdecimal()]
    if "" in names and any(names):
        return wrong_template(infer, node, template, "it numbers some fields and not others")
    numbers = iter(range(len(args) + 1))
    found = _template(infer, node, template, held, lambda: str(next(numbers, len(args))), _NESTED)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def format_with_map(infer: Inference, node: ast.Call, receiver: Known, mapping: Known) -> Fact:
    """Return `template.format_map(mapping)` of a dict from texts."""
    template = known_text(receiver)
    if template is None or not _is_map(mapping):
        return infer.refuse("P0308", node, "`format_map` is translated of a constant template and a dict of texts", "write an f-string")
    names = _names(template, _NESTED)
    if any(not name or name.isdecimal() for name in names):
        return wrong_template(infer, node, template, "it numbers fields")
    steps: list[Step] = [] if is_simple(receiver) else [Evaluated(receiver.span, receiver)]
    held = _Arguments((), {}, hold(infer, mapping, "mapping", steps))
    found = _template(infer, node, template, held, str, _NESTED)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _is_map(value: Known) -> bool:
    return isinstance(value.type, DictRef) and value.type.key == TEXT


def _template(infer: Inference, node: ast.Call, template: str, given: _Arguments, following: Callable[[], str], depth: int) -> Fact:
    texts: list[Known] = []
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        return wrong_template(infer, node, template, str(error))
    for literal, name, spec, conversion in parts:
        texts.append(text_constant(infer, node, literal))
        if name is None:
            continue
        value = _named(infer, node, given, name or following())
        if isinstance(value, Unknown):
            return value
        if value is None or depth == 0 or (conversion is not None and conversion not in ("r", "s", "a")):
            return wrong_template(infer, node, template, f"the field {{{name}}} has no translation")
        inner = _template(infer, node, spec or "", given, following, depth - 1)
        whole = converted(infer, node, value, conversion)
        if isinstance(inner, Unknown) or isinstance(whole, Unknown):
            return inner if isinstance(inner, Unknown) else whole
        text = formatted(infer, node, whole, inner)
        if isinstance(text, Unknown):
            return text
        texts.append(text)
    return concatenated(infer, node, texts)


def _names(template: str, depth: int) -> list[str]:
    """Return the names of a template's fields, those in format specs too; of one that is none, those before the mistake."""
    found: list[str] = []
    with suppress(ValueError):
        for _, name, spec, _ in Formatter().parse(template):
            if name is not None:
                found += [name, *(_names(spec or "", depth - 1) if depth > 0 else [])]
    return found


def _named(infer: Inference, node: ast.expr, given: _Arguments, name: str) -> Fact | None:
    if given.mapping is not None:
        # A point or a bracket asks something of what the name stands for.
        return infer.element(node, given.mapping, [text_constant(infer, node, name)]) if not set(".[") & set(name) else None
    if name.isdecimal() and name.isascii():
        return given.args[int(name)] if int(name) < len(given.args) else None
    return given.keywords.get(name)


def wrong_template(infer: Inference, node: ast.AST, template: str, problem: str) -> Unknown:
    """Refuse a constant template."""
    shortened = template if len(template) <= 60 else f"{template[:59]}…"
    return infer.refuse("P0308", node, f"the template {shortened!r} is not translated: {problem}", "write an f-string")
