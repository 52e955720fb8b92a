"""What `random` computes with logarithms, roots and cosines: CPython's stream with our library's functions, and near CPython's own."""

from __future__ import annotations

import math
import random

import pytest

from portalis.translator import translate
from portalis.translator.verify.oracle.namespace import narrowed

# Bodies that draw from `r`, and whether nothing in them is rounded as the platform's C library does.
DRAWN = {
    "gauss": ("return [r.gauss(0.0, 1.0) for _ in range(5)], r.gauss(1, n), r.random()", False),
    "gauss is seeded anew": ("a = r.gauss(0.0, 1.0)\n    r.seed(n)\n    return a, r.gauss(0.0, 1.0)", False),
    "normalvariate": ("return [r.normalvariate(0.0, 1.0) for _ in range(9)], r.normalvariate(n, 2), r.lognormvariate(0, 1)", False),
    "expovariate": ("return [r.expovariate(2) for _ in range(4)], r.expovariate(n)", False),
    "triangular": (
        "return [r.triangular(0, 10, 3) for _ in range(9)], r.triangular(), r.triangular(1.0, 1.0, 1.0), r.triangular(-5.0, n), "
        "r.triangular(0.0, n, float('inf')), r.triangular(float('inf'), float('inf'), 0.0), r.triangular(2, 2, n)",
        True,
    ),
    "randbytes": (
        "try:\n        return [r.randbytes(k) for k in range(n + 6)], r.randbytes(n), str(r.random())\n"
        "    except ValueError as e:\n        return [], b'', str(e)",
        True,
    ),
}
SEEDS = (1, 0, -7, 12)


@pytest.mark.parametrize("name", DRAWN)
def test_what_is_drawn_is_what_cpython_draws(name: str) -> None:
    body, exact = DRAWN[name]
    source = f"import random\ndef f(n):\n    r = random.Random(n)\n    {body}\n"
    found, namespace = translate(source, "f", [f"f({seed})" for seed in SEEDS[:2]]), {}
    assert found.report is not None and found.report.artefact("wasm").status == "verified"
    exec(source, namespace)
    for seed in SEEDS:
        try:
            expected = namespace["f"](seed)
        except ZeroDivisionError as error:
            with pytest.raises(ZeroDivisionError, match=str(error)):
                found(seed)
            continue
        given = found(seed)
        assert repr(given) == repr(expected) if exact else are_near(given, expected), seed


def are_near(left: object, right: object) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-13)
    assert isinstance(left, tuple | list) and type(left) is type(right)
    return len(left) == len(right) and all(map(are_near, left, right))


def test_the_module_s_own_generator_is_seeded_with_its_function() -> None:
    source = "import random\ndef f(n: int):\n    random.seed(n)\n    return random.gauss(0, 1), random.randbytes(3), random.triangular()\n"
    found, own = translate(source, "f", ["f(1)"]), random.Random(5)
    assert found.report is not None and found.report.artefact("wasm").status == "verified"
    gauss, *rest = found(5)
    assert are_near(gauss, own.gauss(0, 1)) and rest == [own.randbytes(3), own.triangular()]


def test_an_oracle_has_one_generator_behind_all_names() -> None:
    found = narrowed("random", "exact")
    found.seed(3)
    first = found.random(), found.gauss(0, 1)
    source = found.Random(3)
    assert first == (source.random(), source.gauss(0, 1))
