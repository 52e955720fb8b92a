"""The language's own samples in Rust: generators, instances, what cleans up, what is printed, ints of any size, all against CPython."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest

from portalis.translator.backends.rust import NotInRust
from portalis.translator.calling.outcome import Outcome
from tests.backends.rust.batch import Sample, entries, ours, theirs
from tests.backends.rust.guest import needs_rustc
from tests.references.test_classes import CASES as CLASSES
from tests.references.test_closures import PROGRAMS as CLOSURES
from tests.references.test_complex import PROGRAMS as COMPLEX
from tests.references.test_errors import CASES as ERRORS
from tests.references.test_generators import CASES as GENERATORS
from tests.references.test_inner_classes import CASES as INNER_CLASSES
from tests.references.test_printing import CASES as PRINTING
from tests.references.test_special_methods import CASES as SPECIAL_METHODS
from tests.references.test_wide import PROGRAMS as WIDE

pytestmark = needs_rustc


def calls_of(texts: tuple[str, ...]) -> tuple[tuple[Any, ...], ...]:
    return tuple(eval(text, {"f": lambda *given: given}) for text in texts)


# What a handler reads of an exception no result of a function carries.
REFUSED = {
    "an_exception_with_fields_in_a_function": "what comes with an exception",
}
SAMPLES: dict[str, list[Sample]] = {
    "generators": [Sample(case.name, case.source, tuple(case.examples), case.calls) for case in GENERATORS],
    "classes": [
        Sample(case.name, case.source, tuple(case.examples), case.calls)
        for case in (*CLASSES, *SPECIAL_METHODS, *INNER_CLASSES)
        if case.name not in REFUSED
    ],
    # Every third: most have functions of which one is called.
    "closures": [
        Sample(name, text, tuple(f"f({call})" for call in calls), calls_of(tuple(f"f({call})" for call in calls)))
        for name, (text, calls) in list(CLOSURES.items())[::3]
    ],
    "errors": [Sample(case.name, case.source, (), case.calls) for case in ERRORS if case.name not in REFUSED],
    "complex": [Sample(name, source, examples, calls_of(calls)) for name, source, examples, calls in COMPLEX],
    "printing": [Sample(case.name, case.source, (), case.calls) for case in PRINTING],
    # Every third: each has all of the arithmetic.
    "wide": [Sample(name, source, (example,), calls_of(calls), True) for name, source, example, calls in WIDE[::3]],
}


@functools.cache
def in_rust(kind: str) -> dict[str, Callable[..., Outcome]]:
    return entries(SAMPLES[kind])


@pytest.mark.parametrize(("kind", "index"), [(kind, index) for kind, samples in SAMPLES.items() for index in range(len(samples))])
def test_a_sample_does_what_it_does_in_cpython(kind: str, index: int) -> None:
    sample = SAMPLES[kind][index]
    for call in sample.calls:
        assert ours(in_rust(kind)[sample.name], call) == theirs(sample, call), (sample.name, call)


@pytest.mark.parametrize("case", [case for case in (*ERRORS, *INNER_CLASSES) if case.name in REFUSED], ids=lambda case: case.name)
def test_what_rust_does_not_tell_is_refused(case: Any) -> None:
    with pytest.raises(NotInRust, match=REFUSED[case.name]):
        entries([Sample(case.name, case.source, tuple(getattr(case, "examples", ())), case.calls)])
