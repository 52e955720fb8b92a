"""Regular expressions against CPython's own: the library's matcher, programs in the interpreter and in wasm, what people write."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from portalis.translator.bridge import GuestStop
from portalis.translator.diagnostics import GuardError, TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.read.patterns.groups import closing
from portalis.translator.frontend.read.patterns.program import Invalid, Pattern, can_be_read, read_pattern
from portalis.translator.frontend.read.patterns.sets import Untranslated
from portalis.translator.ir.types import OPTIONAL
from portalis.translator.library import pattern_reading, pattern_results, pattern_search
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate
from tests.references.patterns import FLAGS, Patterns
from tests.references.regex_written import WRITTEN
from tests.semantics.objects import EXECUTORS

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")


def read(text: str, flags: int) -> Pattern | None:
    """Return a pattern's program; None where it has none, which is right of what CPython refuses."""
    try:
        return read_pattern(text, flags)
    except Untranslated:
        return None
    except Invalid:
        with pytest.raises(re.error):
            re.compile(text, flags)
        return None


def marks(match: re.Match[str] | None) -> list[int]:
    """Return the ends of a match and its groups, as the library has them."""
    return [end for group in range(match.re.groups + 1) for end in match.span(group)] if match is not None else []


def test_the_matcher() -> None:
    drawn = Patterns(11)
    compared = guarded = 0
    for _ in range(1200):
        text, flags = drawn.draw(), int(drawn.source.choice(FLAGS))
        pattern = read(text, flags)
        if pattern is None:
            continue
        compiled = re.compile(text, flags)
        for subject in (drawn.text() for _ in range(4)):
            start = min(drawn.source.choice((0, 0, 1, 3)), len(subject))
            try:
                for how, name in enumerate(("search", "match", "fullmatch")):
                    found = pattern_search.first_match(pattern.program, subject, start, len(subject), how)
                    assert found == marks(getattr(compiled, name)(subject, start)), (text, flags, subject, name, start)
                if (match := compiled.search(subject, start)) is not None and (closed := closing(pattern.groups)) is not None:
                    part = [number for number in closed[0] if match.start(number) >= 0]
                    assert (part[-1] if part else None) == match.lastindex and (part or not closed[1]), (text, flags, subject)
                several = pattern_search.all_matches(pattern.program, subject, 0, len(subject), 0)
                assert several == [end for match in compiled.finditer(subject) for end in marks(match)], (text, flags, subject)
                always = [number for number, group in enumerate(pattern.groups, 1) if not group.endswith(OPTIONAL)]
                assert all(match[number] is not None for match in compiled.finditer(subject) for number in always), (text, flags)
                compared += 1
            except GuardError:
                guarded += 1
    assert compared > 2400
    assert guarded < compared // 10


PARTS = (
    *("a", "b", "c", " ", "-", ".", "^", "$", r"\d", r"\w", r"\s", r"\W", r"\S", r"\D", r"\b", r"\B", r"\A", r"\Z", "*", "+", "?"),
    *("{2}", "{1,2}", "{,2}", "{2,}", "{", "}", "]", r"\.", r"\n", "\\", "\u00e9", "{,}", "{a", "\n", "#", "[a]", "(a)", "|"),
)


def test_patterns_that_are_known_when_the_program_runs() -> None:
    drawn = Patterns(3)
    compared = 0
    for _ in range(3000):
        text = "".join(drawn.source.choice(PARTS) for _ in range(drawn.source.randint(0, 5)))
        try:
            program = pattern_reading.program_of(text)
        except GuardError:
            continue
        compiled = re.compile(text)
        for subject in (drawn.text() for _ in range(3)):
            try:
                several = pattern_search.all_matches(program, subject, 0, len(subject), 0)
                whole = pattern_search.first_match(program, subject, 0, len(subject), 2)
            except GuardError:
                continue
            assert several == [end for match in compiled.finditer(subject) for end in match.span()], (text, subject)
            assert whole == marks(compiled.fullmatch(subject)), (text, subject)
            compared += 1
    assert compared > 2000


