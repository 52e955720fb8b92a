"""Inputs that have no value, found before anything runs: their lanes would fail in every frame."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from pxr import Usd

from portalis.translator.ir.types import ListType
from portalis.translator.stage.plan.bindings import BindingKey
from portalis.translator.stage.plan.elements import UNAUTHORED
from portalis.translator.stage.plan.resolved import AttributeSource, ResolvedBinding, ResolvedInput
from portalis.translator.stage.problems import StageProblem


def unvalued(
    stage: Usd.Stage, bindings: Sequence[ResolvedBinding], valued: Collection[BindingKey]
) -> list[tuple[ResolvedBinding, StageProblem]]:
    """Return the bindings that read an attribute which has no value at any time, and which nobody but themselves writes.

    Those that are `valued` are known to have all values and to read no array. An array of another length than the list that takes it is a
    warning: another frame may have the length.
    """
    asked = [item for item in bindings if item.key not in valued]
    writers = {path for item in bindings for path in item.written} if asked else set()
    found = []
    for item in asked:
        for port, source in _read(item):
            if source.path in writers and source.path not in item.written:
                continue
            attribute = stage.GetAttributeAtPath(source.path)
            if not attribute:
                # Composed of what prims have, which always has a value.
                continue
            if not attribute.HasValue():
                if not _may_be_absent(item, port, source):
                    found.append((item, _no_value(port, source)))
            elif (problem := _another_length(stage, attribute, item, port)) is not None:
                found.append((item, problem))
    return found


def _read(item: ResolvedBinding) -> Iterator[tuple[ResolvedInput, AttributeSource]]:
    for port in item.inputs:
        if isinstance(port.source, AttributeSource):
            yield port, port.source


def _may_be_absent(item: ResolvedBinding, port: ResolvedInput, source: AttributeSource) -> bool:
    """Tell whether something stands for an attribute without a value: a default, an identity, what UsdGeom says of elements."""
    name = source.path.rpartition(".")[2]
    return port.default is not None or port.initial or name.startswith("xformOp:") or (item.key.kind == "crowd" and name in UNAUTHORED)


def _no_value(port: ResolvedInput, source: AttributeSource) -> StageProblem:
    help_ = f"author one, or bind again with --input {port.name}=VALUE, or give the parameter a default"
    return StageProblem("PS120", f"the input {port.name} reads this attribute, which has no value", source.path, help_)


def _another_length(stage: Usd.Stage, attribute: Usd.Attribute, item: ResolvedBinding, port: ResolvedInput) -> StageProblem | None:
    """Say that an array is not of the length of the list that takes it, as far as is known before the frames."""
    if item.key.kind != "array" or not isinstance(port.type, ListType) or not attribute.GetTypeName().isArray:
        return None
    length = len(attribute.Get(Usd.TimeCode(stage.GetStartTimeCode())) or ())
    if length == port.type.length or attribute.ValueMightBeTimeVarying():
        return None
    message = f"the input {port.name} is a list of {port.type.length}, and this array has {length} elements"
    return StageProblem(
        "PS122", message, str(attribute.GetPath()), f"give an example with {length} elements, or bind another array", "warning"
    )
