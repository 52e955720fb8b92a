"""Answers kept in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict


class AnswerCache:
    """Answers by request, the least recently used dropped first once they take more than `capacity` bytes."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._answers: OrderedDict[bytes, bytes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: bytes) -> bytes | None:
        """Return the answer kept for a request, None where there is none."""
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def put(self, key: bytes, answer: bytes) -> None:
        """Keep an answer."""
        with self._lock:
            self._bytes += len(answer) - len(self._answers.pop(key, b""))
            self._answers[key] = answer
            while self._bytes > self._capacity:
                _, dropped = self._answers.popitem(last=False)
                self._bytes -= len(dropped)