def test_sets_without_case_are_exact() -> None:
    """Every character that CPython's tables know of as a cased one, in each of a few sets."""
    cased = [chr(code) for code in range(0x110000) if chr(code).lower() != chr(code) or chr(code).upper() != chr(code)]
    for text in ("k", "[^k]", "[a-z]", "s", "[^s-u]", "\u03c3", "[\u0390-\u03c9]", "\u00e9", "i", "[\u00e0-\u00ff]"):
        for flags in (re.I, re.I | re.A, 0):
            program, compiled = read_pattern(text, int(flags)).program, re.compile(text, flags)
            for character in cased:
                found = pattern_search.first_match(program, character, 0, 1, 1)
                assert found == marks(compiled.match(character)), (text, flags, character)


def test_escape() -> None:
    text = "".join(map(chr, range(300)))
    assert pattern_results.escaped(text) == re.escape(text)


PROBE = """
def f{number}(s: str):
    p = re.compile({text!r}, {flags})
    found = p.search(s)
    spans = [[{ends}] for m in p.finditer(s)]
    texts = [p.sub('<\\\\g<0>>', s), p.subn('-', s, 1)[0], str(p.fullmatch(s) is None), str(bool(p.match(s)))]
    for item in p.findall(s):
        texts.append({item})
    groups = [m.groups() for m in p.finditer(s)]
    return spans, texts, found.end() if found else -1, {groups}
"""


def probes(seed: int, count: int) -> str:
    """Return a module whose function `f(n, s)` asks the n-th of some patterns about a text."""
    drawn = Patterns(seed)
    functions: list[str] = []
    while len(functions) < count:
        text, flags = drawn.draw(2), int(drawn.source.choice(FLAGS))
        pattern = read(text, flags)
        if pattern is not None:
            ends = ", ".join(f"m.start({group}), m.end({group})" for group in range(len(pattern.groups) + 1))
            item = "item" if len(pattern.groups) < 2 else "'/'.join(item)"
            # Tuples of one function have one type, so that what is told of groups is text.
            groups = "[repr(g) for g in groups]"
            functions.append(PROBE.format(number=len(functions), text=text, flags=flags, ends=ends, item=item, groups=groups))
    choice = "".join(f"    if n == {number}:\n        return f{number}(s)\n" for number in range(1, count))
    return f"import re\n{''.join(functions)}\n\ndef f(n: int, s: str):\n{choice}    return f0(s)\n"


def outcome(function: Callable[..., Any], *given: Any) -> tuple[Any, ...]:
    try:
        return "value", function(*given)
    except GuardError:
        return ("guard",)
    except GuestStop as stop:
        # Some patterns try so many ways that the budget ends first.
        assert "budget" in str(stop), stop
        return ("guard",)
    except Exception as error:
        return type(error).__name__, str(error)


def called(run: Any) -> Callable[..., Any]:
    """Return a runnable as a function."""

    def call(*given: Any) -> Any:
        found = run.run(given)
        assert found.error is None, found
        return found.value

    return call


@pytest.mark.parametrize(("executor", "count", "texts"), [("interpreter after passes", 30, 3), ("llvm small", 60, 15)])
def test_programs(executor: str, count: int, texts: int) -> None:
    for seed in range(count // 30):
        source = probes(seed, 30)
        run = EXECUTORS[executor](lower(SourceFile("probe.py", source), "f", references=True))
        namespace: dict[str, Any] = {}
        exec(source, namespace)
        drawn = Patterns(seed)
        for number in range(30):
            for text in ("", *(drawn.text() for _ in range(texts))):
                mine = outcome(called(run), number, text)
                assert mine in (outcome(namespace["f"], number, text), ("guard",)), (source, number, text)


@pytest.mark.parametrize(("source", "example", "calls"), WRITTEN)
def test_written(source: str, example: str, calls: tuple[str, ...]) -> None:
    found = translate(source, "f", (example,))
    assert found.report is not None and found.report.artefact("wasm").status == "verified"
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    for call in (example, *calls):
        mine, wanted = (outcome(eval, call, {"f": function}) for function in (found, namespace["f"]))
        assert repr(mine) == repr(wanted), call


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("re.search(s, s, re.I)", "P0240"),
        ("re.search('(', s)", "P0240"),
        ("re.sub('a', '\\\\2', s)", "P0240"),
        ("re.search('a', s, re.L)", "P0240"),
        ("re.search('(?:(a)|b)++', s)", "P0240"),
        ("re.match('a', s)", "P0240"),
        ("[m for m in re.finditer('a', s)]", "P0240"),
        ("re.search('a', s).regs", "P0307"),
        ("re.sub('a', None, s)", "P0308"),
        ("re.template('a')", "P0309"),
        ("len(re.finditer('a', s))", "P0308"),
        ("type(re.match('a', s)) == type(None)", "P0305"),
        ("re.match('a', s) or 'x'", "P0319"),
        ("str(re.match('a', s))", "P0308"),
    ],
)
def test_refused(line: str, code: str) -> None:
    with pytest.raises(TranslationError) as refused:
        lower(SourceFile("refused.py", f"import re\ndef f(s: str):\n    return {line}\n"), "f", references=True)
    assert [item.code for item in refused.value.diagnostics][:1] == [code]


