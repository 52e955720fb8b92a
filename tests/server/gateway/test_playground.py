"""The playground over HTTP: what is served, with which policy, and who may ask from it without a key."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from portalis.translator.servers.gateway.app import make_app
from portalis.translator.servers.gateway.playground.serving import POLICY, page_files
from portalis.translator.servers.gateway.services import Services
from portalis.translator.servers.gateway.settings import Settings
from tests.server.gateway.processes import Gateway
from tests.server.snippets import kind

REPOSITORY = Path(__file__).parents[3]


def test_every_file_has_the_policy_and_leads_to_others_that_are_there(gateway: Gateway) -> None:
    files, found = page_files(), {"index.html", "vendor/LICENSES.txt"}
    assert {"index.html", "app.js", "worker.js", "vendor/codemirror.js", "vendor/LICENSES.txt"} <= set(files)
    for name, (content, kind_) in files.items():
        reply = gateway.get(f"/playground/{name}")
        assert (reply.status, reply.body, reply.headers["content-type"]) == (200, content, kind_)
        assert reply.headers["content-security-policy"] == POLICY and reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["cross-origin-resource-policy"] == "same-origin" and reply.headers["x-frame-options"] == "DENY"
        named = re.findall(r'(?:src=|href=|from |import |URL\()"(?:\./)?([\w./-]+\.(?:js|css))"', content.decode())
        assert set(named) <= set(files), (name, named)
        found |= set(named)
    # Nothing is served that nobody needs.
    assert found == set(files)
    assert gateway.get("/playground/").body == files["index.html"][0]
    assert [gateway.get(path).headers["location"] for path in ("/", "/playground")] == ["/playground/"] * 2
    for path in ("/playground/absent.js", "/playground/../settings.py", "/playground/%2e%2e/serving.py", "/playground/vendor/"):
        assert gateway.get(path).status == 404
    assert (
        b"style=" not in files["index.html"][0]
        and b"onclick" not in files["index.html"][0]
        and not re.search(rb"<script>", files["index.html"][0])
    )


def test_the_policy_is_the_one_that_is_promised() -> None:
    assert POLICY == ("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'")


def test_the_page_does_not_open_a_gateway_that_has_keys(gateway: Gateway) -> None:
    own = {"Origin": f"http://127.0.0.1:{gateway.port}"}
    assert gateway.get("/playground/settings.json").json == {"keyed": True}
    assert gateway.translate(None, kind(1), headers=own).status == 401


def test_an_open_playground_is_for_its_own_page_and_for_translations(open_gateway: Gateway) -> None:
    own = {"Origin": f"http://127.0.0.1:{open_gateway.port}"}
    assert open_gateway.get("/playground/settings.json").json == {"keyed": False}
    assert open_gateway.translate(None, kind(1), headers=own).json["kind"] == "translated"
    assert open_gateway.translate(None, kind(1)).status == 401
    assert open_gateway.translate("0" * 64, kind(1), headers=own).status == 401
    for origin in ("http://127.0.0.1:1", f"http://localhost:{open_gateway.port}", "null", f"https://127.0.0.1:{open_gateway.port}"):
        assert open_gateway.translate(None, kind(1), headers={"Origin": origin}).status == 403
    assert open_gateway.post("/v1/jobs", None, {"items": [{"source": kind(1)}]}, headers=own).status == 403
    assert open_gateway.get("/v1/metrics", headers=own).status == 403 and open_gateway.get("/v1/jobs", headers=own).status == 403
    told = [line for line in open_gateway.lines() if line.get("tenant") == "(playground)"]
    assert told and "def f" not in json.dumps(told)


def test_an_open_playground_listens_here_alone_and_one_that_is_off_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="for this machine alone"):
        Settings(playground="open", host="0.0.0.0", folder=tmp_path)
    services = Services(Settings(playground="off", folder=tmp_path / "state"))
    app = make_app(services)

    async def statuses() -> list[int]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
            paths = ("/", "/playground/", "/playground/app.js", "/playground/settings.json", "/v1/health/live")
            return [(await client.get(path)).status_code for path in paths]

    assert asyncio.run(statuses()) == [404, 404, 404, 404, 200]
    services.engine.close()
    services.database.close()


def test_the_editor_is_what_its_lock_file_says() -> None:
    """Whoever changes the packages bundles anew, and every licence comes along."""
    lock = (REPOSITORY / "scripts" / "editor" / "package-lock.json").read_bytes()
    bundle, licences = (page_files()[f"vendor/{name}"][0].decode() for name in ("codemirror.js", "LICENSES.txt"))
    assert hashlib.sha256(lock).hexdigest() in bundle.partition("\n")[0]
    packages = {name.removeprefix("node_modules/"): item for name, item in json.loads(lock)["packages"].items() if name}
    bundled = {name: item for name, item in packages.items() if not name.endswith("esbuild") and "esbuild/" not in name}
    assert {f"{name} {item['version']}" for name, item in bundled.items()} == set(re.findall(r"^(\S+ [\d.]+) \(MIT\)$", licences, re.M))
    assert licences.count("Permission is hereby granted, free of charge") == len(bundled) > 10
