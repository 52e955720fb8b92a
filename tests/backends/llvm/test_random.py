"""Random programs: what the module does is what the interpreter does."""

from __future__ import annotations

import random

import pytest

from portalis.translator.backends.llvm import BuildOptions
from portalis.translator.ir.check.program import check as check_program
from tests.backends.llvm.guest import check
from tests.backends.llvm.random_programs import random_program, random_value

VARIANTS = (BuildOptions(), BuildOptions(opt=0))


@pytest.mark.parametrize("seed", range(60))
def test_random_program(seed: int) -> None:
    source = random_program(seed)
    check_program(source)
    random_ = random.Random(seed)
    main = source.functions[-1]
    cases = [[random_value(random_, param.type) for param in main.params] for _ in range(12)]
    check(source, cases, VARIANTS)
