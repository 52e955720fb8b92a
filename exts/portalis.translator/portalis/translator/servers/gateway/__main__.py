"""`python -m portalis.translator.servers.gateway`: a gateway by its environment alone, as a container runs it, and what is done to one
where there is no other command: its keys, its backups."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sqlite3
import sys
from pathlib import Path

from pydantic import ValidationError

from portalis.translator.private.host_key import UnsafeFile
from portalis.translator.saving import replacing
from portalis.translator.servers.gateway.database import open_database
from portalis.translator.servers.gateway.keys import SCOPES, KeyBook
from portalis.translator.servers.gateway.settings import Settings
from portalis.translator.servers.gateway.upkeep import NoBackup, back_up, restore

_STREAM = Path("-")


def main() -> None:
    """Do what is asked; without a word, serve until a signal says to end."""
    asked = _parser().parse_args()
    try:
        settings = Settings()
        if asked.task == "key":
            with contextlib.closing(open_database(settings.folder)) as database:
                print(KeyBook(database).create(asked.tenant, asked.scope or SCOPES)[1])
        elif asked.task == "backup":
            _back_up(settings.folder, asked.file)
        elif asked.task == "restore":
            with sys.stdin.buffer if asked.file == _STREAM else asked.file.open("rb") as file:
                print(f"made {settings.folder} with {restore(file, settings.folder)} answers")
        else:
            _serve(settings)
    except ValidationError as error:
        sys.exit("\n".join(f"portalis: {'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors(include_input=False)))
    except OSError as error:
        sys.exit(f"portalis: {': '.join(filter(None, (error.filename, error.strerror)))}")
    except (NoBackup, UnsafeFile, ValueError, sqlite3.Error) as error:
        sys.exit(f"portalis: {error}")


def _back_up(folder: Path, target: Path) -> None:
    if target == _STREAM:
        back_up(folder, sys.stdout.buffer)
        return
    with replacing(target) as beside, open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        answers = back_up(folder, file)
    print(f"wrote {target} with {answers} answers")


def _serve(settings: Settings) -> None:
    from portalis.translator.servers.gateway.records import Log
    from portalis.translator.servers.gateway.serving import CannotServe, serve

    def told(port: int) -> None:
        Log(settings.log_level).tell("INFO", "serving", port=port, backend=settings.backend)

    try:
        serve(settings, told)
    except CannotServe as error:
        sys.exit(f"portalis: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="portalis.translator.servers.gateway", description="Serve translations over HTTP.")
    tasks = parser.add_subparsers(dest="task", metavar="TASK", title="instead of serving")
    key = tasks.add_parser("key", help="make a key and show it, once")
    key.add_argument("tenant", metavar="TENANT", help="whose it is")
    key.add_argument("--scope", action="append", choices=SCOPES, help="what it is for; repeat it. All without it")
    for name, told in (("backup", "write all that the gateway keeps to a file"), ("restore", "make the gateway's folder of such a file")):
        tasks.add_parser(name, help=told).add_argument("file", metavar="FILE", type=Path, help="`-` is standard output, or input")
    return parser


if __name__ == "__main__":
    # Whatever started this may have had Ctrl-C ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()
