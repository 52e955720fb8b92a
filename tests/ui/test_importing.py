"""Where a forgotten import is put."""

from __future__ import annotations

import pytest

from portalis.translator.ui.models.importing import import_at

GF, MATH = "from pxr import Gf", "import math"


@pytest.mark.parametrize(
    ("text", "line", "whole"),
    [
        ("x = 1\n", MATH, f"{MATH}\n\n\nx = 1\n"),
        ("# wave.py\n@final\nclass A:\n    pass", GF, f"# wave.py\n{GF}\n\n\n@final\nclass A:\n    pass"),
        ('"""Wave."""\n\nx = 1\n', MATH, f'"""Wave."""\n\n{MATH}\n\n\nx = 1\n'),
        (f"{GF}\n\nx = 1\n", MATH, f"{MATH}\n\n{GF}\n\nx = 1\n"),
        (f"{MATH}\n\nx = 1\n", GF, f"{MATH}\n\n{GF}\n\nx = 1\n"),
        (f"{MATH}\n\n{GF}\nx = 1", "import random", f"import random\n{MATH}\n\n{GF}\nx = 1"),
        ("from pxr import Usd\nx = 1", GF, f"from pxr import Usd\n{GF}\nx = 1"),
        ("from __future__ import annotations\nx = 1", MATH, f"from __future__ import annotations\n\n{MATH}\nx = 1"),
        (f"{MATH}\nx = 1\n", MATH, None),
        ("def f(:\n", MATH, None),
    ],
)
def test_an_import_is_put_where_imports_are(text: str, line: str, whole: str | None) -> None:
    at = import_at(text, line)
    lines = text.split("\n")
    if at is None:
        assert whole is None
        return
    lines[at.line] = lines[at.line][: at.column] + at.text + lines[at.line][at.column :]
    assert "\n".join(lines) == whole
