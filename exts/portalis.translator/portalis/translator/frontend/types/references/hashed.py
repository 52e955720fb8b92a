"""dict and set: records whose operations are `library/dictionaries.py`'s and `library/sets.py`'s."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace

from portalis.translator.frontend.facts.contents import MAX_NESTING, is_deep
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import TREE_HELP, after, constant, decided, describe, hold
from portalis.translator.frontend.facts.model import Assigned, Evaluated, Fact, Known, Load, Step, Unknown
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.references.dict_kinds import (
    COUNTER,
    DEFAULT,
    begin_default,
    begin_entries,
    combined,
    combined_in_place,
    compare_kinds,
    element_or_default,
    kind_of,
    signed,
)
from portalis.translator.frontend.types.references.hashing import are_never_equal, is_hashable, is_plain_key
from portalis.translator.frontend.types.references.operations import is_not_empty, negated_where, operated, same_object
from portalis.translator.frontend.types.references.streams import Stream, compared
from portalis.translator.frontend.types.sequences.building import make_tuple
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import BOOL, INT, NEVER, TEXT, DictRef, LibraryRef, ListRef, SetRef, TupleType, Type, members_of


class Hashed(Behaviour):
    """What dicts and sets share: they are records that know how many entries they have."""

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return is_not_empty(infer, node, self.measured(infer, node, value))

    def measured(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return operated(infer.span(node), INT, "record.get", value, name="used")

    def identical(self, infer: Inference, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact | None:
        return same_object(infer, node, left, right, negated)


class Dict(Hashed):
    """A dict."""

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        if symbol == "|" and isinstance(right.type, DictRef) and (kind_of(left), kind_of(right)) == ("dict", "dict"):
            return copy_of(infer, node, [left, right])
        return combined(infer, node, symbol, left, right)

    def unary(self, infer: Inference, node: ast.AST, symbol: str, value: Known) -> Fact | None:
        return signed(infer, node, symbol, value)

    def add_in_place(self, infer: Inference, node: ast.AST, symbol: str, value: Known, other: Known) -> Fact | None:
        if kind_of(value) != "dict":
            return combined_in_place(infer, node, symbol, value, other)
        return merge_entries(infer, node, value, other) if symbol == "|" and isinstance(other.type, DictRef) else None

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        if isinstance(right.type, DictRef) and (kind_of(left), kind_of(right)) != ("dict", "dict"):
            return compare_kinds(infer, node, op, left, right)
        if op not in ("eq", "ne") or not isinstance(right.type, DictRef) or infer.unify(left.type, right.type) is None:
            return None
        return negated_where(op == "ne", infer, node, infer.library(node, "dictionaries", "equal", [left, right]))

    def contains(self, infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact | None:
        haystack = grown_for(infer, haystack, {"key": needle})
        assert isinstance(haystack.type, DictRef)
        if is_hashable(needle.type) and all(are_never_equal(needle.type, member) for member in members_of(haystack.type.key)):
            return decided(infer, node, negated, [needle, haystack])
        key = as_sought(infer, haystack, needle)
        if key is None:
            return None
        return negated_where(negated, infer, node, infer.library(node, "dictionaries", "contained", [key, haystack]))

    def stream(self, infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Stream | None:
        return entries_stream(infer, node, value, steps, "keys")

    def element(self, infer: Inference, node: ast.expr, value: Known, index: Sequence[Known]) -> Fact | None:
        value = grown_for(infer, value, {"key": index[0]})
        key = (as_key if kind_of(value) in (DEFAULT, COUNTER) else as_sought)(infer, value, index[0])
        if key is None:
            return None
        if kind_of(value) == DEFAULT:
            return _element_of_default(infer, node, value, key)
        if kind_of(value) == COUNTER:
            assert isinstance(value.type, DictRef)
            return infer.library(node, "counting", "count_of", [value, key]) if value.type.value == INT else None
        return infer.library(node, "dictionaries", "value_of", [value, key])

    def set_element(self, infer: Inference, node: ast.expr, value: Known, index: Known, new: Known) -> Fact | None:
        return store_entry(infer, node, value, index, new)

    def delete_element(self, infer: Inference, node: ast.expr, value: Known, index: Known) -> Fact | None:
        value = grown_for(infer, value, {"key": index})
        key = as_sought(infer, value, index)
        module = "counting" if kind_of(value) == COUNTER else "dictionaries"
        return None if key is None else infer.library(node, module, "delete", [value, key])


def grown_for(infer: Inference, container: Known, given: Mapping[str, Known]) -> Known:
    """Return a dict of which nothing is known yet as one that holds the "key" and "value" given; anything else as it is."""
    type_ = container.type
    if not isinstance(type_, DictRef) or NEVER not in (type_.key, type_.value):
        return container
    key, value = (given[name].type if name in given else NEVER for name in ("key", "value"))
    grown = infer.unify(type_, _with(type_, key, value)) if key == NEVER or is_hashable(key) else None
    return container if grown is None else replace(container, type=grown)


def as_key(infer: Inference, container: Known, key: Known) -> Known | None:
    """Return what is stored in a dict as one of its keys; None where it can be none."""
    assert isinstance(container.type, DictRef)
    return coerced(infer, key, container.type.key) if infer.generalise(container.type.key, key.type) == container.type.key else None


def as_sought(infer: Inference, container: Known, key: Known) -> Known | None:
    """Return what is looked up in a dict: as one of its keys, or as it is where it can be none, and yet equal one (1, 1.0 and True)."""
    found = as_key(infer, container, key)
    return key if found is None and all(is_plain_key(type_) for type_ in members_of(key.type)) else found


def _with(type_: DictRef, key: Type, value: Type) -> DictRef:
    return replace(type_, key=key, value=value, beside=None)


def grown_to_hold(infer: Inference, node: ast.AST, container: Known, key: Known, value: Known) -> Known | Unknown:
    """Return a dict as one that holds a key and a value of these types, too."""
    assert isinstance(container.type, DictRef)
    if NEVER in (key.type, value.type):
        # Nothing is ever put into it here.
        return container
    keys, values = infer.generalise(container.type.key, key.type), infer.generalise(container.type.value, value.type)
    grown = None
    if keys is not None and values is not None and is_hashable(keys):
        grown = infer.unify(container.type, _with(container.type, keys, values))
    if grown is None:
        return infer.refuse(
            "P0302",
            node,
            f"{describe(container.type)} cannot hold {describe(key.type)} and {describe(value.type)}",
            TREE_HELP
            if is_deep((container.type, value.type), MAX_NESTING - 1)
            else "give all keys one type, and all values: float(x), int(x), str(x)",
        )
    return replace(container, type=grown)


def store_entry(infer: Inference, node: ast.AST, container: Known, key: Known, value: Known) -> Fact | None:
    """Return the call that does `container[key] = value`, which lets the dict hold keys and values of these types."""
    grown = grown_to_hold(infer, node, container, key, value)
    if isinstance(grown, Unknown):
        return grown
    assert isinstance(grown.type, DictRef)
    stored = coerced(infer, key, grown.type.key), coerced(infer, value, grown.type.value)
    return infer.library(node, "dictionaries", "store", [grown, *stored])


def _element_of_default(infer: Inference, node: ast.expr, value: Known, key: Known) -> Fact:
    assert isinstance(value.type, DictRef)
    steps: list[Step] = []
    making: list[Step] = []
    key = hold(infer, key, "key", steps)
    default = begin_default(infer, node, value.type, making)
    if isinstance(default, Unknown):
        return default
    assert isinstance(default, Known)
    grown = grown_to_hold(infer, node, value, key, default)
    stored = grown if isinstance(grown, Unknown) else store_entry(infer, node, grown, key, default)
    if isinstance(grown, Unknown) or not isinstance(stored, Known):
        return stored or Unknown(None)
    found = element_or_default(infer, node, grown, key, stored, making)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def merge_entries(infer: Inference, node: ast.AST, entries: Known, other: Known) -> Fact:
    """Return the call that does `entries.update(other)` of another dict."""
    assert isinstance(entries.type, DictRef) and isinstance(other.type, DictRef)
    grown = infer.unify(entries.type, replace(other.type, kind=entries.type.kind))
    if grown is None:
        return infer.refuse(
            "P0302",
            node,
            f"{describe(entries.type)} cannot hold what {describe(other.type)} brings",
            "give all keys one type, and all values",
        )
    return infer.library(node, "dictionaries", "update", [replace(entries, type=grown), other])


def copy_of(infer: Inference, node: ast.AST, given: Sequence[Known]) -> Fact:
    """Return a new dict of the first one's class with the entries of some, those of later ones over those of earlier ones."""
    steps: list[Step] = []
    held = [hold(infer, one, "given", steps) for one in given]
    first = given[0].type
    assert isinstance(first, DictRef)
    counts = first.python_class == COUNTER
    made: Known | Unknown = begin_entries(infer, node, replace(first, key=NEVER, value=INT if counts else NEVER, beside=None), steps)
    for one in held:
        if isinstance(made, Unknown):
            return made
        done = merge_entries(infer, node, made, one)
        if isinstance(done, Unknown):
            return done
        steps.append(Evaluated(infer.span(node), done))
    return made if isinstance(made, Unknown) else after(infer.span(node), steps, made)


