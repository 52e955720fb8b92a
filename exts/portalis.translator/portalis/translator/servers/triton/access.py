"""Who may ask a server: whoever sends its key, a random one made at each start and kept where only the user who started it can read.

Triton compares the key itself, on every door but the one that tells whether the server is ready. A page in a browser cannot read the key
and may not send the header to another origin; another user of the machine cannot read the file.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import platformdirs

from portalis.translator.private.host_key import UnsafeFile, private_folder, read_private
from portalis.translator.saving import replace_file

HTTP_HEADER = "portalis-key"
# How Triton calls a header over gRPC.
GRPC_PREFIX = "triton-grpc-protocol-"
GRPC_HEADER = GRPC_PREFIX + HTTP_HEADER
# Who may load and unload models: whoever started the server.
CONTROL_HEADER = "portalis-control"
# The key of a server that this user's files know nothing of: on another machine, or another user's.
KEY_VARIABLE = "PORTALIS_SERVER_KEY"
FOLDER_VARIABLE = "PORTALIS_SERVER_KEYS"
_KEY_CHARACTERS = 64


def key_folder() -> Path:
    """Return where the keys of this user's servers are kept; the environment variable PORTALIS_SERVER_KEYS names another folder."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_cache_dir("portalis", appauthor=False)) / "servers"


def make_key() -> str:
    """Return a fresh key: 256 random bits in hexadecimal."""
    return secrets.token_hex(_KEY_CHARACTERS // 2)


def publish_key(port: int, key: str) -> Path:
    """Keep the key of the server at `port` for this user's clients and return the file; UnsafeFile where others could read or change it."""
    folder = key_folder()
    private_folder(folder)
    path = key_path(port)
    # A client reads the whole key or the one before, never a part.
    replace_file(path, key.encode("ascii"), mode=0o600)
    return path


def withdraw_key(port: int, key: str) -> None:
    """Remove the file of a server that has ended, unless it is another one's by now."""
    if _read(key_path(port)) == key:
        key_path(port).unlink(missing_ok=True)


def find_key(address: str) -> str | None:
    """Return the key for the server at `address` (host:port): the environment's, else the one this user's server at that port left."""
    if named := os.environ.get(KEY_VARIABLE):
        return named
    port = address.rpartition(":")[2]
    return _read(key_path(int(port))) if port.isascii() and port.isdigit() and len(port) <= 5 else None


def key_path(port: int) -> Path:
    """Return the file that holds the key of the server at `port`."""
    return key_folder() / f"{port}.key"


def hide_argument(pid: int, secret: str) -> bool:
    """Blank `secret` in the command line of a child, which everybody on the machine can read, and tell whether it is gone from there.

    tritonserver takes keys as arguments only, and has copied them by the time that it starts a child of its own.
    """
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        places = [index for index in range(len(command)) if command.startswith(secret.encode(), index)]
        if places:
            # Field 48 of proc(5) is where the arguments start; the name of the program, in parentheses, may hold spaces.
            start = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[45])
            with open(f"/proc/{pid}/mem", "r+b", buffering=0) as memory:
                for place in places:
                    memory.seek(start + place)
                    memory.write(b"*" * len(secret))
        return secret.encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return False


def _read(path: Path) -> str | None:
    try:
        return read_private(path, _KEY_CHARACTERS + 1).decode("ascii").strip()
    except (OSError, UnsafeFile, UnicodeDecodeError):
        return None
