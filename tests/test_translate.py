"""`translate()` from the outside: what a script that uses it may rely on."""

from __future__ import annotations

import math

import pytest
from pxr import Gf

from portalis.translator import GuardError, GuestStop, Options, TranslationError, translate
from portalis.translator.bridge import Budget, ScalarModule
from portalis.translator.translating import build as build_module
from portalis.translator.translating import jobs as jobs_module
from portalis.translator.work.worker import WorkerFailure

MEAN = '''
def mean(xs: list[float], scale: float = 2.0) -> float:
    """Scale the mean.

    >>> mean([1.0, 2.0, 3.0])
    4.0
    """
    return sum(xs) / len(xs) * scale
'''
CLASS = """
class Spin:
    speed: float = 90.0
    angle: float = 0.0
    turns: int = 0

    def on_update(self, current_time: float, delta_time: float):
        self.angle += self.speed * delta_time
        if self.angle >= 360.0:
            self.angle -= 360.0
            self.turns += 1
"""


def test_a_translation_is_verified_and_runs() -> None:
    translation = translate(MEAN)
    report = translation.report
    assert report is not None and report.artefact("wasm").status == "verified"
    assert report.cases >= 256 and not report.mismatches
    assert translation.signature.startswith("mean(xs: list[float")
    assert translation([1.0, 2.0, 6.0]) == 6.0 and translation([1.0, 2.0, 6.0], scale=1.0) == 3.0
    assert translation.wasm.startswith(b"\0asm") and "pub fn mean" in translation.rust
    assert "(module" in translation.wat and "define" in translation.llvm


def test_a_crate_waits_for_no_case_that_does_not_end() -> None:
    translation = translate("def f(x: float) -> float:\n    while x > 1.0:\n        x = x + 1.0\n    return x\n")
    # Each of its cases that goes round for ever would take an hour.
    assert "pub fn f" in translation.with_budget(seconds=3600.0).rust


def test_the_same_request_gives_the_same_bytes_and_report() -> None:
    first, second = translate(MEAN), translate(MEAN)
    assert first.wasm == second.wasm and first.llvm == second.llvm
    assert first.report is not None and second.report is not None
    assert first.build.without_circumstances() == second.build.without_circumstances()


def test_examples_give_types() -> None:
    translation = translate("def f(a, b):\n    return a // b\n", examples=["f(7, -2)"])
    assert translation(7, -2) == 7 // -2
    with pytest.raises(ZeroDivisionError, match="integer division or modulo by zero"):
        translation(1, 0)


def test_nothing_is_converted_on_the_way_in() -> None:
    translation = translate("def f(x: float) -> float:\n    return x + x\n")
    assert repr(translation(3)) == "6" and repr(translation(3.0)) == "6.0"
    for value in ("3", True, 2**70):
        with pytest.raises(GuardError, match="float was expected"):
            translation(value)
    with pytest.raises(TypeError, match="missing"):
        translation()
    with pytest.raises(TypeError, match="unexpected keyword"):
        translation(1.0, y=2)


def test_values_beyond_the_typed_world_are_guarded() -> None:
    translation = translate("def f(a: int) -> int:\n    return a * a\n", references=False)
    assert translation(3037000499) == 3037000499**2
    with pytest.raises(GuardError, match="64 bits"):
        translation(3037000500)


def test_arguments_change_in_place_and_keep_their_identity() -> None:
    translation = translate(
        "from pxr import Gf\n\ndef step(position: Gf.Vec3d, velocity: Gf.Vec3d, dt: float):\n"
        "    position += velocity * dt\n    return position, velocity\n"
    )
    position, velocity = Gf.Vec3d(1, 2, 3), Gf.Vec3d(1, 0, 0)
    moved, same = translation(position, velocity, 0.5)
    assert moved is position and same is velocity and position == Gf.Vec3d(1.5, 2, 3)
    with pytest.raises(GuardError, match="twice"):
        translation(position, position, 0.5)


def test_a_class_is_verified_method_by_method() -> None:
    report = translate(CLASS, "Spin").report
    assert report is not None and report.artefact("wasm").status == "verified" and not report.unexercised


