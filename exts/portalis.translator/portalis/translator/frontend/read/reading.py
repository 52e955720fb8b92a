"""Bytes or a path to a `SourceFile`, as Python's own tokenizer would read them (PEP 263)."""

from __future__ import annotations

import codecs
import io
import tokenize
from pathlib import Path

from portalis.translator.diagnostics import Diagnostic, TranslationError
from portalis.translator.source import MOST_BYTES, SourceFile, Span, read_regular_file


def read_source(origin: Path | str | bytes, name: str = "<source>") -> SourceFile:
    """Read a file (or its bytes, called `name` in messages) as Python would: byte-order mark, coding comment, else UTF-8.

    Raises TranslationError where the text cannot be decoded, holds NULs or is too large, and OSError where it cannot be
    read or is no regular file.
    """
    if isinstance(origin, bytes):
        return _decode(origin, name)
    path = Path(origin)
    return _decode(read_regular_file(path), str(path))


def _decode(data: bytes, name: str) -> SourceFile:
    if len(data) > MOST_BYTES:
        _refuse("P0005", name, data, 0, f"the file has more than {MOST_BYTES} bytes", "split it into smaller files")
    if b"\0" in data:
        _refuse("P0004", name, data, data.index(b"\0"), "the source holds a NUL character", "save the file as text (UTF-8)")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        message = str(error.args[0]) if error.args else "the encoding is not known"
        position = 0
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as undecodable:
            position, message = undecodable.start, _undecodable(data, undecodable.start)
        _refuse("P0003", name, data, position, message, _ENCODING_HELP)
    try:
        text = data.decode(encoding)
    except LookupError:
        # A codec of Python's that makes something else than text of bytes: rot13, base64.
        _refuse("P0003", name, data, 0, f"{encoding} is no encoding of text", _ENCODING_HELP)
    except UnicodeDecodeError as undecodable:
        _refuse("P0003", name, data, undecodable.start, _undecodable(data, undecodable.start), _ENCODING_HELP)
    return SourceFile(name, text.removeprefix("\ufeff"))


_ENCODING_HELP = "save the file as UTF-8, or name its encoding in the first line: # -*- coding: latin-1 -*-"


def _undecodable(data: bytes, position: int) -> str:
    return f"byte 0x{data[position]:02x} is not valid in the source's encoding, and no other encoding is declared"


def _refuse(code: str, name: str, data: bytes, position: int, message: str, help: str) -> None:
    readable = data.decode("latin-1").replace("\0", "\ufffd")
    before = readable[:position]
    line = before.count("\n") + 1
    column = position - (before.rfind("\n") + 1) + 1
    # A line is shown up to the offending byte and no further than a screen's width, since what follows may not be text at all.
    source = SourceFile(name, readable[: len(codecs.BOM_UTF8) + MOST_BYTES])
    raise TranslationError((Diagnostic(code, message, Span(name, line, column, line, column + 1), (), help),), source)
