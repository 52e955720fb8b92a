"""Calls that CPython would need for ever for, and what a module gives before it is called."""

from __future__ import annotations

import dataclasses

import pytest

from portalis.translator import Options, TranslationError, translate
from portalis.translator.frontend import lower
from portalis.translator.ir.nodes import Const
from portalis.translator.ir.types import FLOAT
from portalis.translator.source import SourceFile
from portalis.translator.translating.build import build_and_verify
from portalis.translator.translating.messages import BuildSettings
from portalis.translator.verify.oracle.witness import LocalOracle


@pytest.mark.parametrize("in_process", [False, True])
def test_rounding_to_any_power_of_ten_ends(in_process: bool) -> None:
    """CPython itself would compute 10 ** (2 ** 63)."""
    report = translate("def f(a: int, n: int) -> int:\n    return round(a, n)\n", options=Options(in_process=in_process)).report
    assert report is not None
    artefact = report.artefacts[0]
    assert artefact.status == "verified" and artefact.dropped == 0 and artefact.agreed > 100


def test_calls_count_as_steps() -> None:
    """`fib` makes as many calls as its result: the oracle does not follow it for ever."""
    report = translate("def fib(n: int) -> int:\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n").report
    assert report is not None
    artefact = report.artefacts[0]
    assert (
        artefact.agreed > 20
        and artefact.over_budget > 20
        and artefact.agreed + artefact.over_budget + artefact.guarded + artefact.dropped == artefact.cases
    )


# However many are stopped one after the other.
@pytest.mark.parametrize("cases", [200, 1500])
def test_few_compared_cases_are_weak(cases: int) -> None:
    source = "def f(n: int) -> int:\n    while n != 5:\n        n = n * 1\n    return n\n"
    report = translate(source, options=Options(cases=cases)).report
    assert report is not None
    artefact = report.artefacts[0]
    assert artefact.status == "weakly verified" and 0 < artefact.agreed < cases / 4 and str(artefact.agreed) in artefact.why


def test_a_function_that_never_ends_is_not_verified_however_often_it_is_asked() -> None:
    source = "def f(n: int) -> int:\n    while n == n:\n        n = n * 1\n    return n\n"
    with pytest.raises(TranslationError, match="PV905"):
        translate(source, options=Options(cases=1010))


CLASS = "class A:\n    x: float = 1.5\n    n: int = 3\n\n    def on_update(self, by: float = 0.25):\n        self.x += by\n"


def verified(source: str, **changed: object) -> str:
    lowered = lower(SourceFile("a.py", source))
    behaviour = lowered.program.behaviour
    assert behaviour is not None
    if "initial" in changed:
        first, *others = behaviour.initial
        assert isinstance(first, Const)
        initial = (Const(first.span, FLOAT, changed["initial"]), *others)  # type: ignore[arg-type]
        program = dataclasses.replace(lowered.program, behaviour=dataclasses.replace(behaviour, initial=initial))
        lowered = dataclasses.replace(lowered, program=program)
    if "default" in changed:
        parameters = [dataclasses.replace(item, default=changed["default"]) if item.has_default else item for item in lowered.parameters]
        lowered = dataclasses.replace(lowered, parameters=tuple(parameters))
    report = build_and_verify(lowered, BuildSettings.of(Options(cases=20)), LocalOracle()).report
    assert report is not None
    return report.artefacts[0].status + "".join(f"; {item.call} {item.cpython} {item.artefact_gave}" for item in report.mismatches)


def test_the_initial_state_and_defaults_are_held_to_the_class() -> None:
    assert verified(CLASS) == "verified"
    assert verified(CLASS, initial=1.25) == "wrong; A.x 1.5 1.25"
    assert verified(CLASS, initial=-1.5).startswith("wrong")
    assert verified(CLASS, default=0.5) == "wrong; the default of `by` in on_update 0.25 0.5"
    zero = CLASS.replace("1.5", "0.0")
    assert verified(zero, initial=-0.0).startswith("wrong") and verified(zero) == "verified"


SHADOWED = (
    "K = 1.0\n\n\nclass A:\n    K: float = 5.0\n    y: float = {field}\n\n"
    "    def on_update(self, by: float = {default}):\n        self.y = by\n"
)


@pytest.mark.parametrize("source", [SHADOWED.format(field="K", default="5.0"), SHADOWED.format(field="5.0", default="K")])
def test_a_name_in_a_class_is_never_silently_another(source: str) -> None:
    try:
        translation = translate(source)
    except TranslationError:
        return
    behaviour = translation.lowered.program.behaviour
    assert behaviour is not None and [item.value for item in behaviour.initial if isinstance(item, Const)] == [5.0, 5.0]
    assert [item.default for item in translation.lowered.parameters] == [5.0]
