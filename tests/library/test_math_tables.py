"""The generated polynomials and constants are what their generator writes."""

from __future__ import annotations

from tests.library import generate_tables


def test_tables_are_up_to_date() -> None:
    assert generate_tables.TARGET.read_text() == generate_tables.render()
