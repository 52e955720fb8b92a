"""Functions that are written for a program where Python's own machinery would call its special methods: as Python, inferred like user code.

Each stands for what CPython does in C between two calls of the program's own methods. The text is parsed once; what is made of it stands
where the program needs it, so that what goes wrong is told there.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Sequence

from portalis.translator.frontend.facts.making import MADE
from portalis.translator.frontend.facts.model import Fact, Known
from portalis.translator.frontend.infer.applying import call_specialised
from portalis.translator.frontend.infer.frame import Frame
from portalis.translator.frontend.read.module_scope import InnerFunction

_TEXT = """
def iterator(it):
    while True:
        try:
            item = it.__next__()
        except StopIteration:
            return
        yield item

def later(it):
    yield from it

def asked_again(it, before):
    for _ in range(before):
        try:
            item = it.__next__()
        except StopIteration:
            return
        yield item
    yield from list(it)

def following(it, default):
    try:
        return it.__next__()
    except StopIteration:
        return default

def ended_with(value):
    if value is not None:
        raise StopIteration(value)

def indexed(it):
    at = 0
    while True:
        try:
            item = it[at]
        except (IndexError, StopIteration):
            return
        yield item
        at += 1

def indexed_again(it, before):
    at = 0
    while True:
        if at == before:
            len(it)
        try:
            item = it[at]
        except (IndexError, StopIteration):
            return
        yield item
        at += 1

def backwards(it, length):
    at = length - 1
    while at >= 0:
        try:
            item = it[at]
        except (IndexError, StopIteration):
            return
        yield item
        at -= 1

def elements(counts):
    for key, count in counts.items():
        for _ in range(count):
            yield key

def counted(start, step):
    while True:
        yield start
        start = start + step

def chained(several):
    for one in several:
        yield from one

def teed(source, seen):
    at = 0
    while True:
        if at == len(seen):
            try:
                seen.append(next(source))
            except StopIteration:
                return
        yield seen[at]
        at += 1

def summed(it, start):
    for item in it:
        start = start + item
    return start

def greatest(it):
    best = it[0]
    for item in it[1:]:
        if item > best:
            best = item
    return best

def least(it):
    best = it[0]
    for item in it[1:]:
        if item < best:
            best = item
    return best

def columns(rows):
    listed = [[item for item in row] for row in rows]
    at = 0
    while len(listed) > 0 and at < len(listed[0]):
        yield tuple([row[at] for row in listed])
        at += 1

def in_turn(rows):
    while len(rows) > 0:
        taken = []
        for row in rows:
            try:
                taken.append(next(row))
            except StopIteration:
                return
        yield tuple(taken)

def abreast(rows):
    at = 0
    while len(rows) > 0:
        taken = []
        for row in rows:
            if at >= len(row):
                return
            taken.append(row[at])
        yield tuple(taken)
        at += 1

def longest(rows, fill):
    ended = [False for row in rows]
    active = len(rows)
    at = 0
    while active > 0:
        taken = []
        for place, row in enumerate(rows):
            if not ended[place] and at >= len(row):
                ended[place] = True
                active -= 1
            taken.append(fill if ended[place] else row[at])
        if active > 0:
            yield tuple(taken)
        at += 1

def longest_in_turn(rows, fill):
    ended = [False for row in rows]
    active = len(rows)
    while active > 0:
        taken = []
        for place, row in enumerate(rows):
            if not ended[place]:
                try:
                    taken.append(next(row))
                    continue
                except StopIteration:
                    ended[place] = True
                    active -= 1
            taken.append(fill)
        if active > 0:
            yield tuple(taken)

def side_by_side(rows):
    at = 0
    while len(rows) > 0:
        taken = []
        for row in rows:
            count = len(taken)
            if at >= len(row):
                if count > 0:
                    raise ValueError(f"zip() argument {count + 1} is shorter than argument{'s 1-' if count > 1 else ' '}{count}")
                for other in rows[1:]:
                    count += 1
                    if at < len(other):
                        raise ValueError(f"zip() argument {count + 1} is longer than argument{'s 1-' if count > 1 else ' '}{count}")
                return
            taken.append(row[at])
        yield tuple(taken)
        at += 1

def put_once(entries, key, value):
    if key in entries:
        raise TypeError(f"dict() got multiple values for keyword argument '{key}'")
    entries[key] = value

def put_all_once(entries, others):
    for key, value in others.items():
        if key in entries:
            raise TypeError(f"dict() got multiple values for keyword argument '{key}'")
        entries[key] = value

def keys_of(values, key):
    held = values[:]
    values.clear()
    modified = False
    try:
        keys = [key(item) for item in held]
    finally:
        modified = len(values) > 0
        values.clear()
        values.extend(held)
    return keys, modified

