"""The lints that a crate allows: what is Python's own, and what rustc or clippy would have otherwise without telling why."""

from __future__ import annotations

import re

from portalis.translator.backends.rust import tree
from portalis.translator.backends.rust.functions import Printed
from portalis.translator.backends.rust.literals import NAMED
from portalis.translator.backends.rust.names import identifier, is_camel_case, is_snake_case
from portalis.translator.backends.rust.traversal import walk
from portalis.translator.backends.rust.world import World
from portalis.translator.ir.types import RecordType

# Only a crate's root may allow these.
NON_ASCII_NAMES = "#![allow(confusable_idents, mixed_script_confusables, uncommon_codepoints)]\n"
# A comparison is not turned round, because of NaN.
_FLOAT_LINT = "#![allow(clippy::neg_cmp_op_on_partial_ord)]\n"
_SAME_LINT = "#![allow(clippy::eq_op)]\n"
_DIGITS_LINTS = "#![allow(clippy::approx_constant, clippy::excessive_precision)]\n"
# A float that is next to a constant of std's is no mistake.
_CONSTANT_LINT = "#![allow(clippy::approx_constant)]\n"
# A value that is there is asked for by its name, in either branch of a test.
_UNWRAP_LINT = "#![allow(clippy::unnecessary_unwrap)]\n"
_LONG_TYPE_LINT, _LONG_TYPE = "#![allow(clippy::type_complexity)]\n", 60
# What is tried stands in a loop that it leaves.
_LOOP_LINT = "#![allow(clippy::never_loop)]\n"


def lints_of_program(world: World, items: list[Printed], text: str) -> list[str]:
    """Return the attributes of a crate's root, whose definitions are that text."""
    lines = [_FLOAT_LINT] * _compares_floats(items) + [_CONSTANT_LINT] * _nearly_names(text)
    lines += [_LOOP_LINT] * world.catches + [_UNWRAP_LINT] * _unwraps(text) + _allowed(world, items)
    return lines + [_LONG_TYPE_LINT] * any(len(item.result or "") > _LONG_TYPE for item in items)


def lints_of_library(world: World, items: list[Printed], text: str) -> list[str]:
    """Return the attributes of a module of the library, whose definitions are that text."""
    lines = [_DIGITS_LINTS] * bool(re.search(r"\d\.\d", text)) + [_SAME_LINT] * _compares_with_itself(items)
    lines += [_FLOAT_LINT] * _compares_floats(items) + [_UNWRAP_LINT] * _unwraps(text)
    return lines + _allowed(world, items)


def _allowed(world: World, items: list[Printed]) -> list[str]:
    """Return the attributes that let Python's names stand."""
    names = {name for item in items for name in [item.callee.name, *_local_names(item)]}
    names |= {identifier(field) for type_ in world.types.used.values() if isinstance(type_, RecordType) for field, _ in type_.fields}
    names |= {field for fields in world.types.object_fields.values() for field, _ in fields}
    lines = []
    if not all(map(is_snake_case, names)):
        lines.append("#![allow(non_snake_case)]\n")
    if not all(is_camel_case(name) for name in (*world.types.used, *world.types.held.values())):
        lines.append("#![allow(non_camel_case_types)]\n")
    if not all(name.isascii() for name in names | set(world.types.used)):
        lines.append(NON_ASCII_NAMES)
    return lines


def _nearly_names(text: str) -> bool:
    """Tell whether Rust text has a float that clippy takes for one of std's constants."""
    found = [float(digits) for digits in re.findall(r"(?<![\w.])\d+\.\d{3,}", text)]
    return any(abs(value - named) < 0.01 for value in found for named in NAMED)


def _unwraps(text: str) -> bool:
    """Tell whether Rust text asks whether a value is there, and asks for it by itself."""
    return ".unwrap()" in text and (".is_none()" in text or ".is_some()" in text)


def _compares_floats(items: list[Printed]) -> bool:
    """Tell whether functions compare in a way that clippy would have otherwise."""
    parts = (part for item in items for part in walk(item.body))
    return any(isinstance(part, tree.Unary) and part.op == "!" and isinstance(part.value, tree.Binary) for part in parts)


def _compares_with_itself(items: list[Printed]) -> bool:
    """Tell whether functions ask for NaNs in Python's way."""
    parts = (part for item in items for part in walk(item.body))
    return any(isinstance(part, tree.Binary) and part.left == part.right and part.op in ("==", "!=", "-") for part in parts)


def _local_names(item: Printed) -> set[str]:
    bound = {part.name for part in walk(item.body) if isinstance(part, tree.Let | tree.For)}
    return bound | {param.name for param in item.params}