def begin_dict(infer: Inference, node: ast.AST, steps: list[Step]) -> Known | Unknown:
    """Make an empty dict in a temporary, to be filled by steps."""
    return begin_entries(infer, node, DictRef(NEVER, NEVER), steps)


def entries_stream(infer: Inference, node: ast.AST, value: Known, steps: list[Step], what: str, *, backwards: bool = False) -> Stream:
    """Go over a dict's keys, values or both; CPython's iterator looks before each element whether the dict has changed its size."""
    assert isinstance(value.type, DictRef)
    type_, span = value.type, value.span
    held = hold(infer, value, "entries", steps)
    used = hold(infer, operated(span, INT, "record.get", held, name="used"), "used", steps)
    hashes = operated(span, ListRef(INT), "record.get", held, name="hashes")
    made = hold(infer, operated(span, INT, "list.length", hashes), "made", steps)
    local = infer.temporary("number", INT)
    steps.append(Assigned(span, local, made if backwards else constant(span, -1)))
    number = Known(span, INT, Load(local))

    def test() -> Known:
        following = infer.binary(node, "-" if backwards else "+", number, constant(span, 1))
        assert isinstance(following, Known)
        found = infer.library(node, "dictionaries", "previous_entry" if backwards else "next_entry", [held, following, used, made])
        assert isinstance(found, Known)
        return after(span, [Assigned(span, local, found)], compared("ge", number, constant(span, 0)))

    def read(field: str, item: Type, taken: list[Step]) -> Known:
        storage = operated(span, ListRef(item), "record.get", held, name=field)
        return hold(infer, operated(span, item, "list.get", storage, number), field, taken)

    def take(taken: list[Step]) -> Fact:
        if what == "keys":
            return read("keys", type_.key, taken)
        if what == "values":
            return read("values", type_.value, taken)
        return make_tuple(infer, node, [read("keys", type_.key, taken), read("values", type_.value, taken)])

    return Stream(test, take)


