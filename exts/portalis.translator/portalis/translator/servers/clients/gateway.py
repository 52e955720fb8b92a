"""A translator that asks a gateway over HTTP: the same translations as the embedded one, or an error within the deadline."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from pydantic import ValidationError

from portalis.translator.servers.clients.keyring import KEY_VARIABLE, gateway_key
from portalis.translator.servers.clients.translator import RemoteTranslator
from portalis.translator.servers.contract.asking import Breaker, Passing, RemoteError, ServerUnavailable, ask
from portalis.translator.servers.contract.service import COMPILER_HEADER, Health, Trouble
from portalis.translator.servers.contract.translation import TranslationRequest
from portalis.translator.servers.pool.compiler_version import compiler_version

DEFAULT_URL = "http://127.0.0.1:8000"
# An answer is some hundred KiB; whoever sends more is no gateway.
_MOST_BYTES = 64 << 20
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Sight:
    """What is seen of a gateway from outside: why it cannot be asked (nothing where it can), how far it is, what is out of order there."""

    why_not: str
    milliseconds: float = 0.0
    degraded: tuple[str, ...] = ()


def look(url: str, seconds: float) -> Sight:
    """Look at a gateway; takes `seconds` and a moment at most, and sends no key."""
    try:
        with _client(url.rstrip("/")) as client:
            started = time.perf_counter()
            answer = client.get("/v1/health/ready", timeout=seconds)
            taken = (time.perf_counter() - started) * 1000.0
            health = Health.model_validate_json(answer.content)
    except RemoteError as error:
        return Sight(str(error))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return Sight(f"no gateway answers at {url}: `portalis serve --gateway` starts one")
    if answer.status_code != 200:
        return Sight(f"the gateway at {url} cannot answer now: {health.message}", taken)
    if not gateway_key(url, None, os.environ.get(KEY_VARIABLE)):
        return Sight(f"the gateway at {url} asks for a key: `portalis keys store --url {url}`, or set {KEY_VARIABLE}", taken)
    return Sight("", taken, health.degraded)


class GatewayTranslator(RemoteTranslator):
    """Translates through the gateway at `url`; can be used by many threads at once.

    A request ends within `deadline` seconds, whatever the gateway does. Where it says that it cannot answer now, and says or leaves open
    when, it is asked again. Without a `key` it is the one in PORTALIS_GATEWAY_KEY, the system's store, or left by this user's gateway.
    Nothing but this machine is asked without encryption: a key would be read on the way.
    """

    def __init__(self, url: str = DEFAULT_URL, *, key: str | None = None, deadline: float = 120.0, attempts: int = 6) -> None:
        self.url = url.rstrip("/")
        super().__init__(f"the gateway at {self.url}", deadline)
        self._key = key
        self._attempts = attempts
        self._breaker = Breaker()
        self._client = _client(self.url)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _ask(self, request: TranslationRequest) -> bytes:
        return self.call("POST", "/v1/translations", request.model_dump_json().encode())

    def call(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """Return the body of any of the gateway's answers; raises as `translate` does. What is asked twice has to do no harm."""

        def exchange(seconds: float) -> bytes:
            return self._attempt(body, seconds, method, path)

        return ask(self._server, exchange, deadline=self._deadline, attempts=self._attempts, breaker=self._breaker)

    def _attempt(self, body: bytes | None, seconds: float, method: str = "POST", path: str = "/v1/translations") -> bytes:
        key = gateway_key(self.url, self._key, os.environ.get(KEY_VARIABLE))
        headers = {"accept": "application/json", COMPILER_HEADER: str(compiler_version())}
        if body is not None:
            headers["content-type"] = "application/json"
        if key:
            headers["authorization"] = f"Bearer {key}"
        end = time.monotonic() + seconds
        try:
            with self._client.stream(method, path, content=body, headers=headers, timeout=seconds) as answer:
                text = _read(answer, end)
        except (httpx.TimeoutException, TimeoutError) as error:
            raise ServerUnavailable(f"the gateway at {self.url} gave no answer within {self._deadline:g} s") from error
        except httpx.TransportError as error:
            raise Passing(ServerUnavailable(f"no gateway answers at {self.url}: {error}")) from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise RemoteError(f"the gateway at {self.url} gave no answer: {type(error).__name__}: {error}") from error
        return self._judged(answer, text)

    def _judged(self, answer: httpx.Response, text: bytes) -> bytes:
        """Return the text of an answer; raise where it is a trouble."""
        if answer.is_success or (answer.status_code == 422 and text.startswith(b'{"kind"')):
            return text
        why = _told(text, answer.status_code)
        match answer.status_code:
            case 401 | 403:
                raise RemoteError(
                    f"the gateway at {self.url} does not let this key in ({why}): `portalis keys store`, or set {KEY_VARIABLE}"
                )
            case 409:
                raise ServerUnavailable(f"the gateway at {self.url} has another version of the compiler: {why}")
            case 429 | 502 | 503 | 504:
                raise Passing(ServerUnavailable(f"the gateway at {self.url} cannot answer now: {why}"), _after(answer))
            case status:
                raise RemoteError(f"the gateway at {self.url} failed: {status}: {why}")


def _client(url: str) -> httpx.Client:
    """Return a client of the gateway at `url`; RemoteError where that is no address, or others could read what is sent there."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise RemoteError(f"`{url}` is no address of a gateway: https://HOST:PORT")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise RemoteError(f"{url} is not this machine, and not encrypted: ask it by https")
    # What the environment says of proxies is not for this machine's own gateway.
    return httpx.Client(base_url=url, trust_env=parts.hostname not in _LOOPBACK, follow_redirects=False)


def _read(answer: httpx.Response, end: float) -> bytes:
    """Return a body; TimeoutError where it does not come in time, however it trickles, ValueError where it is too large."""
    parts: list[bytes] = []
    size = 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > _MOST_BYTES:
            raise ValueError("the answer is too large")
        if time.monotonic() > end:
            raise TimeoutError
        parts.append(part)
    return b"".join(parts)


def _told(text: bytes, status: int) -> str:
    try:
        return Trouble.model_validate_json(text).error.message
    except ValidationError:
        return f"status {status}"


def _after(answer: httpx.Response) -> float:
    """Return after how many seconds to ask again, as a gateway says it."""
    told = answer.headers.get("retry-after", "")
    return float(told) if told.isascii() and told.isdigit() and len(told) < 6 else 0.0
