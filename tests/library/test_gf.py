"""The library for `pxr.Gf` against OpenUSD itself: results and arguments changed in place, bit for bit."""

import math
import random
from functools import cache

import pytest
from pxr import Gf

from portalis.translator.diagnostics import GuardError
from portalis.translator.ir.types import FLOAT, INT, Type
from portalis.translator.library.gf_signatures import (
    DRIFTING,
    MATRICES,
    QUATERNIONS,
    VECTORS,
    GfSignature,
    constants,
    constructors,
    functions,
    methods,
)
from portalis.translator.library.intrinsics import element, size
from tests.library.gf_values import COUNT, FUNCTIONS, copy, raw, real, same, values

RECEIVERS = (*VECTORS, *QUATERNIONS, *MATRICES)
CASES = [
    (receiver, name, signature)
    for receiver, table in [(None, functions()), *((receiver, methods(receiver)) for receiver in RECEIVERS)]
    for name, signatures in table.items()
    for signature in signatures
]
EXACT = [case for case in CASES if case[0] is not None or case[1] not in DRIFTING]


def _identifier(case: tuple[Type | None, str, GfSignature]) -> str:
    receiver, name, signature = case
    return f"{receiver or 'Gf'}.{name}({', '.join(map(str, signature.parameters))})"


def _changes_its_receiver(name: str) -> bool:
    return name.startswith(("__i", "Set")) or name == "Normalize"


@cache
def _order(position: int) -> list[int]:
    return random.Random(position).sample(range(COUNT), COUNT)


@pytest.mark.parametrize("case", EXACT, ids=_identifier)
def test_same_bits_as_openusd(case):
    receiver, name, signature = case
    types = signature.parameters if receiver is None else (receiver, *signature.parameters)
    ours, theirs = FUNCTIONS[signature.function], real(receiver, name)
    pools = [[k % receiver.size for k in range(COUNT)] if type_ == INT else values(type_) for type_ in types]
    before = [list(map(raw, pool)) for pool, type_ in zip(pools, types, strict=True) if type_ != INT]
    columns = [[pool[index] for index in _order(position)] for position, pool in enumerate(pools)]
    for number, row in enumerate(zip(*columns, strict=True)):
        given = row[: len(types) - number % (signature.optional + 1)]
        if _changes_its_receiver(name):
            expected_receiver, actual_receiver = copy(given[0]), copy(given[0])
            expected, actual = theirs(expected_receiver, *given[1:]), ours(actual_receiver, *given[1:])
            assert same(actual_receiver, expected_receiver), given
            if name.startswith("__i"):
                # The library's functions for in-place operators return nothing; Python's return the changed object.
                assert expected is expected_receiver
                expected = None
            assert (actual is actual_receiver) == (expected is expected_receiver), given
        else:
            expected, actual = theirs(*given), ours(*given)
        assert same(actual, expected), given
    assert before == [list(map(raw, pool)) for pool, type_ in zip(pools, types, strict=True) if type_ != INT], "an argument was changed"


@pytest.mark.parametrize(
    ("type_", "signature"),
    [(type_, signature) for type_ in RECEIVERS for signature in constructors(type_)],
    ids=lambda item: ", ".join(map(str, item.parameters)) if isinstance(item, GfSignature) else str(item),
)
def test_constructors(type_, signature):
    class_ = getattr(Gf, str(type_).removeprefix("Gf."))
    ours = FUNCTIONS[signature.function]
    if signature.optional:
        assert same(ours(), class_())
    for k in range(COUNT):
        given = [copy(values(parameter)[_order(position)[k]]) for position, parameter in enumerate(signature.parameters)]
        expected, actual = class_(*given), ours(*given)
        assert same(actual, expected), given
        assert actual is not given[0]


@pytest.mark.parametrize("case", [case for case in CASES if FLOAT in case[2].parameters], ids=_identifier)
def test_ints_are_numbers_unless_the_signature_is_exact(case):
    receiver, name, signature = case
    types = signature.parameters if receiver is None else (receiver, *signature.parameters)
    theirs = real(receiver, name)
    for integer in (True, 3, -7, 2**31 - 1):
        plain = [integer if type_ == FLOAT else values(type_)[5] for type_ in types]
        converted = [float(integer) if type_ == FLOAT else value for type_, value in zip(types, plain, strict=True)]
        # Exact ones differ in the result's type at least, or for what does not fit in 32 bits.
        assert signature.exact or same(theirs(*map(copy, plain)), theirs(*map(copy, converted)))


