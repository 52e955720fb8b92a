"""Functions that a built-in class has and its objects need not be there for: `bytes.fromhex`, `int.from_bytes`, `str.maketrans`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from portalis.translator.frontend.calls.binder import positional_only
from portalis.translator.frontend.calls.methods.encodings import from_octets_row
from portalis.translator.frontend.calls.methods.objects import refuse_arguments
from portalis.translator.frontend.calls.methods.octets import bytearray_from_hex, from_hex, make_octet_table
from portalis.translator.frontend.calls.rows import Row


@cache
def class_rows() -> Mapping[str, Row]:
    """Return these functions by their names with their classes'."""
    rows = (
        Row("bytes.fromhex", positional_only("text"), from_hex, refuse_arguments),
        Row("bytearray.fromhex", positional_only("text"), bytearray_from_hex, refuse_arguments),
        *(Row(f"{name}.maketrans", positional_only("frm", "to"), make_octet_table, refuse_arguments) for name in ("bytes", "bytearray")),
        from_octets_row(),
    )
    return {row.name: row for row in rows}
