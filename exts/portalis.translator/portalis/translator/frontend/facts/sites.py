"""Where objects are made: one type variable an allocation site, growing from nothing as values are put in, united where objects meet.

A list display says what it holds, an empty one nothing; what `append` puts in grows the site that the list's type names. What has grown is
known in the next round of the function's inference, in which the display has the grown type from the start. Sites whose objects one name,
element or parameter can hold are one class, so that their types stay the same.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass, field, replace

from portalis.translator.frontend.facts.contents import (
    MAX_LEVELS,
    Contents,
    as_any_length,
    can_be_tied,
    contents_of,
    held_by,
    holding,
    is_deep,
    is_knot,
    known_of_both,
    nests,
    parts_of,
    tied_with,
    with_contents,
)
from portalis.translator.frontend.facts.tuples import are_alike, differ_in_length
from portalis.translator.ir.closures import closure_key, function_of, is_function
from portalis.translator.ir.types import (
    INT,
    MAX_MEMBERS,
    NEVER,
    NONE,
    STR,
    WIDE,
    DictRef,
    LibraryRef,
    ListRef,
    SetRef,
    TupleType,
    Type,
    UnionType,
    members_of,
    union_of,
)

# How many functions a value may be one of.
MAX_FUNCTIONS = 32
# Of the sites that belong to no specialisation, but to a field.
_FIELD = "field"
# How many kinds of closures of one function there may be.
_CONTEXTS = 12


@dataclass(slots=True)
class Sites:
    """The sites of one session. `dirty` are the owners (specialisations) of which more is known than their last round knew.

    `mixes`: what is of several types is a union, which only objects by reference have.
    """

    mixes: bool = False
    dirty: set[Hashable] = field(default_factory=set)
    # What the owners give, where that is of several types.
    results: dict[Hashable, Type] = field(default_factory=dict)
    # What instances hold, by class and field, in the order in which they were seen first; whether that grew in this round of the program,
    # and whether no round will follow in which more is known.
    fields: dict[str, dict[str, Type]] = field(default_factory=dict)
    grew: bool = False
    settled: bool = False
    # Which specialisations make closures of a function, each with what its closures are told apart by.
    contexts: dict[str, dict[Hashable, str]] = field(default_factory=dict)
    _numbers: dict[tuple[Hashable, Hashable], int] = field(default_factory=dict)
    _owners: list[Hashable] = field(default_factory=lambda: [None])
    _parents: list[int] = field(default_factory=lambda: [0])
    _contents: dict[int, Contents] = field(default_factory=dict)

    def site(self, owner: Hashable, place: Hashable) -> int:
        """Return the number of the site at a place of a specialisation; numbers begin at 1."""
        found = self._numbers.get((owner, place))
        if found is None:
            found = self._numbers[owner, place] = len(self._parents)
            self._parents.append(found)
            self._owners.append(owner)
        return found

    def forget(self, owner: Hashable) -> None:
        """Start a round of an owner's inference."""
        self.dirty.discard(owner)

    def give(self, owner: Hashable, type_: Type) -> None:
        """Record that an owner gives values that have to be coerced to this type."""
        self.results[owner] = type_
        self.dirty.add(owner)

    def stored(self, name: str, attribute: str, type_: Type) -> Type | None:
        """Record that a field of a class holds values of a type; return what it holds altogether, None where that cannot be."""
        owner, fields = (_FIELD, name, attribute), self.fields.setdefault(name, {})
        known = fields.get(attribute)
        joined = type_ if known is None else self.generalise(self._current(known, ()) if known.refers else known, type_)
        if joined is None:
            return None
        if joined.refers:
            owned = self.own(joined, owner, ())
            joined = self.unify(owned, joined)
        if joined is None:
            return None
        if joined != known:
            self.grew = True
        fields[attribute] = joined
        return joined

    def held(self, name: str, attribute: str) -> Type | None:
        """Return what a field of a class holds, as far as that is known."""
        known = self.fields.get(name, {}).get(attribute)
        return known if known is None or not known.refers else self._current(known, ())

    def context(self, function: str, owner: Hashable, types: Iterable[Type]) -> str:
        """Return what tells the closures of a function that one specialisation makes from those of others.

        A specialisation that is given such closures makes no further kind of them: composing again and again would have no end.
        """
        known = self.contexts.setdefault(function, {})
        if owner not in known:
            endless = len(known) >= _CONTEXTS or any(self._mentions(type_, function, set()) for type_ in types)
            known[owner] = "any" if endless else str(len(known) + 1)
        return known[owner]

    def _mentions(self, type_: Type, function: str, seen: set[str]) -> bool:
        """Tell whether a value of a type is, or holds, a closure of a function."""
        key = closure_key(type_)
        if key is not None:
            if function_of(key) == function:
                return True
            inner: Iterable[Type] = () if key in seen else list(self.fields.get(key, {}).values())
            seen.add(key)
        elif isinstance(type_, ListRef | DictRef | SetRef):
            inner = contents_of(type_)
        elif isinstance(type_, LibraryRef):
            inner = (
                () if type_.python_class in seen else [*self.fields.get(type_.python_class, {}).values(), *(t for _, t in type_.storage)]
            )
            seen.add(type_.python_class)
        else:
            inner = parts_of(type_) if isinstance(type_, UnionType | TupleType) else ()
        return any(self._mentions(one, function, seen) for one in inner)

    def begin_round(self, settled: bool) -> None:
        """Begin to go over the whole program."""
        self.grew, self.settled = False, settled
        self.dirty -= {owner for owner in self.dirty if isinstance(owner, tuple) and owner[0] == _FIELD}

    @property
    def instances_grew(self) -> bool:
        """Whether instances hold more than was known when this round began."""
        return self.grew or any(isinstance(owner, tuple) and owner[0] == _FIELD for owner in self.dirty)

    def made(self, site: int, type_: ListRef | DictRef | SetRef) -> ListRef | DictRef | SetRef | None:
        """Return the type of an object made at a site whose contents are at least those of `type_`; None where they cannot meet."""
        known = self._contents.get(self._root(site))
        placed = replace(type_, site=site)
        found = held_by(placed) if known is None else self._all_widened(self._all_current(known), held_by(type_))
        if found is not None and nests(holding(placed, found), MAX_LEVELS):
            found = self.tied(holding(placed, found))
        return None if found is None else holding(placed, found)

    def _all_current(self, types: Contents, within: tuple[int, ...] = ()) -> Contents:
        """Return types with what the sites in them have grown to since they were recorded; `within` are the sites that lead to them."""
        found = tuple([self._current(one, within) if one.refers else one for one in types])
        return types if found == types else found

    def _current(self, type_: Type, within: tuple[int, ...]) -> Type:
        if isinstance(type_, ListRef | DictRef | SetRef):
            root = self._root(type_.site)
            known = None if root in within else self._contents.get(root)
            latest = type_ if known is None else holding(type_, known)
            contents = contents_of(latest)
            found = self._all_current(contents, (*within, root) if root else within)
            return latest if found == contents else with_contents(latest, found)
        if isinstance(type_, TupleType | UnionType):
            parts = type_.items if isinstance(type_, TupleType) else type_.members
            found = self._all_current(parts, within)
            if found is parts:
                return type_
            return replace(type_, items=found) if isinstance(type_, TupleType) else UnionType(found)
        return type_

    def unify(self, left: Type, right: Type) -> Type | None:
        """Return the type of what can be either as it stands, growing and uniting the sites of both; None where there is none."""
        if isinstance(left, ListRef | DictRef | SetRef) and type(left) is type(right):
            assert isinstance(right, ListRef | DictRef | SetRef)
            kinds = [one.kind if isinstance(one, DictRef) else one.python_class for one in (left, right)]
            return self._unify_objects(left, right) if kinds[0] == kinds[1] else None
        if isinstance(left, LibraryRef) and isinstance(right, LibraryRef):
            return self._unify_library(left, right)
        if isinstance(left, TupleType) and isinstance(right, TupleType) and are_alike(left, right):
            if left == right and not left.refers:
                return left
            items = [self.unify(one, other) for one, other in zip(left.items, right.items, strict=True)]
            found = tuple(item for item in items if item is not None)
            return replace(left, items=found) if len(found) == len(items) else None
        if isinstance(left, UnionType) and isinstance(right, UnionType) and left.python_class == right.python_class:
            members = [self.unify(one, other) for one, other in zip(left.members, right.members, strict=True)]
            same = tuple(member for member in members if member is not None)
            return UnionType(same) if len(same) == len(members) else None
        if left == right or right == NEVER:
            return left
        return right if left == NEVER else None

    def generalise(self, left: Type, right: Type) -> Type | None:
        """Return the type that holds values of either after `coerced`: as `unify`, tuples element by element or as some of any length,
        and else a union; None where that has too many members, or one can change in place."""
        found = self.unify(left, right) if not differ_in_length(left, right) else None
        if found is not None:
            return found
        if (left, right) in ((INT, WIDE), (WIDE, INT)):
            return WIDE
        if isinstance(left, ListRef) and isinstance(right, ListRef) and left.frozen == right.frozen:
            if left.site and right.site:
                # These are objects that are made: nothing makes others of them.
                return None
            if is_knot(left) or is_knot(right):
                return None
            item = self.generalise(left.item, right.item)
            return None if item is None else ListRef(item, left.site, left.frozen)
        if isinstance(left, TupleType) and isinstance(right, TupleType) and are_alike(left, right):
            items = [self.generalise(one, other) for one, other in zip(left.items, right.items, strict=True)]
            joined = tuple(item for item in items if item is not None)
            return replace(left, items=joined) if len(joined) == len(items) else None
        one, other = self.any_length(left), self.any_length(right)
        if one is not None and other is not None:
            item = self.generalise(one.item, other.item)
            return None if item is None else ListRef(item, one.site, frozen=True)
        return self._either(left, right)

    def any_length(self, type_: Type) -> ListRef | None:
        """Return a tuple's type as that of a tuple of any length; None where its elements are of too many types, or it is none."""
        if not isinstance(type_, TupleType) or not self.mixes or type_.named:
            return as_any_length(type_)
        item: Type | None = NEVER
        for one in type_.items:
            item = None if item is None else self.generalise(item, one)
        return None if item is None else ListRef(item, frozen=True)

    def _either(self, left: Type, right: Type) -> Type | None:
        """Return the union of two types; what has one class in both is one member."""
        if not self.mixes or left == STR or right == STR or left.mutable or right.mutable:
            return None
        if any(isinstance(one, LibraryRef) and one.holds_none for side in (left, right) for one in members_of(side)):
            # None is such an object itself, and of a union with it the number of a member would not tell.
            return left if right == NONE else right if left == NONE else None
        found = {member.python_class: member for member in members_of(left)}
        for member in members_of(right):
            known = found.get(member.python_class)
            joined = member if known is None else None if known == left and member == right else self.generalise(known, member)
            if joined is None:
                return None
            found[member.python_class] = joined
        # All functions have one class: which one a value is, is one more thing that it knows.
        classes = {"function" if is_function(member) else name for name, member in found.items()}
        allowed = len(classes) <= MAX_MEMBERS and len(found) <= MAX_FUNCTIONS
        return union_of(found.values()) if allowed and not is_deep(found.values()) else None

    def _all_widened(self, left: Contents, right: Contents) -> Contents | None:
        joined = [self.generalise(one, other) for one, other in zip(left, right, strict=True)]
        found = tuple(one for one in joined if one is not None)
        return found if len(found) == len(joined) else None

    def _unify_objects(self, left: ListRef | DictRef | SetRef, right: ListRef | DictRef | SetRef) -> Type | None:
        one_site = self._root(left.site) == self._root(right.site)
        if one_site and left == right:
            contents: Contents | None = held_by(left)
        elif is_knot(left) or is_knot(right):
            contents = self.tied(left, right)
        else:
            contents = self._all_widened(*[self._all_current(held_by(side)) for side in (left, right)])
        if contents is None:
            return None
        self._unite(left.site, right.site)
        if left.site and self._holds(contents, self._root(left.site)):
            contents = self.tied(holding(left, contents))
            if contents is None:
                return None
        for side in (left, right):
            if contents != held_by(side) and not self._grow(side, contents):
                return None
        return holding(left, contents)

    def tied(self, *given: ListRef | DictRef | SetRef) -> Contents | None:
        """Return what lists or dicts hold that hold one another, directly or as members of unions; None where that cannot be one type.

        They are `given`, and those of their class that these hold: a value has one type of each class. Their sites become one.
        """
        first, waiting, sites = given[0], list[Type](given), set[int]()
        keys: list[Type] = [NEVER] * (len(contents_of(first)) - 1)
        beside: Type = NEVER
        while waiting:
            one = waiting.pop()
            if not can_be_tied(one, first):
                return None
            if one.site and self._root(one.site) not in sites:
                sites.add(self._root(one.site))
                waiting.append(self._current(one, ()))
            others = [member for member in members_of(contents_of(one)[-1]) if member.python_class != first.python_class]
            waiting += [member for member in members_of(contents_of(one)[-1]) if member.python_class == first.python_class]
            joined = self._all_widened((*keys, beside), (*contents_of(one)[:-1], union_of(others) if others else NEVER))
            if joined is None:
                return None
            *keys, beside = joined
        sites = {self._root(site) for site in sites}
        if any(self._holds((*keys, beside), root) for root in sites):
            return None
        return self._settle(sites, held_by(tied_with(first, (*keys, beside))))

    def _settle(self, roots: Collection[int], contents: Contents) -> Contents:
        """Make sites one whose objects hold these types."""
        kept = min(roots, default=0)
        for root in sorted(roots):
            if self._contents.pop(root, None) != contents:
                self.dirty.add(self._owners[root])
            self._parents[root] = kept
        if kept:
            self._contents[kept] = contents
        return contents

    def _unify_library(self, left: LibraryRef, right: LibraryRef) -> Type | None:
        """Unify objects of one class of the library, field by field."""
        known = known_of_both(left, right)
        if (left.python_class, len(left.storage)) != (right.python_class, len(right.storage)) or known is None:
            return None
        fields = [(name, self.unify(one, other)) for (name, one), (_, other) in zip(left.storage, right.storage, strict=True)]
        found = tuple((name, type_) for name, type_ in fields if type_ is not None)
        return replace(left, storage=found, known=known) if len(found) == len(fields) else None

    def _grow(self, type_: ListRef | DictRef | SetRef, contents: Contents) -> bool:
        """Record what objects of a type's site hold; False where the site is nobody's."""
        if not type_.site:
            return False
        root = self._root(type_.site)
        known = self._contents.get(root)
        if known is not None and known != contents:
            found = self._all_widened(self._all_current(known), contents)
            if found is None:
                return False
            contents = found
        grown = holding(type_, contents)
        tied = self.tied(grown) if self._holds(contents, root) or nests(grown, MAX_LEVELS) else contents
        if tied is None or is_deep(tied):
            return False
        self._contents[self._root(root)] = tied
        self.dirty.add(self._owners[type_.site])
        return True

    def _holds(self, types: Iterable[Type], root: int) -> bool:
        """Tell whether types are of objects that a site makes, or hold such: they would hold one another without end."""
        for type_ in types:
            if isinstance(type_, ListRef | DictRef | SetRef):
                if self._root(type_.site) == root or self._holds(contents_of(type_), root):
                    return True
            elif isinstance(type_, UnionType | TupleType) and self._holds(parts_of(type_), root):
                return True
        return False

    def _unite(self, left: int, right: int) -> None:
        one, other = self._root(left), self._root(right)
        if one == other or not (left and right):
            return
        contents = self._contents.pop(other, None)
        self._parents[other] = one
        if contents is None:
            return
        known = self._contents.get(one)
        self._contents[one] = contents if known is None else tuple(
            self.generalise(first, second) or first for first, second in zip(known, contents, strict=True)
        )  # fmt: skip

    def _root(self, site: int) -> int:
        while self._parents[site] != site:
            self._parents[site] = self._parents[self._parents[site]]
            site = self._parents[site]
        return site

    def own(self, type_: Type, owner: Hashable, place: tuple[Hashable, ...]) -> Type:
        """Return a type that came from another specialisation with sites of this one, by their place in it."""
        if isinstance(type_, ListRef | DictRef | SetRef):
            inner = [self.own(item, owner, (*place, index)) for index, item in enumerate(contents_of(type_))]
            site = self.site(owner, (*place, type(type_).__name__))
            owned = with_contents(replace(type_, site=site), tuple(inner))
            return self.made(site, owned) or owned
        if isinstance(type_, UnionType):
            return UnionType(tuple([self.own(member, owner, (*place, index)) for index, member in enumerate(type_.members)]))
        if isinstance(type_, LibraryRef):
            fields = [(name, self.own(item, owner, (*place, name))) for name, item in type_.storage]
            return replace(type_, storage=tuple(fields))
        if isinstance(type_, TupleType) and type_.refers:
            return replace(type_, items=tuple([self.own(item, owner, (*place, index)) for index, item in enumerate(type_.items)]))
        return type_
