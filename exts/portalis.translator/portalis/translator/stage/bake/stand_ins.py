"""The attributes of a bake as prims of a layer, each with one sample that is not yet its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxr import Sdf

from portalis.translator.stage.bake.spool import Spool


def holder_of(spool: Spool) -> int | None:
    """Return the number of the attribute whose stand-ins are the tokens; None where no token was written."""
    tokens = (number for number, attribute in enumerate(spool.attributes) if attribute.codec.family == "token" and spool.first[number] >= 0)
    return next(tokens, None)


def fill(layer: Sdf.Layer, spool: Spool, disabled: Sequence[str]) -> None:
    """Put every attribute that was written, with a blocked sample at the time that is its number, and the switches `disabled` into a layer.

    The layer holds no prims before; its metadata stay. It is read from text: creating specs one by one takes several times as long.
    """
    root = layer.pseudoRoot
    kept = {name: root.GetInfo(name) for name in root.ListInfoKeys() if name not in ("subLayers", "subLayerOffsets", "primChildren")}
    below = list(layer.subLayerPaths)
    layer.ImportFromString("".join(_lines(spool, disabled)))
    for name, value in kept.items():
        root.SetInfo(name, value)
    layer.subLayerPaths = below
    holder = holder_of(spool)
    if holder is not None:
        path = spool.attributes[holder].target.path
        layer.EraseTimeSample(path, float(holder))
        for index, token in enumerate(spool.tokens):
            layer.SetTimeSample(path, float(holder + index), token)


def _lines(spool: Spool, disabled: Sequence[str]) -> Iterator[str]:
    """Yield the text of the layer: a prim is what is said of it in lines, then the prims below it."""
    said: dict[str, list[str]] = {}
    seen: set[str] = set()
    for number, attribute in enumerate(spool.attributes):
        # One whose type an edit changed is there twice.
        if spool.first[number] >= 0 and attribute.target.path not in seen:
            seen.add(attribute.target.path)
            prim, _, name = attribute.target.path.rpartition(".")
            said.setdefault(prim, []).append(f"{attribute.target.type_name} {name}.timeSamples = {{\n{number}: None,\n}}\n")
    for path in disabled:
        prim, _, name = path.rpartition(".")
        said.setdefault(prim, []).append(f"uniform bool {name} = 0\n")
    yield "#usda 1.0\n"
    open_: list[str] = []
    for prim in sorted(said, key=lambda path: path.split("/")):
        names = prim.split("/")[1:]
        shared = sum(1 for _ in _common(open_, names))
        yield "}\n" * (len(open_) - shared)
        yield from (f'over "{name}"\n{{\n' for name in names[shared:])
        yield from said[prim]
        open_ = names
    yield "}\n" * len(open_)


def _common(one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    for left, right in zip(one, other, strict=False):
        if left != right:
            return
        yield left
