"""Comparing columns: numpy's twin against plain Python, the CUDA source against the twin, and that nvcc takes the source."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from portalis.translator.bridge import comparison
from portalis.translator.bridge.comparison import FARTHEST, ColumnDifference, DeviceComparison, compare_columns, kernel_source
from portalis.translator.verify.comparison import same_float, ulp_distance
from tests.gpu.host_device import CXX, HostDevice

NVCC = shutil.which("nvcc")
needs_compiler = pytest.mark.skipif(CXX is None, reason="no C++ compiler on the PATH")
needs_nvcc = pytest.mark.skipif(NVCC is None, reason="nvcc of the CUDA toolkit is not on the PATH")
KINDS = (np.float64, np.float32, np.int64)
_SPECIAL = {
    np.float64: [0.0, -0.0, math.inf, -math.inf, math.nan, -math.nan, 5e-324, -5e-324, 1.0, 1.7976931348623157e308],
    np.float32: [0.0, -0.0, math.inf, -math.inf, math.nan, -math.nan, 1e-45, -1e-45, 1.0, 3.4028234663852886e38],
    np.int64: [0, 1, -1, 2**63 - 1, -(2**63), 2**62],
}


def elements(kind: Any) -> st.SearchStrategy[Any]:
    """Draw elements by their bits, special ones often."""
    width = np.dtype(kind).itemsize
    bits = st.binary(min_size=width, max_size=width).map(lambda data: np.frombuffer(data, kind)[0])
    return st.one_of(st.sampled_from([kind(value) for value in _SPECIAL[kind]]), bits)


@st.composite
def columns(draw: st.DrawFn, kind: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """Draw two columns of which most elements are the same."""
    left = np.array(draw(st.lists(elements(kind), max_size=70)), kind)
    right = left.copy()
    for index in draw(st.lists(st.integers(0, max(len(left) - 1, 0)), max_size=5)):
        if len(left):
            right[index] = draw(elements(kind))
    return left, right


def plain(left: NDArray[Any], right: NDArray[Any]) -> ColumnDifference:
    """Compare element by element."""
    different = [
        index
        for index, (a, b) in enumerate(zip(left.tolist(), right.tolist(), strict=True))
        if not (same_float(a, b) if isinstance(a, float) else a == b)
    ]
    farthest = max((distance(left[index], right[index]) for index in different), default=0)
    return ColumnDifference(len(different), farthest, different[0] if different else None)


def distance(left: Any, right: Any) -> int:
    """Count the values of their type from one to the other."""
    if isinstance(left, np.int64):
        return abs(int(left) - int(right))
    apart = ulp_distance(float(left), float(right))
    if math.isinf(apart):
        return FARTHEST
    if isinstance(left, np.float32):
        order = [int(value.view(np.uint32)) for value in (left, right)]
        places = [-(bits & 0x7FFFFFFF) if bits >> 31 else bits for bits in order]
        return abs(places[0] - places[1])
    order = [int(value.view(np.uint64)) for value in (left, right)]
    places = [-(bits & (2**63 - 1)) if bits >> 63 else bits for bits in order]
    return abs(places[0] - places[1])


@pytest.mark.parametrize("kind", KINDS)
def test_the_twin_is_what_plain_python_says(kind: Any) -> None:
    @settings(max_examples=150)
    @given(columns(kind))
    def check(pair: tuple[NDArray[Any], NDArray[Any]]) -> None:
        assert compare_columns(*pair) == plain(*pair)

    check()


def test_pairs_that_tell_rules_apart() -> None:
    def of(a: Any, b: Any, kind: Any = np.float64) -> tuple[int, int]:
        found = compare_columns(np.array([a], kind), np.array([b], kind))
        return found.differing, found.farthest

    assert of(math.nan, -math.nan) == (0, 0) == of(math.nan, math.nan, np.float32)
    assert of(0.0, -0.0) == (1, 0) and of(0.0, 5e-324) == (1, 1) and of(-5e-324, 5e-324) == (1, 2)
    assert of(1.0, 1.0 + 2**-52) == (1, 1) and of(1.0, 1.0 + 2**-23, np.float32) == (1, 1)
    assert of(math.nan, 1.0) == (1, FARTHEST) and of(math.inf, 1.7976931348623157e308) == (1, 1)
    assert of(-(2**63), 2**63 - 1, np.int64) == (1, 2**64 - 1) and of(True, False, np.bool_) == (1, 1)


def test_columns_longer_than_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "_CHUNK", 16)
    left = np.arange(100, dtype=np.float64)
    right = left.copy()
    right[[17, 40, 99]] += 1.0
    right[63] = math.nan
    assert compare_columns(left, right) == ColumnDifference(4, FARTHEST, 17)
    assert compare_columns(left[::2], right[::2]) == compare_columns(left[::2].copy(), right[::2].copy())


def test_columns_that_cannot_be_compared() -> None:
    one = np.zeros(3)
    for other in (np.zeros(4), np.zeros(3, np.float32), np.zeros((3, 1))):
        with pytest.raises(ValueError, match="cannot be compared"):
            compare_columns(one, other)
    with pytest.raises(ValueError, match="columns of uint8 cannot be compared"):
        compare_columns(np.zeros(3, np.uint8), np.zeros(3, np.uint8))


# ------------------------------------------------------------------------------------------------------------------- CUDA
@needs_compiler
@pytest.mark.parametrize("kind", [*KINDS, np.bool_])
@pytest.mark.parametrize("threads", [1, 64, 1 << 18])
def test_the_kernel_is_its_twin(kind: Any, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "_THREADS", threads)
    compare = DeviceComparison(HostDevice())
    source = np.random.default_rng(3)
    for length in (0, 1, 31, 200):
        for changes in (0, 1, 9):
            left = (
                source.integers(0, 255, length * np.dtype(kind).itemsize, np.uint8).view(kind)
                if kind != np.bool_
                else np.zeros(length, kind)
            )
            right = left.copy()
            for index in source.integers(0, max(length, 1), changes if length else 0):
                right[index] = source.choice(_SPECIAL[kind]) if kind != np.bool_ else True
                left[index] = source.choice(_SPECIAL[kind]) if kind != np.bool_ else False
            assert compare(left, right) == compare_columns(left, right)


@needs_nvcc
def test_nvcc_compiles_the_kernels_for_hopper(tmp_path: Path) -> None:
    assert NVCC is not None
    source = tmp_path / "compare_columns.cu"
    source.write_text(kernel_source())
    for form in ("cubin", "ptx"):
        target = tmp_path / f"compare.{form}"
        command = [NVCC, "-arch=sm_90", f"-{form}", "-Werror", "all-warnings", "-o", str(target), str(source)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
    ptx = (tmp_path / "compare.ptx").read_text()
    assert re.findall(r"\.entry (\w+)", ptx) == ["compare_f64", "compare_f32", "compare_i64"]
    # Nothing is left to a flag that relaxes floats.
    assert not re.search(r"^\s*[a-z]\S*\.f(?:32|64)\s", ptx, re.MULTILINE)
