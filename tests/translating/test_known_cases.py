"""What a crate's own tests call its function with."""

from __future__ import annotations

import pytest

from portalis.translator.translating.options import Options
from portalis.translator.translating.translate import translate


@pytest.mark.parametrize("type_", ["Quatd", "Quatf", "Vec3d", "Matrix4d"])
def test_a_crate_of_values_of_openusd_is_made_with_its_cases(type_: str) -> None:
    source = f"from pxr import Gf\n\ndef twice(turn: Gf.{type_}):\n    turn = turn * 2.0\n    return turn\n"
    assert "pub fn twice" in translate(source, "twice", options=Options(cases=16)).rust