def test_drift_is_measured_where_libm_takes_part() -> None:
    with_libm = translate("import math\n\ndef f(x: float) -> float:\n    return math.tan(x) * math.exp(x / 50.0)\n").report
    without = translate("def f(x: float) -> float:\n    return x * x\n").report
    assert with_libm is not None and without is not None
    assert with_libm.drift.cases >= 256 and 0.0 < with_libm.drift.largest_ulp <= 4.0
    assert without.drift.cases == 0


def test_a_refusal_lists_every_reason_in_order() -> None:
    with pytest.raises(TranslationError) as refused:
        translate("def f(x: float) -> float:\n    y = eval('1')\n    z = undefined\n    return x + y\n")
    lines = [item.span.line for item in refused.value.diagnostics]
    assert lines == sorted(lines) and {2, 3} <= set(lines)
    assert all(item.code and item.message for item in refused.value.diagnostics)


def test_a_wrong_artefact_is_never_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that answers something else than CPython: the bytes of another function, as a miscompilation would give."""
    other = translate("def f(x: float) -> float:\n    return x + 1.0\n")
    real = build_module.build_scalar

    def miscompile(program: object, options: object) -> object:
        built = real(program, options)  # type: ignore[arg-type]
        return type(built)(other.wasm, built.llvm, built.sites)

    monkeypatch.setattr(build_module, "build_scalar", miscompile)
    with pytest.raises(TranslationError) as refused:
        translate("def f(x: float) -> float:\n    return x + 2.0\n", options=Options(in_process=True))
    (diagnostic,) = refused.value.diagnostics
    assert diagnostic.code == "PV901" and "CPython gave" in diagnostic.notes[0]


def test_a_worker_that_dies_becomes_a_diagnostic(monkeypatch: pytest.MonkeyPatch) -> None:
    class Dying:
        def of(self, kind: str) -> Dying:
            return self

        def run(self, *arguments: object) -> object:
            raise WorkerFailure("crashed", "exit status -6")

    monkeypatch.setattr(jobs_module, "judges", Dying)
    with pytest.raises(TranslationError, match="PV902"):
        translate("def f(x: float) -> float:\n    return x\n")


def test_budget_stops_are_counted_not_compared() -> None:
    source = "def f(n: int) -> int:\n    t = 0\n    for i in range(n):\n        t += i % 3\n    return t\n"
    report = translate(source).report
    assert report is not None and report.artefact("wasm").over_budget > 0 and report.artefact("wasm").agreed >= 220


def test_what_takes_long_from_its_first_step_on_is_compared_often_enough() -> None:
    source = """\
import random


def draws(seed: int, n: int) -> float:
    source = random.Random(seed)
    return sum(source.random() for _ in range(abs(n) % 8))
