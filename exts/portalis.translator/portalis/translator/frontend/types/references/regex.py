"""Compiled patterns, matches and what finditer gives: objects of the library, whose types tell the groups of the pattern.

What `search` and its kin give is a match, or None: a match without marks. A match knows its text, the ends of its groups, and the text of
its pattern.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, decided, hold, is_simple, known_text, once, primitive, to_int
from portalis.translator.frontend.facts.model import Chosen, Constant, Evaluated, Fact, Known, Raised, Step, Tested, Unknown
from portalis.translator.frontend.read.patterns.groups import closing, name_of_group
from portalis.translator.frontend.read.patterns.program import Pattern, read_pattern
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.numbers.wide import INTS
from portalis.translator.frontend.types.references.deque import Deque, is_deque
from portalis.translator.frontend.types.references.hashed import DictView, is_dict_view
from portalis.translator.frontend.types.references.operations import is_not_empty, length_of, negated_where, operated
from portalis.translator.frontend.types.references.slicing import bounds_of, is_slice
from portalis.translator.frontend.types.references.streams import Stream, compared, generator_stream
from portalis.translator.frontend.types.sequences.iterating import found_in_iterator
from portalis.translator.frontend.types.unions.exceptions import arguments_of_exception, name_of_class
from portalis.translator.frontend.types.unions.instances import Instance, is_left
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.exceptions import EXCEPTION, EXCEPTION_CLASS
from portalis.translator.ir.generators import is_generator
from portalis.translator.ir.instances import NOT_IMPLEMENTED, is_instance
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import INT, NONE, OPTIONAL, TEXT, LibraryRef, ListRef, SetRef, Type
from portalis.translator.source import Span
from portalis.translator.syntax import CLASS_NAME

MATCH, PATTERN, ITERATOR = "re.Match", "re.Pattern", "callable_iterator"
_MATCH: tuple[tuple[str, Type], ...] = (("text", TEXT), ("marks", ListRef(INT)), ("source", TEXT))


def match_type(groups: tuple[str, ...]) -> LibraryRef:
    """Return the type of matches of patterns with these groups, as a Pattern has them."""
    return LibraryRef(MATCH, _MATCH, groups)


def pattern_type(pattern: Pattern) -> LibraryRef:
    """Return the type of a compiled pattern that is known."""
    return LibraryRef(PATTERN, (("source", TEXT),), (pattern.text, str(pattern.flags)))


def known_pattern(type_: LibraryRef) -> Pattern:
    """Return the pattern that a type tells."""
    text, flags = type_.known
    return read_pattern(text, int(flags))


def match_groups(match: Known) -> tuple[str, ...]:
    """Return the groups of a match, as a Pattern has them."""
    assert isinstance(match.type, LibraryRef)
    return match.type.known


# A pattern that is known only when the program runs: it has no groups.
ANY_PATTERN = LibraryRef(PATTERN, (("source", TEXT), ("program", TEXT)))
# What a match's pattern is known as: by its text alone.
OF_A_MATCH = LibraryRef(PATTERN, (("source", TEXT),))


def iterator_type(groups: tuple[str, ...]) -> LibraryRef:
    """Return the type of what finditer gives: the marks of all matches, and where the next one's are."""
    return LibraryRef(ITERATOR, (*_MATCH, ("next", INT)), groups)


def field_of(value: Known, name: str) -> Known:
    """Return a field of an object of the library."""
    assert isinstance(value.type, LibraryRef)
    return operated(value.span, dict(value.type.storage)[name], "record.get", value, name=name)


_DEQUE, _VIEW, _INSTANCE = Deque(), DictView(), Instance()


