"""Inputs that have no value, or one that cannot be passed, when they are first read, found before anything runs: their lanes would fail."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Sized

import numpy as np
from pxr import Usd

from portalis.translator.ir.types import ListType
from portalis.translator.stage.plan.bindings import BindingKey
from portalis.translator.stage.plan.elements import UNAUTHORED
from portalis.translator.stage.plan.interface import EntryName
from portalis.translator.stage.plan.nearest import perhaps
from portalis.translator.stage.plan.resolved import AttributeSource, ResolvedBinding, ResolvedInput
from portalis.translator.stage.problems import Severity, StageProblem
from portalis.translator.stage.values import codec_of

# The entries of a class that run before its first frame, each after all behaviours' one before.
_EARLY: tuple[EntryName, ...] = ("on_init", "on_play")
_LARGEST = 2**63 - 1


def unvalued(
    stage: Usd.Stage, bindings: Sequence[ResolvedBinding], valued: Collection[BindingKey]
) -> list[tuple[ResolvedBinding, StageProblem]]:
    """Return the bindings that read an attribute which has no value where a run starts, or one that cannot be passed.

    What others have written by then is not among them. That an attribute has samples, or value clips, says nothing of a time: blocks and
    gaps are among them. Those that are `valued` are known to have all values, and to read neither arrays nor what may not be passed. An
    array of another length than the list that takes it is a warning, and so is an animated value that cannot be passed: another frame may
    have the length, or the value.
    """
    asked = [item for item in bindings if item.key not in valued]
    start = Usd.TimeCode(stage.GetStartTimeCode())
    writers = {path: item for item in bindings for path in item.written} if asked else {}
    found: list[tuple[ResolvedBinding, StageProblem]] = []
    while asked:
        here = [pair for item in asked for pair in _problems(stage, item, writers, start)]
        refused = {item.key for item, problem in here if problem.severity == "error"}
        found += [pair for pair in here if pair[0].key in refused]
        if not refused:
            return found + here
        # What is refused writes nothing, for which others may wait.
        asked = [item for item in asked if item.key not in refused]
        writers = {path: item for path, item in writers.items() if item.key not in refused}
    return found


def _problems(
    stage: Usd.Stage, item: ResolvedBinding, writers: Mapping[str, ResolvedBinding], start: Usd.TimeCode
) -> Iterator[tuple[ResolvedBinding, StageProblem]]:
    for port, source in _read(item):
        writer = writers.get(source.path)
        if writer is not None and (problem := _unknown_texts(writer, item, port, source.path)) is not None:
            yield item, problem
        if writer is not None and writer.key != item.key and (not source.previous) and _is_early_enough(writer, item, port):
            continue
        attribute = stage.GetAttributeAtPath(source.path)
        if not attribute:
            # Composed of what prims have, which always has a value.
            continue
        value = attribute.Get(start)
        # Of a crowd's array without elements, the lanes of others have none.
        none = value is None or (item.key.kind == "crowd" and attribute.GetTypeName().isArray and not len(value))
        if not none:
            problem = _unpassable(stage, attribute, item, port, start) or _another_length(attribute, item, port, start)
        elif _may_be_absent(item, port, source) or not _has_lanes(stage, item, start):
            continue
        else:
            problem = _no_value(attribute, port, start, waits=writer is not None and writer.key != item.key)
        if problem is not None:
            yield item, problem


def _read(item: ResolvedBinding) -> Iterator[tuple[ResolvedInput, AttributeSource]]:
    for port in item.inputs:
        if isinstance(port.source, AttributeSource):
            yield port, port.source


def _is_early_enough(writer: ResolvedBinding, reader: ResolvedBinding, port: ResolvedInput) -> bool:
    """Tell whether a writer, which runs before the reader, has an entry that comes before the first one that takes the port."""
    takes = [entry for entry, parameters in reader.interface.entries if port.name in [parameter.name for parameter in parameters]]
    early = [entry for entry in _EARLY if entry in takes]
    if not early:
        return True
    before = _EARLY[: _EARLY.index(early[0]) + 1]
    return any(entry in before for entry, _ in writer.interface.entries)


def _has_lanes(stage: Usd.Stage, item: ResolvedBinding, start: Usd.TimeCode) -> bool:
    """Tell whether anything runs that could lack the value: a crowd may have no elements yet."""
    attribute = stage.GetAttributeAtPath(item.elements) if item.elements is not None else None
    if attribute is None or not attribute.HasValue():
        return True
    value = attribute.Get(start)
    return isinstance(value, Sized) and len(value) > 0


def _may_be_absent(item: ResolvedBinding, port: ResolvedInput, source: AttributeSource) -> bool:
    """Tell whether something stands for an attribute without a value: a default, an identity, what UsdGeom says of elements."""
    name = source.path.rpartition(".")[2]
    return port.default is not None or port.initial or name.startswith("xformOp:") or (item.key.kind == "crowd" and name in UNAUTHORED)


def _no_value(attribute: Usd.Attribute, port: ResolvedInput, start: Usd.TimeCode, *, waits: bool) -> StageProblem:
    help_ = f"author one, or bind again with --input {port.name}=VALUE, or give the parameter a default"
    message = f"the input {port.name} reads this attribute, which has no value"
    if waits or attribute.HasValue():
        message = f"{message} at time code {start.GetValue():g}, where a run starts"
    if waits:
        message = f"{message}, and is read before anybody writes it"
    return StageProblem("PS120", message, str(attribute.GetPath()), help_)


def may_be_unpassable(type_name: str) -> bool:
    """Tell whether an attribute of a type that crosses may hold a value that no parameter can get."""
    codec = codec_of(type_name)
    return codec is not None and not codec.array and (codec.family == "token" or codec.dtype == np.uint64)


def _unpassable(
    stage: Usd.Stage, attribute: Usd.Attribute, item: ResolvedBinding, port: ResolvedInput, start: Usd.TimeCode
) -> StageProblem | None:
    """Say that a value is a text which the source does not have, or no int of 64 bits, so that the first frame would end with that."""
    if not may_be_unpassable(str(attribute.GetTypeName())) or not _has_lanes(stage, item, start):
        return None
    value, texts = attribute.Get(start), item.interface.strings
    if isinstance(value, str) and value not in texts:
        what = f"a text that {item.interface.name} does not know"
        help_ = perhaps(value, texts, f"compare {port.name} with it in the source")
    elif isinstance(value, int) and value > _LARGEST:
        what, help_ = "no int of 64 bits", "author a smaller number"
    else:
        return None
    message = f"the input {port.name} reads {value!r} at time code {start.GetValue():g}, where a run starts: {what}"
    # What is animated may have another value in time, and its lane then runs.
    severity: Severity = "warning" if attribute.ValueMightBeTimeVarying() else "error"
    return StageProblem("PS129", message, str(attribute.GetPath()), help_, severity)


def _unknown_texts(writer: ResolvedBinding, reader: ResolvedBinding, port: ResolvedInput, path: str) -> StageProblem | None:
    """Warn of what a writer's source says of a text that its reader's source does not have: a lane that gets it ends with that."""
    if not writer.interface.texts:
        return None
    names = [output.name for output in writer.outputs if path in [target.path for target in output.targets]]
    said = dict.fromkeys(text for name, texts in writer.interface.texts if name in names for text in texts)
    wrong = [text for text in said if text not in reader.interface.strings]
    if not wrong:
        return None
    message = (
        f"{writer.key} writes {' and '.join(map(repr, wrong))} here, which {reader.interface.name} does not know as its input {port.name}"
    )
    help_ = perhaps(wrong[0], reader.interface.strings, f"compare {port.name} with it in the source")
    return StageProblem("PS129", message, path, help_, "warning")


def _another_length(attribute: Usd.Attribute, item: ResolvedBinding, port: ResolvedInput, start: Usd.TimeCode) -> StageProblem | None:
    """Say that an array is not of the length of the list that takes it, as far as is known before the frames."""
    if item.key.kind != "array" or not isinstance(port.type, ListType) or not attribute.GetTypeName().isArray:
        return None
    length = len(attribute.Get(start) or ())
    if length == port.type.length:
        return None
    message = f"the input {port.name} is a list of {port.type.length}, and this array has {length} elements"
    if attribute.ValueMightBeTimeVarying():
        message = f"{message} at time code {start.GetValue():g}, where a run starts"
    return StageProblem(
        "PS122", message, str(attribute.GetPath()), f"give an example with {length} elements, or bind another array", "warning"
    )
