"""How a snippet reaches `pxr.Gf` in the two oracles of the verifier."""

import pytest
from pxr import Gf

from portalis.translator.ir.types import FLOAT, QuatType
from portalis.translator.library.gf import Gf_Slerp
from portalis.translator.source import SourceFile
from tests.executed import execute
from tests.library.gf_values import same, values

IMPORTS = (
    "from pxr import Gf",
    "import pxr.Gf as Gf",
    "import pxr\nimport pxr.Gf\nGf = pxr.Gf",
    "from pxr.Gf import Slerp\nimport pxr.Gf as Gf",
)


@pytest.mark.parametrize("statement", IMPORTS)
def test_drifting_functions_are_the_librarys_in_the_exact_oracle_only(statement):
    call = "Slerp" if "import Slerp" in statement else "Gf.Slerp"
    source = SourceFile("snippet.py", f"{statement}\n\ndef f(alpha, first, second):\n    return {call}(alpha, first, second)\n")
    quaternion = QuatType("d")
    exact, drift = (execute(source, "f", (FLOAT, quaternion, quaternion), library) for library in ("exact", "drift"))
    pairs = zip(values(quaternion)[:400], values(quaternion)[400:800], strict=True)
    differing = 0
    for first, second in pairs:
        args = (0.3, first.GetNormalized(), second.GetNormalized())
        ours, theirs = Gf_Slerp(*args), Gf.Slerp(*args)
        assert same(exact.call(args).value, ours)
        assert same(drift.call(args).value, theirs)
        differing += not same(ours, theirs)
    assert differing, "the two would not tell one from the other"


def test_types_are_openusds_own():
    source = SourceFile("snippet.py", "from pxr import Gf\n\ndef f():\n    return Gf.Vec3d(1, 2, 3)\n")
    assert type(execute(source, "f", (), "exact").call(()).value) is Gf.Vec3d
