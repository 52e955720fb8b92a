"""The key for a gateway, as its user keeps it: in the environment, in the system's own store of secrets, or left by one's own gateway."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from portalis.translator.servers.triton.access import find_key

KEY_VARIABLE = "PORTALIS_GATEWAY_KEY"
_SERVICE = "portalis gateway"
# Stores that keep secrets from others: the systems' own. Everything else may write them down as they are.
_SECURE = tuple(f"keyring.backends.{name}" for name in ("SecretService", "kwallet", "libsecret", "macOS", "Windows"))


class NoSecureStore(Exception):
    """This system has no store of secrets that is one."""


def gateway_key(url: str, given: str | None = None, environment: str | None = None) -> str | None:
    """Return the key for the gateway at `url`: the one `given`, the environment's, the stored one, or the one that a gateway of this user
    left for its own clients; None where there is none."""
    if given or environment:
        return given or environment
    return stored_key(url) or _left(url)


def store_key(url: str, key: str) -> str:
    """Keep a key in the system's store and return the store's name; NoSecureStore where there is none that keeps it from others."""
    store = _secure_store()
    if store is None:
        raise NoSecureStore(f"this system has no secure store for keys: set {KEY_VARIABLE} instead")
    store.set_password(_SERVICE, _place(url), key)
    return str(store.name)


def forget_key(url: str) -> bool:
    """Remove a key from the system's store, and tell whether there was one."""
    store = _secure_store()
    if store is None or store.get_password(_SERVICE, _place(url)) is None:
        return False
    store.delete_password(_SERVICE, _place(url))
    return True


def stored_key(url: str) -> str | None:
    """Return the key that is kept for a gateway; None where there is none, or no store."""
    store = _secure_store()
    try:
        return store.get_password(_SERVICE, _place(url)) if store is not None else None
    except Exception:
        # A store that is locked, or whose user said no.
        return None


def _secure_store() -> Any | None:
    try:
        import keyring
        from keyring.backends.chainer import ChainerBackend
    except ModuleNotFoundError:
        return None
    found: Any = keyring.get_keyring()
    candidates = found.backends if isinstance(found, ChainerBackend) else [found]
    return next((store for store in candidates if type(store).__module__.startswith(_SECURE)), None)


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _left(url: str) -> str | None:
    parts = urlsplit(url)
    try:
        return find_key(f"{parts.hostname}:{parts.port}") if parts.hostname in ("127.0.0.1", "localhost", "::1") else None
    except ValueError:
        return None
