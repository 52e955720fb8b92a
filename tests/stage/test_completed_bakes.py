"""A usdc that OpenUSD wrote and the bake completed holds, sample by sample, what plain calls of OpenUSD put into a layer."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pxr import Sdf, Usd

from portalis.translator.stage.bake import baker as baker_module
from portalis.translator.stage.bake import crate as crate_module
from portalis.translator.stage.bake.baker import Baker
from portalis.translator.stage.bake.crate import complete
from portalis.translator.stage.bake.spool import Spool
from portalis.translator.stage.layers import overlay
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.values import Codec, Rows, codec_of
from tests.stage.plain_baker import PlainBaker

register_schemas()
SCALARS = ("bool", "uchar", "int", "uint", "int64", "half", "float", "double", "token")
VECTORS = tuple(f"{kind}{size}" for size in (2, 3, 4) for kind in ("half", "float", "double", "int"))
OTHERS = ("quath", "quatf", "quatd", "matrix2d", "matrix3d", "matrix4d", "point3f", "color3f", "normal3h", "texCoord2f", "frame4d")
ARRAYS = ("bool[]", "uchar[]", "int[]", "int64[]", "half[]", "double[]", "half2[]", "point3f[]", "quath[]", "quatd[]", "matrix4d[]")
TYPES = (*SCALARS, *VECTORS, *OTHERS, *ARRAYS)
STRINGS = ("left", "right", 'a "quoted" one', "ünïcode", "")
FRAMES, PRIMS = 17, 5


def _codec(name: str) -> Codec:
    codec = codec_of(name)
    assert codec is not None
    return codec


def _rows(codec: Codec, count: int, generator: np.random.Generator) -> Rows:
    """Random bits of a type, with the numbers at which formats go wrong among them."""
    if codec.family == "token":
        return generator.integers(0, len(STRINGS), (count, 1))
    if codec.family == "bool":
        return generator.integers(0, 2, (count, 1)).astype(np.bool_)
    if codec.family == "int":
        limits = np.iinfo(codec.dtype)
        return generator.choice([limits.min, limits.max, 0, 1, 7], (count, codec.width)).astype(codec.dtype)
    odd = [0.0, -0.0, 1.0, -3.0, 0.1, 1e-7, np.inf, -np.inf, np.nan, 60000.0]
    return generator.choice(odd, (count, codec.width)).astype(codec.dtype)


def _stage(folder: Path, types: Sequence[str]) -> tuple[Usd.Stage, dict[str, list[Target]]]:
    """A stage with some attributes of each type: without a value, with one, and animated."""
    stage = Usd.Stage.CreateNew(str(folder / "scene.usda"))
    targets: dict[str, list[Target]] = {}
    for name in types:
        codec = _codec(name)
        for index in range(PRIMS):
            attribute = stage.DefinePrim(f"/World/Prim{index}").CreateAttribute(
                f"of:{name.replace('[]', 's')}", Sdf.ValueTypeNames.Find(name)
            )
            targets.setdefault(name, []).append(Target(str(attribute.GetPath()), name))
            for code in (1.0, 4.0) if index % 2 else (1.0,) if index > 2 else ():
                attribute.Set(_value(codec, int(code)), *((code,) if index % 2 else ()))
    stage.Save()
    return stage, targets


def _value(codec: Codec, seed: int) -> Any:
    rows = _rows(codec, 1, np.random.default_rng(seed))
    if codec.array:
        return codec.array_of_rows(rows)
    return STRINGS[int(rows[0, 0])] if codec.family == "token" else next(iter(codec.values_of_rows(rows)))


def _play(sinks: Sequence[Any], targets: dict[str, list[Target]], seed: int, frames: int = FRAMES) -> None:
    """Frames in which some attributes change: one in every frame, one late, one never, the others now and then."""
    generator = np.random.default_rng(seed)
    for frame in range(frames):
        for sink in sinks:
            sink.at(float(frame) / 2.0)
        for name, items in targets.items():
            codec = _codec(name)
            changes = (generator.random(PRIMS) < 0.4) & (np.arange(PRIMS) != PRIMS - 1)
            changes[0], changes[1], changes[2] = True, frame > 6 and changes[1], frame > 4 and changes[2]
            which = np.flatnonzero(changes)
            for sink in sinks:
                if codec.array:
                    for index in which.tolist():
                        rows = _rows(codec, (frame + index) % 4, np.random.default_rng((seed, frame, index)))
                        sink.array(items[index], codec, rows)
                else:
                    rows = _rows(codec, len(which), np.random.default_rng((seed, frame, TYPES.index(name))))
                    sink.column(items, codec, STRINGS if codec.family == "token" else (), which, rows)


def _same(codec: Codec, one: Any, other: Any) -> bool:
    """Bit by bit; -0.0 is not 0.0 and NaN is NaN."""
    if codec.family == "token":
        return bool(one == other)
    pair = [codec.rows_of_array(value) if codec.array else codec.rows_of_values([value]) for value in (one, other)]
    return pair[0].shape == pair[1].shape and pair[0].tobytes() == pair[1].tobytes()


def _assert_alike(found: Sdf.Layer, wanted: Sdf.Layer, targets: dict[str, list[Target]]) -> None:
    compared = 0
    for name, items in targets.items():
        for target in items:
            codes = wanted.ListTimeSamplesForPath(target.path)
            assert found.ListTimeSamplesForPath(target.path) == codes, target
            for code in codes:
                pair = found.QueryTimeSample(target.path, code), wanted.QueryTimeSample(target.path, code)
                assert type(pair[0]) is type(pair[1]) and _same(_codec(name), *pair), (target, code, *pair)
                compared += 1
    assert compared > FRAMES * len(targets)


@pytest.mark.parametrize("suffix", ["usdc", "usd", "usda"])
def test_every_type_has_the_samples_that_plain_calls_put_there(suffix: str, tmp_path: Path) -> None:
    stage, targets = _stage(tmp_path, TYPES)
    plain = PlainBaker(Sdf.Layer.CreateAnonymous(".usda"), stage)
    baker = Baker(overlay(stage, tmp_path / f"out.{suffix}"))
    _play([plain, baker], targets, seed=1)
    baker.finish(24.0)
    assert baker.completed == (suffix != "usda")
    _assert_alike(Sdf.Layer.OpenAsAnonymous(str(tmp_path / f"out.{suffix}")), plain.layer, targets)
    # What was never written is not there.
    assert not Sdf.Layer.OpenAsAnonymous(str(tmp_path / f"out.{suffix}")).GetAttributeAtPath(targets["int"][PRIMS - 1].path)


def test_numbers_that_a_vector_of_zeros_would_hide_stay(tmp_path: Path) -> None:
    """OpenUSD writes (-0.0, 0.5, 1.0) and (0.0, 0.5, 1.0) once where both are in a file; a completed one has the bits that were given."""
    stage, targets = _stage(tmp_path, ["double3", "quatf"])
    baker = Baker(overlay(stage, tmp_path / "out.usdc"))
    for frame, zero in enumerate((0.0, -0.0, 0.0, -0.0)):
        baker.at(float(frame))
        baker.column(targets["double3"], _codec("double3"), (), np.arange(1), np.array([[zero, 0.5, 1.0]]))
    baker.finish(24.0)
    layer = Sdf.Layer.OpenAsAnonymous(str(tmp_path / "out.usdc"))
    values = [layer.QueryTimeSample(targets["double3"][0].path, float(frame))[0] for frame in range(4)]
    assert list(map(str, values)) == ["0.0", "-0.0", "0.0", "-0.0"]


def test_saving_edits_into_a_completed_file_keeps_its_samples(tmp_path: Path) -> None:
    """OpenUSD saves into the file: what it writes begins where the first section did."""
    stage, targets = _stage(tmp_path, TYPES)
    plain = PlainBaker(Sdf.Layer.CreateAnonymous(".usda"), stage)
    baker = Baker(overlay(stage, tmp_path / "out.usdc"))
    _play([plain, baker], targets, seed=2)
    baker.finish(24.0)
    edited = targets["double3"].pop(0)
    program = f"""