# --------------------------------------------------------------------------------------------------------------- views
def is_dict_view(type_: Type) -> bool:
    """Tell whether a type is that of views of dicts, which stay inside a translation."""
    return isinstance(type_, LibraryRef) and type_.python_class.startswith("dict_")


def make_view(infer: Inference, node: ast.AST, entries: Known, what: str) -> Known:
    """Return `entries.keys()`, `.values()` or `.items()` as an object."""
    type_ = LibraryRef(f"dict_{what}", (("entries", entries.type),))
    return operated(infer.span(node), type_, "record.of", entries)


def _entries_of(view: Known) -> Known:
    assert isinstance(view.type, LibraryRef)
    return operated(view.span, view.type.storage[0][1], "record.get", view, name="entries")


def _what_of(view: Known) -> str:
    return view.type.python_class.removeprefix("dict_")


def reversed_entries(infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Stream:
    """Go over a dict, or what a view shows of it, from the last entry."""
    if isinstance(value.type, DictRef):
        return entries_stream(infer, node, value, steps, "keys", backwards=True)
    return entries_stream(infer, node, _entries_of(value), steps, _what_of(value), backwards=True)


# The functions of `infer/names/written.py` that make a set of a view and of something else.
_COMBINED = {"-": "view_less", "|": "view_with", "&": "view_common", "^": "view_apart"}


def _item_of(type_: Type) -> Type | None:
    """Return what a set, or a view of keys or pairs, holds; None of all else."""
    if isinstance(type_, SetRef):
        return type_.item
    if not isinstance(type_, LibraryRef) or not is_dict_view(type_) or type_.python_class == "dict_values":
        return None
    entries = type_.storage[0][1]
    assert isinstance(entries, DictRef)
    return entries.key if type_.python_class == "dict_keys" else TupleType((entries.key, entries.value))


def _is_one_of_its_kind(type_: Type | None) -> bool:
    """Tell whether nothing tells values of a type apart that are equal."""
    return type_ in (INT, TEXT, BOOL) or (isinstance(type_, TupleType) and not type_.named and all(map(_is_one_of_its_kind, type_.items)))


class DictView:
    """What a view does as an object: it shows what the dict holds whenever it is asked."""

    def measured(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        """Return how many entries there are."""
        return operated(infer.span(node), INT, "record.get", _entries_of(value), name="used")

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        """Return whether there are entries."""
        return is_not_empty(infer, node, self.measured(infer, node, value))

    def contains(self, infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact | None:
        """Return whether a key is in the dict; values and pairs are asked where they stand."""
        return Dict().contains(infer, node, needle, _entries_of(haystack), negated) if _what_of(haystack) == "keys" else None

    def binary(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        """Return a new set of what views of keys or pairs show, made as CPython makes it; None where equal ones could be told apart."""
        what, other = _what_of(left), right.type
        sides = [_item_of(left.type), _item_of(other)]
        if what == "values" or sides[0] != sides[1] or not all(map(_is_one_of_its_kind, sides)):
            return None
        name = _COMBINED.get(symbol)
        if name is None or (what == "items" and (symbol == "^" or not is_dict_view(other))):
            return None
        if symbol == "&":
            if isinstance(other, SetRef) and other.frozen:
                return None
            name = "view_common_pairs" if what == "items" else "view_common_set" if isinstance(other, SetRef) else name
            return infer.written(node, name, [left, right])
        if symbol == "|" and isinstance(other, SetRef):
            name = "view_merged"
        # CPython makes room for the keys of a plain dict before.
        whole = _entries_of(left)
        return infer.written(node, name, [whole if what == "keys" and whole.type.python_class == "dict" else left, right])

    def reflected(self, infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
        """Return a new set of what a set and a view of keys hold, for which CPython asks the view."""
        item = _item_of(left.type)
        if _what_of(right) != "keys" or not isinstance(left.type, SetRef) or item != _item_of(right.type) or not _is_one_of_its_kind(item):
            return None
        if symbol == "&":
            return None if left.type.frozen else infer.written(node, "view_common_set", [right, left])
        return infer.written(node, _COMBINED[symbol], [left, right]) if symbol in _COMBINED else None

    def stream(self, infer: Inference, node: ast.AST, value: Known, steps: list[Step]) -> Stream:
        """Go over what it shows."""
        return entries_stream(infer, node, _entries_of(value), steps, _what_of(value))

    def compare(self, infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
        """Return whether two views of keys, or of pairs, show the same; of keys also whether one has all that another or a set has."""
        if op in ("le", "ge") and _what_of(left) == "keys" and _item_of(left.type) == _item_of(right.type):
            if op == "ge" and isinstance(right.type, SetRef):
                # Nobody knows the order of a set of texts.
                return infer.written(node, "view_holds", [left, right])
            return infer.written(node, "view_within", [left, right] if op == "le" else [right, left])
        if not is_dict_view(right.type) or _what_of(left) != _what_of(right) or op not in ("eq", "ne") or _what_of(left) == "values":
            return None
        one, other = _entries_of(left), _entries_of(right)
        if infer.unify(one.type, other.type) is None:
            return None
        function = "equal" if _what_of(left) == "items" else "same_keys"
        return negated_where(op == "ne", infer, node, infer.library(node, "dictionaries", function, [one, other]))
