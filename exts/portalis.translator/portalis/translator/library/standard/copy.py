"""`copy`: what is one object before is one afterwards; objects of different types are never one, so that each level has its own memo."""

from __future__ import annotations

from portalis.translator.library.intrinsics import guard, holds_itself, refused

# CPython copies with two frames of Python for each level, and has room for a thousand with those of whoever calls.
DEEPEST = 300


def copy(x):
    if isinstance(x, (list, dict, set)):
        return x.copy()
    if x is None or isinstance(x, (int, float, str, bytes, bool, tuple, frozenset)):
        return x
    return x.__copy__()


def deepcopy(x):
    if holds_itself(x):
        return _nested(x, [], [], [], [], 0)
    below, copies, leaves, leaf_copies = [], [], [], []
    if isinstance(x, list):
        made = []
        for item in x:
            made.append(_item(item, below, copies, leaves, leaf_copies))
        return made
    if isinstance(x, dict):
        entries = x.copy()
        for key in x:
            entries[_unchanging(key)] = _item(x[key], below, copies, leaves, leaf_copies)
        return entries
    if isinstance(x, set):
        return x.copy()
    return _unchanging(x)


def _nested(x, known, copies, leaves, leaf_copies, level):
    """Return a copy of what holds objects of its own type, or the copy that there is."""
    if level > DEEPEST:
        guard("a deep copy of what nests deeper than CPython may have room for")
    for place in range(len(known)):
        if known[place] is x:
            return copies[place]
    made = x.copy()
    known.append(x)
    copies.append(made)
    if isinstance(x, list):
        for place in range(len(x)):
            item = x[place]
            if isinstance(item, list):
                made[place] = _nested(item, known, copies, leaves, leaf_copies, level + 1)
            else:
                made[place] = _leaf(item, leaves, leaf_copies)
    else:
        for key in x:
            item = x[key]
            if isinstance(item, dict):
                made[_unchanging(key)] = _nested(item, known, copies, leaves, leaf_copies, level + 1)
            else:
                made[key] = _leaf(item, leaves, leaf_copies)
    return made


def _item(item, below, copies, leaves, leaf_copies):
    """Return a copy of what a container holds, or the copy that there is."""
    if isinstance(item, (list, dict, set)):
        for place in range(len(below)):
            if below[place] is item:
                return copies[place]
        made = _container(item, leaves, leaf_copies)
        below.append(item)
        copies.append(made)
        return made
    return _unchanging(item)


def _container(item, leaves, leaf_copies):
    if isinstance(item, list):
        made = []
        for one in item:
            made.append(_leaf(one, leaves, leaf_copies))
        return made
    if isinstance(item, dict):
        entries = item.copy()
        for key in item:
            entries[_unchanging(key)] = _leaf(item[key], leaves, leaf_copies)
        return entries
    return item.copy()


def _leaf(one, leaves, leaf_copies):
    """Return a copy of what the innermost containers are, whose elements cannot change."""
    if isinstance(one, (list, dict, set)):
        for place in range(len(leaves)):
            if leaves[place] is one:
                return leaf_copies[place]
        made = one.copy()
        for inner in made:
            _unchanging(inner)
            if isinstance(one, dict):
                _unchanging(one[inner])
        leaves.append(one)
        leaf_copies.append(made)
        return made
    return _unchanging(one)


def _unchanging(x):
    """Return what cannot change: it stays the object that it is."""
    if x is None or isinstance(x, (int, float, str, bytes, bool, frozenset)):
        return x
    if isinstance(x, tuple):
        for one in x:
            _unchanging(one)
        return x
    refused("P0308", "`copy.deepcopy` of this type has no translation", "copy what it holds yourself")