from pxr import Sdf
layer = Sdf.Layer.FindOrOpen({str(tmp_path / "out.usdc")!r})
layer.SetTimeSample({edited.path!r}, 99.0, layer.QueryTimeSample({edited.path!r}, 0.0))
for index in range(200):
    Sdf.CreatePrimInLayer(layer, f"/Other/Prim{{index}}").comment = f"a comment {{index}}"
assert layer.Save()
"""
    subprocess.run([sys.executable, "-c", program], check=True)
    layer = Sdf.Layer.OpenAsAnonymous(str(tmp_path / "out.usdc"))
    _assert_alike(layer, plain.layer, targets)
    codes = [*plain.layer.ListTimeSamplesForPath(edited.path), 99.0]
    assert list(layer.ListTimeSamplesForPath(edited.path)) == codes and layer.GetPrimAtPath("/Other/Prim199").comment == "a comment 199"


def test_a_file_that_reads_wrong_does_not_get_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage, targets = _stage(tmp_path, ["double3", "quatf"])
    plain = PlainBaker(Sdf.Layer.CreateAnonymous(".usda"), stage)
    baker = Baker(overlay(stage, tmp_path / "out.usdc"))
    _play([plain, baker], targets, seed=4)

    def damaged(file: Path, spool: Spool, holder: int | None) -> None:
        complete(file, spool, holder)
        values = spool.values.read(0, spool.values.size).tobytes()
        file.write_bytes(file.read_bytes().replace(values, bytes(24) + values[24:]))

    monkeypatch.setattr(baker_module, "complete", damaged)
    baker.finish(24.0)
    assert not baker.completed
    found, path = Sdf.Layer.OpenAsAnonymous(str(tmp_path / "out.usdc")), targets["double3"][0].path
    codes = plain.layer.ListTimeSamplesForPath(path)
    assert found.ListTimeSamplesForPath(path) == codes
    # OpenUSD itself writes -0.0 and 0.0 as one.
    pairs = [[np.array(layer.QueryTimeSample(path, code)) for code in codes] for layer in (found, plain.layer)]
    assert np.array_equal(*pairs, equal_nan=True)


def test_a_file_that_is_not_as_expected_gets_its_samples_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage, targets = _stage(tmp_path, TYPES)
    plain = PlainBaker(Sdf.Layer.CreateAnonymous(".usda"), stage)
    baker = Baker(overlay(stage, tmp_path / "out.usdc"))
    _play([plain, baker], targets, seed=3)
    monkeypatch.setattr(crate_module, "_NEWEST", (0, 7))
    baker.finish(24.0)
    assert not baker.completed
    found = Sdf.Layer.OpenAsAnonymous(str(tmp_path / "out.usdc"))
    for name, items in targets.items():
        for target in items:
            assert found.ListTimeSamplesForPath(target.path) == plain.layer.ListTimeSamplesForPath(target.path), name
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("name", ["timecode", "uint64", "string"])
def test_a_type_that_cannot_be_completed_is_baked_all_the_same(name: str, tmp_path: Path) -> None:
    stage, targets = _stage(tmp_path, (name,))
    plain = PlainBaker(Sdf.Layer.CreateAnonymous(".usda"), stage)
    baker = Baker(overlay(stage, tmp_path / "out.usdc"))
    codec = _codec(name)
    for frame in range(4):
        for sink in (plain, baker):
            sink.at(float(frame))
            rows = np.full((PRIMS, 1), frame, codec.dtype)
            sink.column(targets[name], codec, STRINGS if codec.family == "token" else (), np.arange(PRIMS), rows)
    baker.finish(24.0)
    found = Sdf.Layer.OpenAsAnonymous(str(tmp_path / "out.usdc"))
    for target in targets[name]:
        values = [layer.QueryTimeSample(target.path, float(frame)) for layer in (found, plain.layer) for frame in range(4)]
        assert values[:4] == values[4:] and len({repr(value) for value in values[:4]}) == 4
