"""Mistakes in a server of translations: where it listens, whom it answers, who can read its key."""

from __future__ import annotations

import importlib.util

from .checks import test
from .mutants import Mutant, mutant
from .planting import Rewrite

_COMMAND = "servers.triton.server:TritonServer._command"
_ACCESS = "servers.triton.access:"


def _mutants() -> tuple[Mutant, ...]:
    from tests.server import test_access, test_command

    loopback = test(test_command.test_every_door_is_on_loopback)
    keyed = test(test_command.test_every_door_asks_for_the_key_and_some_for_one_that_nobody_knows)
    return (
        *(
            mutant(
                f"{door} listens on every address", Rewrite(_COMMAND, f"--{door}-address={{HOST}}", f"--{door}-address=0.0.0.0"), loopback
            )
            for door in ("grpc", "http", "metrics")
        ),
        mutant(
            "HTTP asks for no key",
            Rewrite(_COMMAND, 'command += [f"--http-restricted-api={names}:{key}" for names, key in guarded]', "pass"),
            keyed,
        ),
        mutant(
            "gRPC asks for no key",
            Rewrite(_COMMAND, 'command += [f"--grpc-restricted-protocol={names}:{key}" for names, key in guarded]', "pass"),
            keyed,
        ),
        mutant(
            "the closed doors have the key that clients know",
            Rewrite(_COMMAND, "closed={secrets.token_hex(32)}", "closed={self._key}"),
            keyed,
        ),
        mutant("translating is not behind the key", Rewrite(_COMMAND, '"inference,metadata,', '"metadata,'), keyed),
        mutant(
            "HTTP is open unasked",
            Rewrite(_COMMAND, "--allow-http=false", "--allow-http=true"),
            test(test_command.test_a_door_that_nobody_asked_for_is_closed),
        ),
        mutant(
            "the key's file is open to all",
            Rewrite(_ACCESS + "publish_key", "0o600", "0o644"),
            test(test_access.test_a_key_is_kept_where_its_user_alone_can_read_it),
        ),
        mutant(
            "a key that others can read is used",
            Rewrite("private.host_key:_require_private", "status.st_mode & 0o077", "status.st_mode & 0"),
            test(test_access.test_a_key_that_others_can_read_is_not_used),
        ),
        mutant(
            "a server withdraws the key of another",
            Rewrite(_ACCESS + "withdraw_key", "if _read(key_path(port)) == key:", "if True:"),
            test(test_access.test_a_key_is_found_by_its_port_and_withdrawn_by_its_own_server_alone),
        ),
    )


# Without the client's package there is no server to make mistakes in.
MUTANTS: tuple[Mutant, ...] = _mutants() if importlib.util.find_spec("tritonclient") else ()