def groups(it, key, ahead, keys):
    try:
        ahead.append(next(it))
    except StopIteration:
        return
    keys.append(key(ahead[0]))
    keys.append(keys[0])
    while True:
        keys[0] = keys[1]
        yield keys[0]
        while len(ahead) == 0 or keys[1] in [keys[0]]:
            ahead.clear()
            try:
                ahead.append(next(it))
            except StopIteration:
                return
            keys[1] = key(ahead[0])

def group(it, key, ahead, keys):
    while True:
        if len(ahead) == 0:
            try:
                ahead.append(next(it))
            except StopIteration:
                return
            keys[1] = key(ahead[0])
        if keys[1] not in [keys[0]]:
            return
        yield ahead.pop()

def view_less(left, right):
    found = set(left)
    found.difference_update(right)
    return found

def view_with(left, right):
    found = set(left)
    for item in right:
        found.add(item)
    return found

def view_merged(left, right):
    found = set(left)
    found.update(right)
    return found

def view_apart(left, right):
    found = set(left)
    found.symmetric_difference_update(right)
    return found

def view_common(left, right):
    if len(right) > len(left):
        return {item for item in left if item in right}
    return {item for item in right if item in left}

def view_common_set(left, right):
    if len(right) < len(left):
        return {item for item in right if item in left}
    return {item for item in left if item in right}

def view_common_pairs(left, right):
    if len(right) > len(left):
        known = set(right)
        return {item for item in left if item in known}
    known = set(left)
    return {item for item in right if item in known}

def view_within(left, right):
    if len(left) > len(right):
        return False
    for item in left:
        if item not in right:
            return False
    return True

def slice_indices(start, stop, step, length):
    if length < 0:
        raise ValueError("length should not be negative")
    by = 1 if step is None else step
    if by == 0:
        raise ValueError("slice step cannot be zero")
    low, high = (-1, length - 1) if by < 0 else (0, length)
    first = high if by < 0 else low
    last = low if by < 0 else high
    if start is not None:
        first = min(max(start + length if start < 0 else start, low), high)
    if stop is not None:
        last = min(max(stop + length if stop < 0 else stop, low), high)
    return first, last, by

def view_holds(view, items):
    found = 0
    for item in view:
        if item in items:
            found += 1
    return found == len(items)

def contained(it, needle):
    for item in it:
        if item in [needle]:
            return True
    return False
"""

# Tuples of so many classes have columns of their own types.
MOST_COLUMNS = 8
_COLUMNS = "".join(f"def column_{place}(rows):\n    return tuple([row[{place}] for row in rows])\n\n" for place in range(MOST_COLUMNS))
# What the functions that are written ask of Python.
_ASKED = (
    "len",
    "set",
    "min",
    "max",
    "next",
    "iter",
    "tuple",
    "list",
    "range",
    "enumerate",
    "StopIteration",
    "IndexError",
    "TypeError",
    "ValueError",
)


def call_written(frame: Frame, node: ast.AST, name: str, args: Sequence[Known]) -> Fact:
    """Return the call of a function that is written for the place of a node."""
    scope = frame.names.scope
    assert isinstance(node, ast.expr | ast.stmt)
    key = f"line_{node.lineno}_{node.col_offset}_{node.end_col_offset}.{name}"
    asked = {inner.id for inner in ast.walk(_definitions()[name]) if isinstance(inner, ast.Name)}
    if any(scope.binds(one) for one in _ASKED if one in asked):
        return frame.refuse("P0309", node, "a built-in name means something else in this file", "give what it means a name of its own")
    if key not in scope.inner:
        scope.inner[key] = InnerFunction(placed(_definitions()[name], node), ())
    return call_specialised(frame, node, scope, key, list(args), [None] * len(args))


def placed(definition: ast.FunctionDef, where: ast.expr | ast.stmt) -> ast.FunctionDef:
    """Return a copy of a definition of which every part stands where `where` does."""
    made = _copied(definition)
    for number, inner in enumerate(ast.walk(made)):
        # All stand at one place: the objects that they make are told apart by this alone.
        setattr(inner, MADE, number)
        if "lineno" in inner._attributes:
            ast.copy_location(inner, where)
    assert isinstance(made, ast.FunctionDef)
    return made


def _copied(node: ast.AST) -> ast.AST:
    fields = {name: _copied_field(value) for name, value in ast.iter_fields(node)}
    return type(node)(**fields)


def _copied_field(value: object) -> object:
    if isinstance(value, list):
        return [_copied_field(item) for item in value]
    return _copied(value) if isinstance(value, ast.AST) else value


@functools.cache
def _definitions() -> dict[str, ast.FunctionDef]:
    return {item.name: item for item in ast.parse(_TEXT + _COLUMNS).body if isinstance(item, ast.FunctionDef)}
