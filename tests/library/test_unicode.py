"""Characters beyond Latin-1: the tables are CPython's, and what methods of str make of them is what CPython makes."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator

import pytest

from portalis.translator import translate
from portalis.translator.backends.rust import emit_crate
from portalis.translator.diagnostics import GuardError
from portalis.translator.frontend import lower
from portalis.translator.library import casing, quoting, unicode_tables
from portalis.translator.library.beyond import in_ranges
from portalis.translator.source import SourceFile
from scripts.write_unicode_tables import TARGET, render

METHODS = (
    "lower", "upper", "casefold", "swapcase", "capitalize", "title", "isalpha", "isalnum", "isdecimal", "isdigit", "isnumeric", "isspace",
    "isprintable", "islower", "isupper", "istitle", "isidentifier",
)  # fmt: skip
# Sigmas, letters that become several or none, cased modifiers, what is ignored beside a sigma, a surrogate, other planes.
AWKWARD = "\u03a3A'a\u02b0\u0345\u0130\u00df\u0149\u01c5\u1f80\U00010428\U0001e921\ufb03\u0301\ud800 \u00ad\u4e2d\u0663\u2167\u00b2"


def edges() -> Iterator[int]:
    """Yield the code points beside which something changes in a table."""
    tables = (value for name, value in vars(unicode_tables).items() if name.isupper())
    found = {ord(one) + offset for table in tables for one in table for offset in (-1, 0, 1)}
    return (code for code in sorted(found) if 0 <= code < 0x110000)


def hold(ours: Callable[[str], object], theirs: Callable[[str], object], text: str) -> None:
    """Hold one answer to CPython's; a guard only where versions differ."""
    try:
        found = ours(text)
    except GuardError:
        new = {str.isnumeric: unicode_tables.NEW_NUMERIC, str.isidentifier: unicode_tables.NEW_PARTS}.get(theirs, "")
        unsettled = [table for table in (unicode_tables.UNSETTLED, new) if table]
        assert any(in_ranges(table, ord(one)) for table in unsettled for one in text), ascii(text)
        return
    assert found == theirs(text), (theirs, ascii(text))


@pytest.mark.skipif(unicodedata.unidata_version != "14.0.0", reason="the tables are written by a CPython with Unicode 14")
def test_the_tables_are_what_the_script_writes() -> None:
    assert TARGET.read_text("utf-8") == render()


@pytest.mark.parametrize("method", METHODS)
def test_a_method_answers_as_cpython_does_beside_every_change(method: str) -> None:
    ours, theirs = getattr(casing, method), getattr(str, method)
    for number, code in enumerate(edges()):
        hold(ours, theirs, chr(code) if number % 2 else f"a{chr(code)}B")


def test_repr_escapes_what_cpython_escapes() -> None:
    for code in edges():
        hold(quoting.quoted, repr, chr(code))


def test_where_versions_differ_is_a_guard() -> None:
    for text in ("\u0378", "\u10fc", "\U0001fadb"):
        with pytest.raises(GuardError, match="versions of Unicode"):
            casing.isalpha(text)


def test_a_crate_names_what_stands_between_tables() -> None:
    # A text with escapes ends where it ends: what follows it is code.
    program = lower(SourceFile("f.py", "def f(s: str):\n    return s.lower(), s.upper(), s.title()\n"), "f", (), references=True)
    assert "use super::types::{Error, List, Text};" in emit_crate(program).files["src/py/beyond.rs"]


def test_a_translation_answers_as_cpython_does() -> None:
    cases = "s.lower(), s.upper(), s.title(), s.casefold(), s.swapcase(), s.capitalize(), repr(s)"
    properties = "s.isalpha(), s.isalnum(), s.isnumeric(), s.islower(), s.isupper(), s.istitle(), s.isidentifier(), s.isprintable()"
    generator = random.Random(8)
    for expressions in (cases, properties):
        source = f"def f(s: str):\n    return {expressions}\n"
        namespace: dict[str, Callable[[str], object]] = {}
        exec(source, {}, namespace)
        found = translate(source, "f", ())
        assert found.report is not None and found.report.artefact("wasm").status == "verified"
        for _ in range(300):
            text = "".join(generator.choices(AWKWARD, k=generator.randint(0, 7)))
            assert found(text) == namespace["f"](text), ascii(text)