"""
    report = translate(source, examples=["draws(1, 3)"]).report
    assert report is not None and report.artefact("wasm").status == "verified"
    assert report.artefact("wasm").over_budget > 0 and report.artefact("wasm").agreed >= 64


def test_a_function_that_never_answers_is_refused() -> None:
    source = "def f(x: float) -> float:\n    while x == x or x != x:\n        x += 1.0\n    return x\n"
    with pytest.raises(TranslationError, match="PV905") as refused:
        translate(source)
    assert "example" in refused.value.diagnostics[0].help


def test_an_example_can_be_the_case_that_ends() -> None:
    source = "def f(n: int) -> int:\n    while n != 123456:\n        n = n\n    return n\n"
    report = translate(source, examples=["f(123456)"]).report
    assert report is not None and report.artefact("wasm").agreed >= 1


def test_a_loop_that_the_compiler_makes_a_formula_of_is_verified() -> None:
    source = "def f(n: int) -> int:\n    i = -1\n    for i in range(n):\n        pass\n    return i\n"
    report = translate(source).report
    assert report is not None and report.artefact("wasm").over_budget > 0 and report.artefact("wasm").agreed >= 220


@pytest.mark.parametrize(
    ("source", "argument"),
    [
        ("import math\n\n\ndef f(x: float) -> bool:\n    return x in (math.nan, 1.0)\n", float("nan")),
        ("import math\n\n\ndef f(x: float) -> bool:\n    return [x] == [math.nan]\n", float("nan")),
        ("from pxr import Gf\n\n\ndef f(x: Gf.Vec3d) -> bool:\n    return x in (x,)\n", Gf.Vec3d(float("nan"), 0.0, 0.0)),
    ],
)
def test_nan_in_a_sequence_is_guarded_where_identity_decides(source: str, argument: object) -> None:
    translation = translate(source)
    with pytest.raises(GuardError, match="NaN"):
        translation(argument)


PARAMETERS = "def f(a: int, /, b: int = 2, *, c: int, d: int = 4) -> int:\n    return a * 1000 + b * 100 + c * 10 + d\n"


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        ((1,), {"c": 3}),
        ((1, 5), {"d": 6, "c": 3}),
        ((1,), {"b": 7, "c": 3}),
        ((), {"a": 1, "c": 3}),
        ((1, 2, 3), {}),
        ((1,), {}),
        ((), {}),
        ((1,), {"c": 3, "e": 4}),
        ((1, 2), {"b": 2, "c": 3}),
    ],
)
def test_arguments_are_bound_as_cpython_binds_them(args: tuple[int, ...], kwargs: dict[str, int]) -> None:
    namespace: dict[str, object] = {}
    exec(PARAMETERS, namespace)
    outcomes = []
    for function in (namespace["f"], translate(PARAMETERS)):
        try:
            outcomes.append(function(*args, **kwargs))  # type: ignore[operator]
        except TypeError as error:
            outcomes.append(str(error))
    assert outcomes[0] == outcomes[1]


def test_a_positional_parameter_is_not_passed_by_name() -> None:
    source = "def g(a: int, /) -> int:\n    return a\n\n\ndef f(x: int) -> int:\n    return g(a=x)\n"
    with pytest.raises(TranslationError, match="P0310"):
        translate(source)


@pytest.mark.parametrize("raised", ["KeyError('k')", "KeyError('')", "KeyError", "ValueError('')", "ValueError"])
def test_exceptions_have_their_arguments(raised: str) -> None:
    source = f"def f(x: int) -> int:\n    if x > 0:\n        raise {raised}\n    return x\n"
    with pytest.raises((KeyError, ValueError)) as caught:
        translate(source)(1)
    assert repr(caught.value) == repr(eval(raised if raised.endswith(")") else f"{raised}()"))


@pytest.mark.parametrize(
    ("line", "error"), [("K = 1 // 0", "ZeroDivisionError"), ("K = (1, 2)[2]", "IndexError"), ("K = [] + 1", "TypeError")]
)
def test_a_module_that_cpython_cannot_import_is_refused(line: str, error: str) -> None:
    with pytest.raises(TranslationError, match=f"PV906: the module cannot be imported: {error}") as refused:
        translate(f"def f(x: int) -> int:\n    return x\n\n\n{line}\n")
    assert refused.value.diagnostics[0].span.line == 5


@pytest.mark.parametrize("example", ["f(K)", "f(G.Vec3d(1, 2, 3) * 2.0)", "f(G.Cross(K, K))"])
def test_an_example_is_evaluated_as_the_module_would(example: str) -> None:
    source = "from pxr import Gf as G\n\nK = G.Vec3d(0.0, 1.0, 0.0)\n\n\ndef f(v):\n    return v * 2.0\n"
    assert translate(source, examples=[example])(Gf.Vec3d(1.0, 2.0, 3.0)) == Gf.Vec3d(2.0, 4.0, 6.0)


def test_an_example_whose_argument_raises_is_no_case() -> None:
    assert translate("def f(x):\n    return x + 1\n", examples=["f(1 // 0)", "f(2)"])(3) == 4


def test_texts_of_examples_can_be_passed() -> None:
    source, examples = "def f(state, x):\n    return state, x\n", ['f("idle", 1.0)', 'f("busy", 2.0)']
    translation = translate(source, examples=examples)
    assert translation("busy", 3.0) == ("busy", 3.0)
    assert translation("else", 3.0) == ("else", 3.0)
    translation = translate(source, examples=examples, references=False)
    assert translation("busy", 3.0) == ("busy", 3.0)
    with pytest.raises(GuardError, match="constants"):
        translation("else", 3.0)


def test_a_translation_shows_itself_in_a_line() -> None:
    assert repr(translate("def half(x: float) -> float:\n    return x / 2.0\n")) == "<Translation of half(x: float) -> float: verified>"


def test_a_function_that_only_raises_may_be_annotated_with_any_result() -> None:
    with pytest.raises(ValueError, match="never"):
        translate("def f(x: int) -> int:\n    raise ValueError('never')\n")(1)


def test_recursion_that_overflows_the_stack_with_its_lists_is_no_wrong_answer() -> None:
    source = """\
