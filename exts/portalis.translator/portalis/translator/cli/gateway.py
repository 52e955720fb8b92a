"""`portalis serve --gateway`: a gateway on this machine, with a key for its user's own clients."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portalis.translator.cli.output import err, fail, out, print_json

if TYPE_CHECKING:
    from portalis.translator.servers.gateway.keys import KeyBook
    from portalis.translator.servers.gateway.settings import Settings

_REMEDY = "pip install 'portalis-translator[server,gateway]'"
_TENANT = "local"
_NAME = "portalis serve, process "


def serve_gateway(
    port: int | None, workers: int | None, time_limit: float | None, memory_limit: int | None, triton: str | None, as_json: bool
) -> None:
    """Serve until a signal says to end; what is not given is as the environment says."""
    try:
        from pydantic import ValidationError

        from portalis.translator.private.host_key import UnsafeFile
        from portalis.translator.servers.gateway.database import open_database
        from portalis.translator.servers.gateway.keys import KeyBook
        from portalis.translator.servers.gateway.serving import CannotServe, serve
        from portalis.translator.servers.gateway.settings import Settings
        from portalis.translator.servers.triton.access import publish_key, withdraw_key
    except ModuleNotFoundError as error:
        fail(f"{error.name} is missing", as_json, [_REMEDY])
    given: dict[str, Any] = {"port": port, "workers": workers, "triton": triton, "time_limit": time_limit}
    given["memory_limit_megabytes"] = memory_limit
    left: list[tuple[int, str, str]] = []

    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})

        def told(at: int) -> None:
            with contextlib.closing(open_database(settings.folder)) as database:
                keys = KeyBook(database)
                _forget_those_of_the_dead(keys)
                entry, key = keys.create(_TENANT, name=f"{_NAME}{os.getpid()}")
            left.append((at, key, entry.id))
            _announce(settings, at, str(publish_key(at, key)), as_json)

        def ended() -> None:
            for at, key, id_ in left:
                withdraw_key(at, key)
                with contextlib.closing(open_database(settings.folder)) as database:
                    KeyBook(database).forget(id_)

        serve(settings, told, ended)
    except ValidationError as error:
        reasons = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors(include_input=False)]
        fail("the gateway's settings are wrong", as_json, reasons, status=2)
    except UnsafeFile as error:
        fail(f"the gateway's files cannot be kept: {error}", as_json)
    except CannotServe as error:
        fail(str(error), as_json)
    err.print("portalis: stopped", markup=False)


def _forget_those_of_the_dead(keys: KeyBook) -> None:
    """Remove the keys that gateways left whose process was killed."""
    for entry in keys.entries():
        number = entry.name.removeprefix(_NAME)
        if number != entry.name and number.isdigit() and Path("/proc").is_dir() and not Path("/proc", number).exists():
            keys.forget(entry.id)


def _announce(settings: Settings, port: int, key_file: str, as_json: bool) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"{'https' if settings.tls_certificate else 'http'}://{host}:{port}"
    if as_json:
        print_json({"ok": True, "url": url, "backend": settings.backend, "folder": str(settings.folder), "key_file": key_file})
    else:
        out.print(f"serving translations at {url}; interrupt to stop", markup=False)
        out.print(f"  portalis translate FILE --backend gateway --url {url}", markup=False)
        if settings.playground != "off":
            whose = "without a key" if settings.playground == "open" else "with a key"
            out.print(f"  a playground in your browser, {whose}: {url}/playground/", markup=False)
        out.print(f"  requests carry a key: your own clients find the one in {key_file}; `portalis keys create` makes others", markup=False)
    # Whoever started this through a pipe waits for these lines.
    sys.stdout.flush()
