"""What somebody may have meant who wrote a name that is not there, or is that of something else."""

from __future__ import annotations

import difflib
import fnmatch
import functools
from collections.abc import Iterable, Sequence

from pxr import Usd, UsdGeom

# As many names are offered, and as many are looked at one by one.
_OFFERED = 3
_LOOKED_AT = 20_000


def near(word: str, known: Iterable[str]) -> list[str]:
    """Return the names of `known` that are most like `word`, best first: of other case, longer or shorter, or mistyped."""
    return list(_near(word, tuple(dict.fromkeys(known))[:_LOOKED_AT]))


# What is wrong with one prim is wrong with thousands that have the same names.
@functools.lru_cache(64)
def _near(word: str, names: tuple[str, ...]) -> tuple[str, ...]:
    small = word.casefold()
    alike = [name for name in names if name.casefold() == small]
    # inputs:intensity for intensity: what stands behind a namespace is the name that people know.
    alike += [name for name in names if name.casefold().rpartition(":")[2] == small.rpartition(":")[2]]
    # Among those that are equally like it, in the order in which they are known.
    close = difflib.get_close_matches(word, names, n=4 * _OFFERED, cutoff=0.6)
    alike += sorted(close, key=lambda name: (-difflib.SequenceMatcher(None, name, word).ratio(), names.index(name)))
    if len(small) > 2:
        alike += [name for name in names if small in name.casefold() or (len(name) > 2 and name.casefold() in small)]
    return tuple(dict.fromkeys(alike))[:_OFFERED]


def perhaps(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return `did you mean A or B?` where something of `known` is like `word`, else `otherwise`."""
    names = near(word, known)
    return f"did you mean {' or '.join(names)}?" if names else otherwise


def offered(stage: Usd.Stage, pattern: str) -> str:
    """Say which prims somebody may have meant by a path or pattern that matches none."""
    prims = near_prims(stage, pattern)
    absolute = "" if pattern.startswith("/") else "prim paths begin with /; "
    return f"{absolute}did you mean {' or '.join(prims)}?" if prims else f"{absolute}give the path of a prim of the stage"


def rotation_of(attribute: Usd.Attribute) -> str:
    """Return what names the rotation of a prim whose `attribute` is `orientation`, a gprim's token; empty for any other attribute."""
    prim = attribute.GetPrim()
    if attribute.GetName() != UsdGeom.Tokens.orientation or not prim.IsA(UsdGeom.Gprim):
        return ""
    op = "xformOp:orient"
    return f"{prim.GetPath()}.{op if prim.HasAttribute(op) else 'orient'}"


def near_prims(stage: Usd.Stage, pattern: str) -> list[str]:
    """Return paths or patterns of prims like `pattern`, which matches none."""
    paths = [str(prim.GetPath()) for prim in stage.Traverse()]
    if not pattern.startswith("/") and _matches(f"/{pattern}", paths):
        return [f"/{pattern}"]
    below = f"*/{pattern.lstrip('/')}"
    same = _matches(pattern, paths, fold=True) or _matches(below, paths) or _matches(below, paths, fold=True)
    if same:
        return same[:_OFFERED]
    plain = "".join(character for character in pattern if character not in "*?[]").rstrip("/")
    names: dict[str, list[str]] = {}
    for path in paths:
        names.setdefault(path.rpartition("/")[2], []).append(path)
    close = near(plain, paths) if plain else []
    return close or [path for name in near(plain.rpartition("/")[2], names) for path in names[name]][:_OFFERED]


def _matches(pattern: str, paths: Sequence[str], *, fold: bool = False) -> list[str]:
    if fold:
        return [path for path in paths if fnmatch.fnmatchcase(path.casefold(), pattern.casefold())]
    return [path for path in paths if fnmatch.fnmatchcase(path, pattern)]
