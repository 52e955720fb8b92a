"""`portalis keys`: who may ask this user's gateway, and the keys of gateways that this user asks."""

from __future__ import annotations

import sqlite3
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portalis.translator.cli.output import fail, os_error, out, print_json, print_table

if TYPE_CHECKING:
    from portalis.translator.servers.gateway.keys import KeyBook, KeyEntry

keys = typer.Typer(help="Make and revoke the keys of a gateway; keep your own.", no_args_is_help=True)
_DAY = 86_400.0
Folder = Annotated[Path | None, typer.Option("--folder", help="The gateway's folder; by default this user's own.")]
Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]
Url = Annotated[str, typer.Option("--url", help="The gateway, as https://HOST:PORT.")]


@keys.command("create")
def create_command(
    tenant: Annotated[str, typer.Argument(metavar="TENANT", help="Whose key it is; tenants see nothing of one another.")],
    scope: Annotated[list[str] | None, typer.Option("--scope", help="translate, jobs or metrics; repeat it. All without it.")] = None,
    name: Annotated[str, typer.Option("--name", help="What it is for.")] = "",
    days: Annotated[float | None, typer.Option("--days", min=0.0, help="After how many days it ends.")] = None,
    folder: Folder = None,
    as_json: Json = False,
) -> None:
    """Make a key. It is shown once: only a digest of it is kept."""
    book = _book(folder, as_json)
    from portalis.translator.servers.gateway.keys import SCOPES

    unknown = sorted(set(scope or ()) - set(SCOPES))
    if unknown:
        fail(f"`{unknown[0]}` is no scope", as_json, [f"scopes are {', '.join(SCOPES)}"], status=2)
    scopes = [item for item in SCOPES if scope is None or item in scope]
    try:
        entry, key = book.create(tenant, scopes, name, None if days is None else days * _DAY)
    except ValueError as error:
        fail(str(error), as_json, status=2)
    _show(entry, key, as_json)


@keys.command("list")
def list_command(folder: Folder = None, as_json: Json = False) -> None:
    """List the keys of a gateway."""
    entries = _book(folder, as_json).entries()
    if as_json:
        print_json({"ok": True, "keys": [_told(entry) for entry in entries]})
        return
    rows = [
        (entry.id, entry.tenant, " ".join(sorted(entry.scopes)), entry.name, "usable" if entry.usable(time.time()) else "ended")
        for entry in entries
    ]
    print_table("keys", ("id", "tenant", "scopes", "name", "state"), rows) if rows else out.print("no keys", markup=False)


@keys.command("rotate")
def rotate_command(
    id_: Annotated[str, typer.Argument(metavar="ID", help="The key's id, as `list` shows it.")],
    grace: Annotated[float, typer.Option("--grace", min=0.0, metavar="SECONDS", help="How long the old one still works.")] = 3600.0,
    folder: Folder = None,
    as_json: Json = False,
) -> None:
    """Make a key in another one's place."""
    from portalis.translator.servers.gateway.keys import UnknownKey

    try:
        entry, key = _book(folder, as_json).rotate(id_, grace)
    except UnknownKey as error:
        fail(str(error), as_json, ["`portalis keys list` shows them"])
    _show(entry, key, as_json)


@keys.command("revoke")
def revoke_command(
    id_: Annotated[str, typer.Argument(metavar="ID", help="The key's id, as `list` shows it.")],
    folder: Folder = None,
    as_json: Json = False,
) -> None:
    """End a key at once."""
    from portalis.translator.servers.gateway.keys import UnknownKey

    try:
        _book(folder, as_json).revoke(id_)
    except UnknownKey as error:
        fail(str(error), as_json, ["`portalis keys list` shows them"])
    print_json({"ok": True}) if as_json else out.print(f"revoked {id_}", markup=False)


@keys.command("store")
def store_command(url: Url, as_json: Json = False) -> None:
    """Keep the key of a gateway that you ask in the system's store; it is read from standard input."""
    from portalis.translator.servers.clients.keyring import NoSecureStore, store_key

    key = typer.prompt("key", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    if not key.strip():
        fail("there is no key on standard input", as_json, status=2)
    try:
        store = store_key(url, key.strip())
    except NoSecureStore as error:
        fail(str(error), as_json)
    print_json({"ok": True, "store": store}) if as_json else out.print(f"kept in {store}", markup=False)


@keys.command("forget")
def forget_command(url: Url, as_json: Json = False) -> None:
    """Remove a gateway's key from the system's store."""
    from portalis.translator.servers.clients.keyring import forget_key

    found = forget_key(url)
    if not found:
        fail(f"no key is kept for {url}", as_json)
    print_json({"ok": True}) if as_json else out.print("forgotten", markup=False)


def _book(folder: Path | None, as_json: bool) -> KeyBook:
    try:
        from portalis.translator.private.host_key import UnsafeFile
        from portalis.translator.servers.gateway.database import open_database
        from portalis.translator.servers.gateway.keys import KeyBook
        from portalis.translator.servers.gateway.settings import Settings
    except ModuleNotFoundError as error:
        fail(f"{error.name} is missing", as_json, ["pip install 'portalis-translator[gateway]'"])
    try:
        return KeyBook(open_database(folder or Settings().folder))
    except UnsafeFile as error:
        fail(f"the gateway's files cannot be used: {error}", as_json)
    except sqlite3.Error as error:
        fail(f"the gateway's files cannot be used: {error}", as_json)
    except OSError as error:
        fail(os_error(error), as_json)


def _show(entry: KeyEntry, key: str, as_json: bool) -> None:
    if as_json:
        print_json({"ok": True, "key": key, **_told(entry)})
        return
    out.print(key, markup=False)
    out.print(
        f"  the key of {entry.tenant} for {', '.join(sorted(entry.scopes))}; its id is {entry.id}. It is not shown again.", markup=False
    )


def _told(entry: KeyEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "tenant": entry.tenant,
        "name": entry.name,
        "scopes": sorted(entry.scopes),
        "created": entry.created,
        "expires": entry.expires,
        "revoked": entry.revoked,
    }