class LibraryObject(Behaviour):
    """A compiled pattern, a match or None, an iterator over matches, a deque, a view of a dict, or an instance of the module's classes."""

    def measured(self, infer: Inference, node: ast.AST, value: Known) -> Fact | None:
        if is_instance(value.type):
            return _INSTANCE.measured(infer, node, value)
        if is_dict_view(value.type):
            return _VIEW.measured(infer, node, value)
        return _DEQUE.measured(infer, node, value) if is_deque(value.type) else None

    def contains(self, infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact | None:
        if is_instance(haystack.type):
            return _INSTANCE.contains(infer, node, needle, haystack, negated)
        if is_dict_view(haystack.type):
            return _VIEW.contains(infer, node, needle, haystack, negated)
        if is_generator(haystack.type):
            return found_in_iterator(infer, node, needle, haystack, negated)
        return _DEQUE.contains(infer, node, needle, haystack, negated) if is_deque(haystack.type) else None

    def set_element(self, infer: Inference, node: ast.expr, value: Known, index: Known, new: Known) -> Fact | None:
        if is_instance(value.type):
            return infer.special(node, value, "__setitem__", [index, new])
        return _DEQUE.set_element(infer, node, value, index, new) if is_deque(value.type) else None

    def delete_element(self, infer: Inference, node: ast.expr, value: Known, index: Known) -> Fact | None:
        return infer.special(node, value, "__delitem__", [index]) if is_instance(value.type) else None

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        if is_dict_view(left.type):
            return _VIEW.binary(infer, node, symbol, left, right)
        return _INSTANCE.binary(infer, node, symbol, left, right) if is_instance(left.type) else None

    def reflected(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        if is_dict_view(right.type):
            return _VIEW.reflected(infer, node, symbol, left, right)
        return _INSTANCE.reflected(infer, node, symbol, left, right) if is_instance(right.type) else None

    def unary(self, infer: Inference, node: ast.AST, symbol: str, value: Known) -> Fact | None:
        return _INSTANCE.unary(infer, node, symbol, value) if is_instance(value.type) else None

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Fact:
        if is_instance(value.type):
            return _INSTANCE.truth(infer, node, value)
        if is_deque(value.type):
            return _DEQUE.truth(infer, node, value)
        if is_dict_view(value.type):
            return _VIEW.truth(infer, node, value)
        if _is_match(value):
            return _took_place(infer, node, value)
        return decided(infer, node, True, [value])

    def identical(self, infer: Inference, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact | None:
        if is_instance(left.type) or is_instance(right.type):
            return _INSTANCE.identical(infer, node, left, right, negated)
        if NOT_IMPLEMENTED in (left.type, right.type):
            return is_left(infer, node, left, right, negated)
        return _compared_with_none(infer, node, left, right, negated)

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        if is_instance(left.type):
            return _INSTANCE.compare(infer, node, op, left, right)
        if is_instance(right.type):
            return _INSTANCE.compare_reflected(infer, node, op, left, right)
        if is_dict_view(right.type) and isinstance(left.type, SetRef) and op in ("le", "ge"):
            return _VIEW.compare(infer, node, "ge" if op == "le" else "le", right, left)
        if is_dict_view(left.type) and right.type != NONE:
            return _VIEW.compare(infer, node, op, left, right)
        return _compared_with_none(infer, node, left, right, op == "ne") if op in ("eq", "ne") else None

    def compare_reflected(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        return self.compare(infer, node, op, left, right)

    def stream(self, infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Stream | Unknown | None:
        if is_instance(value.type):
            return _INSTANCE.stream(infer, node, value, steps)
        if is_deque(value.type):
            return _DEQUE.stream(infer, node, value, steps)
        if is_dict_view(value.type):
            return _VIEW.stream(infer, node, value, steps)
        if is_generator(value.type):
            return generator_stream(infer, value, steps)
        return matches_stream(infer, value, steps) if _is(value, ITERATOR) else None

    def element(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known]) -> Fact | None:
        if is_instance(value.type):
            return infer.special(node, value, "__getitem__", index) if len(index) == 1 else None
        if is_deque(value.type):
            return _DEQUE.element(infer, node, value, index)
        if not _is_match(value) or len(index) != 1:
            return None
        steps: list[Step] = []
        held = require(infer, node, value, "TypeError", "'NoneType' object is not subscriptable", steps)
        found = group_of(infer, node, held, index[0])
        return after(infer.span(node), steps, found) if isinstance(found, Known) else found

    def attribute(self, infer: Inference, node: ast.Attribute, value: Known) -> Fact | None:
        if value.type == EXCEPTION and node.attr == "args":
            return arguments_of_exception(infer, node, value)
        if value.type == EXCEPTION_CLASS and node.attr == CLASS_NAME:
            return name_of_class(value)
        if _is(value, PATTERN):
            return _of_pattern(infer, node, value)
        if is_slice(value.type):
            bounds = dict(zip(("start", "stop", "step"), bounds_of(value), strict=True))
            return bounds.get(node.attr) or (constant(infer.span(node), None) if node.attr in bounds and is_simple(value) else None)
        if not _is_match(value) or node.attr not in ("string", "re", "lastgroup", "lastindex"):
            return None
        steps: list[Step] = []
        held = require(infer, node, value, "AttributeError", missing(node.attr), steps)
        span = infer.span(node)
        if node.attr in ("lastgroup", "lastindex"):
            found = _closed_last(infer, node, held, named=node.attr == "lastgroup")
            return after(span, steps, found) if isinstance(found, Known) else found
        of_pattern = operated(span, OF_A_MATCH, "record.of", field_of(held, "source"))
        return after(span, steps, field_of(held, "text") if node.attr == "string" else of_pattern)


def _closed_last(infer: Inference, node: ast.AST, match: Known, *, named: bool) -> Fact | None:
    """Return the group that closed last, by its number or name; None where that is not known."""
    groups, span = match_groups(match), infer.span(node)
    closed = closing(groups)
    if closed is None:
        return None
    numbers, always = closed
    found: Known | None = None if always else constant(span, None)
    for number in numbers:
        value = constant(span, number)
        if named:
            name = name_of_group(groups[number - 1])
            value = Known(span, TEXT, Constant(name)) if name else constant(span, None)
        start = operated(span, INT, "list.get", field_of(match, "marks"), constant(span, 2 * number))
        found = value if found is None else _chosen(infer, span, compared("ge", start, constant(span, 0)), value, found)
        if found is None:
            return None
    return found


def _chosen(infer: Inference, span: Span, test: Known, then: Known, otherwise: Known) -> Known | None:
    type_ = infer.generalise(then.type, otherwise.type)
    return None if type_ is None else Known(span, type_, Chosen(test, coerced(infer, then, type_), coerced(infer, otherwise, type_)))


def _of_pattern(infer: Inference, node: ast.Attribute, value: Known) -> Fact | None:
    if node.attr == "pattern":
        return field_of(value, "source")
    assert isinstance(value.type, LibraryRef)
    if node.attr not in ("flags", "groups") or not value.type.known:
        return None
    pattern = known_pattern(value.type)
    effects = [] if is_simple(value) else [Evaluated(value.span, value)]
    return after(infer.span(node), effects, constant(infer.span(node), pattern.flags if node.attr == "flags" else len(pattern.groups)))


def _is(value: Known, name: str) -> bool:
    return isinstance(value.type, LibraryRef) and value.type.python_class == name


def _is_match(value: Known) -> bool:
    return _is(value, MATCH)


def _took_place(infer: Inference, node: ast.AST, value: Known) -> Known:
    return is_not_empty(infer, node, length_of(infer.span(node), "list.length", field_of(value, "marks")))


def _compared_with_none(infer: Inference, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact | None:
    if NONE not in (left.type, right.type):
        return None
    value = left if right.type == NONE else right
    if not _is_match(value):
        return decided(infer, node, negated, [left, right])
    return negated_where(not negated, infer, node, _took_place(infer, node, value))


def missing(name: str) -> str:
    """Return what CPython says where None is asked for an attribute."""
    return f"'NoneType' object has no attribute '{name}'"


def require(infer: Inference, node: ast.AST, value: Known, exception: str, message: str, steps: list[Step]) -> Known:
    """Return a match that is evaluated once; where it is None, an exception is raised."""
    span = infer.span(node)
    held = once(infer, value, "match", steps)
    nothing = compared("eq", length_of(span, "list.length", field_of(held, "marks")), constant(span, 0))
    steps.append(Tested(span, nothing, (Raised(span, exception, message),)))
    return held


def group_of(infer: Inference, node: ast.AST, match: Known, index: Known, name: str = "group") -> Fact | None:
    """Return a group of a match that took place, by its number or its name; `name` is the library's function that gives it."""
    assert isinstance(match.type, LibraryRef)
    steps: list[Step] = []
    if index.type == TEXT:
        number = number_of(match.type.known, index)
        index = constant(infer.span(node), number) if number is not None else _looked_up(infer, node, match, index, steps)
    if index.type not in INTS:
        return None
    if name == "group" and may_take_no_part(match.type.known, index):
        name = "group_or_none"
    found = infer.library(node, "pattern_results", name, [*_read(match), to_int(index)])
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _looked_up(infer: Inference, node: ast.AST, match: Known, name: Known, steps: list[Step]) -> Known:
    """Return the number of the group that a text names, that of none where there is no such group."""
    span, names = infer.span(node), names_of(match_groups(match))
    held, found = once(infer, name, "name", steps), constant(span, len(names) + 1)
    for number, text in enumerate(names, start=1):
        same = infer.compare(node, "eq", held, Known(span, TEXT, Constant(text)))
        if text and isinstance(same, Known):
            found = Known(span, INT, Chosen(same, constant(span, number), found))
    return found


def may_take_no_part(groups: Sequence[str], index: Known) -> bool:
    """Tell whether the group of a number may have taken no part in a match: where the number is not known, whether any may."""
    number = index.constant
    if not isinstance(number, int):
        return any(group.endswith(OPTIONAL) for group in groups)
    return 1 <= number <= len(groups) and groups[number - 1].endswith(OPTIONAL)


def number_of(groups: Sequence[str], name: Known) -> int | None:
    """Return the number of a group that a constant names: one that there is not for another name; None for what is no constant."""
    text = known_text(name)
    if text is None:
        return None
    names = names_of(groups)
    return names.index(text) + 1 if text and text in names else len(groups) + 1


def names_of(groups: Sequence[str]) -> list[str]:
    """Return the names of groups, "" for one without."""
    return [*map(name_of_group, groups)]


def _read(match: Known) -> list[Known]:
    return [field_of(match, "text"), field_of(match, "marks")]


def matches_stream(infer: Inference, value: Known, steps: list[Step]) -> Stream:
    """Go over the matches of what finditer gave; who begins again goes on where the last one stopped."""
    assert isinstance(value.type, LibraryRef)
    span, groups = value.span, value.type.known
    held = hold(infer, value, "matches", steps)
    width = constant(span, 2 + 2 * len(groups))

    def take(taken: list[Step]) -> Fact:
        start = hold(infer, field_of(held, "next"), "start", taken)
        stop = hold(infer, primitive(span, INT, "int.add", start, width, proven=True), "stop", taken)
        taken.append(Evaluated(span, operated(span, NONE, "record.set", held, stop, name="next")))
        marks = operated(span, ListRef(INT), "list.part", field_of(held, "marks"), start, stop)
        made = operated(span, match_type(groups), "record.of", field_of(held, "text"), marks, field_of(held, "source"))
        return hold(infer, made, "match", taken)

    def test() -> Known:
        return compared("lt", field_of(held, "next"), length_of(span, "list.length", field_of(held, "marks")))

    return Stream(test, take)
