"""Which bindings a change of some prims can make right or wrong: those that name one, and whoever shares a written prim with them.

What a binding is resolved to is decided by the prims that it names and by those above them; whether it can run, by who writes what it
reads, writes what it writes, or moves what is above. Bindings that none of this connects know nothing of one another.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from portalis.translator.stage.plan.bindings import OWN, Authored, PrimBinding, placed
from portalis.translator.stage.transforms.names import PREFIX


class _Said:
    """The prims that a binding names, writes to and moves, as its own prim sees them. Where it `follows` others' inputs it names more."""

    def __init__(self, authored: Authored) -> None:
        reads = [path for spec in authored.inputs for path in spec.connections]
        writes = [path for spec in authored.outputs for path in spec.writes]
        moved = [path for path in writes if path.partition(".")[2].startswith(("xformOp:", PREFIX))]
        self.follows = any(":inputs:" in path for path in reads)
        # Its own prim has what it keeps, which others may read.
        self.written = _prims([f"{OWN}.", *writes])
        self.moved = _prims(moved)
        self.named = tuple(dict.fromkeys((*self.written, *_prims(reads), *authored.modules)))


def concerned(bindings: Sequence[PrimBinding], changed: Collection[str]) -> list[bool]:
    """Tell of each binding whether changes of the prims `changed`, or of what is below them, can concern it."""
    if 2 * len(changed) > len(bindings):
        # Most are, and to find out who is not costs more than to look at them.
        return [True] * len(bindings)
    known: dict[int, _Said] = {}
    said = [known.get(id(item.authored)) or known.setdefault(id(item.authored), _Said(item.authored)) for item in bindings]
    named, written, moved = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    for index, (item, its) in enumerate(zip(bindings, said, strict=True)):
        for place, prims in ((named, its.named), (written, its.written), (moved, its.moved)):
            for prim in prims:
                place[placed(item.key.path, prim)].append(index)
    below = sorted(named)
    waiting = [index for index, its in enumerate(said) if its.follows]
    waiting += [index for prim in changed for one in _at_or_below(prim, below) for index in named[one]]
    found = [False] * len(bindings)
    while waiting:
        index = waiting.pop()
        if found[index]:
            continue
        found[index] = True
        owner, its = bindings[index].key.path, said[index]
        for prim in (placed(owner, prim) for prim in its.named):
            waiting += written.get(prim, ())
            waiting += [other for above in _above(prim) for other in moved.get(above, ())] if moved else ()
        for prim in its.written:
            waiting += named[placed(owner, prim)]
        for prim in its.moved:
            waiting += [other for one in _at_or_below(placed(owner, prim), below) for other in named[one]]
    return found


def _prims(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path.partition(".")[0] for path in paths))


def _above(prim: str) -> Iterator[str]:
    while prim:
        prim = prim.rpartition("/")[0]
        yield prim or "/"


def _at_or_below(prim: str, paths: Sequence[str]) -> Iterator[str]:
    """Yield which of the sorted `paths` are a prim or below it."""
    if prim == "/":
        yield from paths
        return
    start = bisect_left(paths, prim)
    if start < len(paths) and paths[start] == prim:
        yield prim
    # What begins with the prim and goes on with another character than a slash stands elsewhere in the order.
    for index in range(bisect_left(paths, f"{prim}/"), len(paths)):
        if not paths[index].startswith(f"{prim}/"):
            return
        yield paths[index]