def test_a_pattern_that_takes_for_ever_ends() -> None:
    source = "import re\ndef f(s: str):\n    return bool(re.match('(a|a)*b', s))\n"
    run = EXECUTORS["llvm small"](lower(SourceFile("endless.py", source), "f", references=True))
    assert called(run)("aab") is True
    with pytest.raises(Exception, match=r"fuel|budget|time"):
        called(run)("a" * 200)


TOKENS = """
import re
TOKENS = [("NUMBER", r"\\d+(\\.\\d*)?"), ("ID", r"[A-Za-z]+"), ("OP", "[-+*/]"), ("SKIP", r"[ \\t]+"), ("BAD", ".")]
PATTERN = re.compile("|".join(f"(?P<{name}>{part})" for name, part in TOKENS))
def f(text, name):
    specs = [("year", r"\\d+"), ("month", r"\\d+")]
    found = re.match("-".join("(?P<%s>%s)" % pair for pair in specs), text)
    try:
        date = str((found[name], found.start(name), found.lastindex)) if found else "none"
    except IndexError as error:
        date = str(error)
    maybe = re.match("(?P<a>a)?(b)?", text)
    words = re.findall("|".join(re.escape(word) for word in ("+", "-1")), text)
    return [(one.lastgroup.lower(), one[one.lastgroup]) for one in PATTERN.finditer(text)], date, maybe.lastgroup, maybe.lastindex, words
"""
CHANGED = """
import re
SEP = "x"
PARTS = ("a" + SEP, "b")
def f(text, name):
    parts = ["a"]
    parts.append(name)
    SEP = name
    if text:
        SEP = SEP + "b"
    return re.findall("".join(parts), text), re.findall(SEP, text), re.findall("|".join(PARTS), text)
"""


@pytest.mark.parametrize(
    ("source", "calls"),
    [
        (TOKENS, (("12-7", "year"), ("12-7", "day"), ("x+1.5 ?", "month"), ("ab", ""), ("a", "year"), ("", "year"), ("3-1", "month"))),
        (CHANGED, (("axb", "b"), ("bb", "b"))),
    ],
)
@pytest.mark.parametrize("executor", ["interpreter", "llvm small"])
def test_groups_by_name_and_patterns_of_constants(executor: str, source: str, calls: tuple[tuple[str, str], ...]) -> None:
    lowered = lower(SourceFile("case.py", source), "f", (f"f{calls[0]!r}",), references=True)
    executable, namespace = EXECUTORS[executor](lowered), dict[str, Any]()
    exec(source, namespace)
    for call in calls:
        assert repr(executable.run([*call]).value) == repr(namespace["f"](*call)), call


@pytest.mark.parametrize("pattern", ["(?:[{}-{}]|(b))*", "a{{{},{}}}(b)?"])
def test_ends_of_ranges_and_of_repeats_are_no_operations(pattern: str) -> None:
    # The operations of a parsed pattern are ints, too.
    for low in range(1, 120):
        ends = (re.escape(chr(low)), re.escape(chr(low + 1))) if "[" in pattern else (low, low + 1)
        assert can_be_read(pattern.format(*ends), 0)
