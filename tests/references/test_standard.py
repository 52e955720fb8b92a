"""Modules of Python's own that are written in ordinary Python: on generated values, in the interpreter and in wasm, what CPython gives."""

from __future__ import annotations

import copy
import importlib
import random

import pytest

from portalis.translator.diagnostics import GuardError, TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate
from portalis.translator.verify.plan import recursive_functions
from tests.calling.messages import picture
from tests.executed import execute
from tests.references.standard_cases import CASES, Case
from tests.references.test_imports import examples_of
from tests.semantics.executors import lower_once
from tests.semantics.objects import EXECUTORS

# How many calls each executor makes. The interpreter takes most of the time, and what is wrong in it alone no user gets.
ROUNDS = {"interpreter": 4, "llvm small": 12}


def hold(case: Case, executor: str, rounds: int, seed: object = 0) -> None:
    """Compare calls of a case with CPython's."""
    lowered = lower_once("case.py", case.text, examples_of(case.make), case.wide)
    executable = EXECUTORS[executor](lowered)
    oracle = execute(lowered.source, "f", executable.types, "exact", recursive_functions(lowered))
    source, values = random.Random(f"{case.text}{seed}"), 0
    for _ in range(rounds):
        given = case.make(source)
        ours, theirs = copy.deepcopy(given), copy.deepcopy(given)
        expected = oracle.call(theirs)
        try:
            found = executable.run(ours)
        except GuardError as guard:
            pytest.fail(f"f{given} was guarded: {guard}")
        assert found.exception == expected.exception, given
        values += not found.exception
        types_ = (*(() if found.exception else (executable.function.result,)), *executable.types)
        mine, wanted = ([*(() if one.exception else (one.value,)), *one.arguments] for one in (found, expected))
        assert picture(mine, types_) == picture(wanted, types_), given
    assert values >= rounds // 4, "hardly any call gave a value"


@pytest.mark.parametrize("executor", ROUNDS)
@pytest.mark.parametrize("name", CASES)
def test_what_is_written_does_what_cpython_does(name: str, executor: str) -> None:
    hold(CASES[name], executor, ROUNDS[executor])


SHADOWED = """
import statistics
from statistics import mean, median as mid
def mode(xs):
    return len(xs)
def f(xs):
    mean = max(xs)
    def median(mid):
        return mid + 1
    statistics_median = 3
    return mean, median(2), [mid for mid in xs], mid(xs), mode(xs), statistics.mode(xs), statistics.median(xs), (lambda mid: mid)(4)
"""


def test_names_mean_what_they_are_bound_to() -> None:
    hold(Case(SHADOWED, lambda source: ([source.randint(0, 5) for _ in range(3)],)), "interpreter", 5)


def test_imports_in_functions_and_exceptions_are_verified() -> None:
    text = (
        "def f(xs: list[int]):\n    import statistics as st\n    from statistics import StatisticsError\n    try:\n"
        "        return st.mode(xs)\n    except StatisticsError as error:\n        return len(str(error))\n"
    )
    translation = translate(text, "f", ("f([1, 2, 2])",))
    report = translation.report
    assert report is not None and report.artefact("wasm").status == "verified"
    assert [translation(xs) for xs in ([3, 1, 3], [])] == [3, 22]
    with pytest.raises(importlib.import_module("statistics").StatisticsError, match="no median for empty data"):
        translate("import statistics\ndef f(xs: list[int]):\n    return statistics.median_low(xs)\n", "f", ("f([1, 2, 2])",))([])


REFUSED = {
    "import random\ndef f(n: int):\n    return random.randint(1, n)\n": ("P0210", 3, "the module's own generator"),
    "from random import Random\ndef f(n: int):\n    x = n\n    return Random().random()\n": ("P0210", 4, "without a seed"),
    "import json\ndef f(s: str):\n    return json.loads(s)\n": ("P0308", 3, "`json.loads` gives values of types"),
    "import json\ndef f(n: int):\n    return json.dumps([{n}])\n": ("P0308", 3, "values of this type"),
    "import datetime\ndef f(n: int):\n    a = datetime.date(n, 1, 1)\n    return str(datetime.datetime.now()), str(a)\n": (
        "P0210",
        4,
        "reads the clock",
    ),
    "import copy\ndef f(xs: list[list[list[list[int]]]]):\n    x = 1\n    return copy.deepcopy(xs)\n": (
        "P0308",
        4,
        "`copy.deepcopy` of this",
    ),
    "import statistics\ndef f(xs: list[str]):\n    x = 1\n    return statistics.variance(xs)\n": (
        "P0305",
        4,
        "`statistics.variance` is not",
    ),
    "import statistics\ndef f(xs: list[int]):\n    return statistics.NormalDist.from_samples(xs).mean\n": ("P0317", 3, "no translation"),
    "from statistics import geometric_mean\ndef f(xs: list[int]):\n    return geometric_mean(xs)\n": ("P0201", 1, "no translation"),
    "from statistics import mean\ndef f(xs: list[int]):\n    return mean(xs, 3)\n": ("P0310", 3, "mean"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_written_is_refused_where_it_is_used(text: str) -> None:
    with pytest.raises(TranslationError) as caught:
        lower(SourceFile("case.py", text), "f", references=True)
    first = caught.value.diagnostics[0]
    assert (first.code, first.span.line) == REFUSED[text][:2]
    assert REFUSED[text][2] in first.message


@pytest.mark.parametrize(
    ("text", "given", "reason"),
    [
        ("import csv\ndef f(s: str):\n    return list(csv.reader([s]))\n", "a\rb", "a line end within a line"),
        ("import csv\ndef f(s: str):\n    return list(csv.DictReader(['a,b', s]))\n", "1", "fewer fields"),
        ("import csv\ndef f(s: str):\n    return list(csv.DictReader(['a,b', s]))\n", "1,2,3", "more fields"),
        ("import csv\ndef f(s: str):\n    return list(csv.reader(['a'], delimiter=s))\n", "ab", "not one character"),
        (
            "import csv, io\ndef f(s: str):\n    return csv.writer(io.StringIO(), lineterminator='\\n').writerow([s])\n",
            "a\rb",
            "a line end",
        ),
        (
            "from string import Template\ndef f(s: str):\n    t = Template('$$')\n    t.delimiter = s\n    return t.substitute()\n",
            "%",
            "its own",
        ),
    ],
)
def test_what_pythons_or_types_differ_on_is_guarded(text: str, given: str, reason: str) -> None:
    example = "$" if "Template" in text else ";" if "delimiter" in text else "1,2"
    translation = translate(text, "f", (f"f({example!r})",))
    with pytest.raises(GuardError, match=reason):
        translation(given)


@pytest.mark.parametrize("target", ["csv.reader([s]).line_num", "csv.DictReader([s]).restkey", "string.Template(s).pattern"])
def test_what_an_attribute_would_change_is_not_assigned(target: str) -> None:
    with pytest.raises(TranslationError, match="P0309"):
        translate(f"import csv, string\ndef f(s: str):\n    {target} = s\n    return s\n", "f", ("f('a')",))
