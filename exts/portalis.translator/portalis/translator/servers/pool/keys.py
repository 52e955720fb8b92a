"""When two requests ask for one answer: what of a request changes it is its key, and the path, which changes no more than how places are
called, is put in when an answer leaves."""

from __future__ import annotations

import hashlib
import json

from portalis.translator.servers.contract.translation import RequestOptions

# How a source is called until its answer leaves.
UNNAMED = "<source>"
_JSON = json.JSONEncoder(separators=(",", ":"))
_PLACE = f'"file":{json.dumps(UNNAMED)}'.encode()


def request_key(source: bytes, request: RequestOptions, compiler: int, owner: str = "") -> bytes:
    """Return 32 bytes that tell a request from every other: by its source, function and examples, the options that a server heeds,
    what is to be shown, the compiler, and whose it is. Neither the path nor how long somebody waits is among them."""
    options = request.options
    heeded = (options.cases, options.seed, options.opt, options.simd, options.rust, request.references, request.texts)
    rest = _JSON.encode([owner, compiler, request.function, request.examples, heeded]).encode()
    return hashlib.sha256(len(source).to_bytes(8) + source + rest).digest()


def with_path(answer: bytes, path: str) -> bytes:
    """Return an answer, as JSON without spaces, with the source's own path at every place.

    Quotes inside texts are escaped, so that only a place in the file reads like one.
    """
    return answer.replace(_PLACE, f'"file":{json.dumps(path)}'.encode())