def f(n: int) -> float:
    a = [0.0] * 1000
    if n <= 0 or n > 900:
        return 0.0
    a[n % 7] = 1.0
    return f(n - 1) + a[0]
"""
    report = translate(source).report
    assert report is not None and report.artefact("wasm").over_budget > 0 and report.artefact("wasm").agreed >= 110


def test_constants_are_divided_where_a_default_needs_one() -> None:
    source = "import math\n\n\ndef f(rate: float = math.pi / 2, step: float = 1.0 / 24) -> float:\n    return rate * step\n"
    assert translate(source)() == math.pi / 2 * (1.0 / 24)


# Five numbers whose squares add up, found by trying all: as long as a puzzle's search takes.
SEARCH = """
def search(most: int) -> int:
    found = 0
    for a in range(1, most):
        for b in range(1, most):
            for c in range(1, most):
                for d in range(1, most):
                    for e in range(1, most):
                        if a * a + b * b + c * c + d * d == e * e and a <= b <= c <= d:
                            found += 1
    return found
"""
ENDLESS = "def wait(n: int) -> int:\n    while n > 0:\n        n = n + 1 if n < 10 else n - 1\n    return n\n"


def test_a_search_of_many_million_steps_ends_within_the_budget_of_a_call() -> None:
    translation = translate(SEARCH, examples=["search(4)"])
    # What a lane of a stage may use in a frame is too little for it.
    with ScalarModule(translation.wasm, Budget()) as module, pytest.raises(GuestStop):
        module.call("call", (30,), ("i64",))
    python: dict[str, object] = {}
    exec(SEARCH, python)
    assert translation(24) == python["search"](24)  # type: ignore[operator]
    assert translation(30) > translation(24)


def test_a_call_without_end_is_stopped_and_told_how_to_get_more() -> None:
    hasty = translate(ENDLESS, examples=["wait(0)"]).with_budget(seconds=0.05)
    with pytest.raises(GuestStop, match=r"wait: ran past its deadline of 0\.05 s; `with_budget\(seconds=\.\.\.\)`"):
        hasty(1)
    assert hasty(0) == 0 and hasty.call_seconds == 0.05


def test_a_budget_is_its_translation_s_own() -> None:
    translation = translate(ENDLESS, examples=["wait(0)"])
    longer = translation.with_budget(seconds=3600)
    assert (translation.call_seconds, longer.call_seconds) == (60.0, 3600.0)
    assert longer.wasm == translation.wasm and longer(0) == 0
    for wrong in (0, -1.0, math.nan, math.inf, 3601.0, True):
        with pytest.raises(ValueError, match="deadline_seconds"):
            translation.with_budget(seconds=wrong)


def test_where_no_process_can_be_forked_the_report_says_that_nothing_was_confined(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "def f(x: float) -> float:\n    return x * 3.0\n"
    apart = translate(source)
    monkeypatch.setattr(jobs_module, "can_fork", lambda: False)
    here = translate(source)
    assert apart.report is not None and here.report is not None
    assert {item.profile for item in apart.report.protections} == {"judge", "oracle"}
    assert here.report.protections == () and "nothing" in here.report.confinement
    assert apart.build.without_circumstances() == here.build.without_circumstances()
