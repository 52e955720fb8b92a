"""Texts while they are edited: the last of each session, and which of its requests is the newest."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass

from pydantic import ValidationError

from portalis.translator.servers.contract.asking import TextLost
from portalis.translator.servers.contract.session import SessionRequest
from portalis.translator.servers.contract.translation import failed
from portalis.translator.servers.pool.interest import Interest
from portalis.translator.servers.pool.pool import Pool

# Somewhat longer than Triton remembers a sequence, which is what ends most.
IDLE_SECONDS = 900.0
MOST_SESSIONS = 1024


@dataclass
class _Session:
    text: str | None = None
    used: float = 0.0
    newest: Future[bytes] | None = None
    interest: Interest | None = None


class Sessions:
    """Sessions by name, before a pool; those that nobody used for long, or longest, are forgotten."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._lock = threading.Lock()
        self._sessions: OrderedDict[bytes, _Session] = OrderedDict()

    def ask(self, name: bytes, asked: bytes, interest: Interest) -> Future[bytes]:
        """Queue what a session asks for, a `SessionRequest` as JSON or nothing where it ends; what it asked for before is superseded."""
        answer: Future[bytes] = Future()
        if not asked:
            answer.set_result(failed("ended", "the session has ended"))
            return answer
        try:
            request = SessionRequest.model_validate_json(asked)
            text, older, no_longer = self._enter(name, request, answer, interest)
        except ValidationError as error:
            answer.set_result(failed("invalid", str(error)))
            return answer
        except TextLost as error:
            answer.set_result(failed("lost", str(error)))
            return answer
        if older is not None and no_longer is not None:
            no_longer.lose()
            _settle(older, failed("superseded", "a newer edit came"))
        made = self._pool.submit(text.encode(), request.options_alone().model_dump_json().encode(), interest)
        made.add_done_callback(lambda done: _pass_on(done, answer))
        return answer

    def forget(self, name: bytes) -> None:
        """Forget a session; what it has asked for is answered all the same."""
        with self._lock:
            self._sessions.pop(name, None)

    def _enter(
        self, name: bytes, request: SessionRequest, answer: Future[bytes], interest: Interest
    ) -> tuple[str, Future[bytes] | None, Interest | None]:
        now = time.monotonic()
        with self._lock:
            session = self._sessions.pop(name, None) or _Session()
            text = request.text(session.text)
            older, no_longer = session.newest, session.interest
            self._sessions[name] = _Session(text, now, answer, interest)
            while len(self._sessions) > MOST_SESSIONS or next(iter(self._sessions.values())).used < now - IDLE_SECONDS:
                self._sessions.popitem(last=False)
        return text, older, no_longer


def _settle(answer: Future[bytes], text: bytes) -> None:
    with contextlib.suppress(InvalidStateError):
        answer.set_result(text)


def _pass_on(done: Future[bytes], answer: Future[bytes]) -> None:
    error = done.exception()
    _settle(answer, failed("error", f"{type(error).__name__}: {error}") if error else done.result())