@pytest.mark.parametrize("type_", RECEIVERS, ids=str)
def test_constants(type_):
    class_ = getattr(Gf, str(type_).removeprefix("Gf."))
    for name, expected in constants(type_).items():
        value = getattr(class_, name)()
        assert tuple(element(value, index) for index in range(size(value))) == expected
    listed = {name for name in dir(class_) if name.endswith("Axis") and name != "Axis"} | ({"GetIdentity", "GetZero"} & set(dir(class_)))
    assert set(constants(type_)) == listed


@pytest.mark.parametrize("name", ["GetRow", "GetColumn", "GetRow3"])
@pytest.mark.parametrize("index", [-1, 4, 2**40])
def test_rows_that_do_not_exist_are_guarded(name, index):
    with pytest.raises(GuardError):
        FUNCTIONS[f"Matrix_{name}"](Gf.Matrix4d(), index)


@pytest.mark.parametrize(("name", "width"), [("SetRow", 4), ("SetColumn", 4), ("SetRow3", 3)])
@pytest.mark.parametrize("index", [-1, 4])
def test_rows_that_do_not_exist_cannot_be_set(name, width, index):
    matrix = Gf.Matrix4d()
    with pytest.raises(GuardError):
        FUNCTIONS[f"Matrix_{name}"](matrix, index, getattr(Gf, f"Vec{width}d")(5))
    assert matrix == Gf.Matrix4d()


@pytest.mark.parametrize("type_", MATRICES, ids=str)
def test_why_a_matrix_must_not_multiply_itself_in_place(type_):
    # OpenUSD reads rows of the right operand that it has already overwritten; the library has no way to see that they are one object.
    matrix = copy(values(type_)[0])
    product = matrix * matrix
    matrix *= matrix
    assert matrix != product


@pytest.mark.parametrize("signature", functions()["Slerp"], ids=lambda signature: str(signature.parameters[1]))
def test_slerp_drifts_by_roundings_only(signature):
    type_ = signature.parameters[1]
    tolerance = 1e-15 if type_.scalar == "d" else 5e-7
    cases = 0
    for first, second, alpha in zip(values(type_), reversed(values(type_)), values(FLOAT), strict=True):
        # Of unit length, as it is used: the terms of the sum are not larger than its value then.
        alpha = math.fmod(alpha, 1.0) if math.isfinite(alpha) else 0.5
        first, second = first.GetNormalized(), second.GetNormalized()
        expected, actual = Gf.Slerp(alpha, first, second), FUNCTIONS["Gf_Slerp"](alpha, first, second)
        numbers = [element(expected, index) for index in range(size(expected))]
        if all(map(math.isfinite, numbers)) and Gf.Dot(first, second) > -0.9:
            cases += 1
            assert all(abs(element(actual, index) - number) <= 8 * tolerance for index, number in enumerate(numbers)), (
                alpha,
                first,
                second,
            )
    assert cases > COUNT / 2


@pytest.mark.parametrize("type_", [functions()["Slerp"][0].parameters[1], functions()["Slerp"][2].parameters[1]], ids=str)
def test_slerp_is_exact_where_no_sine_is_taken(type_):
    for value in values(type_)[:200]:
        unit = value.GetNormalized()
        for alpha in (0.0, 0.25, 1.0, -2.0):
            assert same(FUNCTIONS["Gf_Slerp"](alpha, unit, unit), Gf.Slerp(alpha, unit, unit))


def test_slerp_raises_nothing():
    across = Gf.Slerp(math.inf, Gf.Vec3d(1, 0, 0), Gf.Vec3d(0, 1, 0))
    assert same(FUNCTIONS["Gf_Slerp"](math.inf, Gf.Vec3d(1, 0, 0), Gf.Vec3d(0, 1, 0)), across)
    assert same(FUNCTIONS["Gf_Slerp"](0.5, Gf.Quatd(math.nan), Gf.Quatd(1.0)), Gf.Slerp(0.5, Gf.Quatd(math.nan), Gf.Quatd(1.0)))


def test_every_function_is_reached_by_a_signature():
    built = {signature.function for type_ in RECEIVERS for signature in constructors(type_)}
    public = {name for name in FUNCTIONS if name[0].isupper() or name.startswith("make_")}
    assert public == {signature.function for _, _, signature in CASES} | built
