"""The playground's files over HTTP."""

from __future__ import annotations

import functools
from pathlib import Path

from fastapi import APIRouter, Request, Response

from portalis.translator.servers.gateway.routes import services_of
from portalis.translator.servers.gateway.trouble import Refusal

router = APIRouter(include_in_schema=False)
POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'"
# Nobody frames the page, opens it with a hold on it, or reads its files into another one; a link from it does not say where it stood.
_HEADERS = {
    "content-security-policy": POLICY,
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
}
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".txt": "text/plain"}
_INDEX = "index.html"


@functools.cache
def page_files() -> dict[str, tuple[bytes, str]]:
    """Return each file's bytes and type by its path from the page."""
    root = Path(__file__).parent / "page"
    found = sorted(path for path in root.rglob("*") if path.suffix in _TYPES)
    return {path.relative_to(root).as_posix(): (path.read_bytes(), f"{_TYPES[path.suffix]}; charset=utf-8") for path in found}


@router.get("/")
@router.get("/playground")
async def entrance(request: Request) -> Response:
    """Lead to the page."""
    _require_playground(request)
    return Response(status_code=307, headers={"location": "/playground/"})


@router.get("/playground/settings.json")
async def settings(request: Request) -> Response:
    """Tell the page whether it needs a key."""
    _require_playground(request)
    keyed = "false" if services_of(request).settings.playground == "open" else "true"
    return Response(f'{{"keyed":{keyed}}}', headers=_HEADERS, media_type="application/json")


@router.get("/playground/{path:path}")
async def file(request: Request, path: str) -> Response:
    """Give one of the page's files."""
    _require_playground(request)
    found = page_files().get(path or _INDEX)
    if found is None:
        raise Refusal(404, "not_found", "the playground has no such file")
    return Response(found[0], headers=_HEADERS, media_type=found[1])


def _require_playground(request: Request) -> None:
    if services_of(request).settings.playground == "off":
        raise Refusal(404, "not_found", "this gateway has no playground")
