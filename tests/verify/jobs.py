"""Jobs for the worker's tests: each a way in which a compiler or a snippet could behave."""

from __future__ import annotations

import os
import time


def reverse(payload: bytes) -> bytes:
    return payload[::-1]


def process(payload: bytes) -> bytes:
    return str(os.getpid()).encode()


def chatter(payload: bytes) -> bytes:
    print("a job that prints")
    os.write(1, b"and one that writes")
    return b"quiet"


def divide(payload: bytes) -> bytes:
    return bytes([1 // len(payload)])


def abort(payload: bytes) -> bytes:
    os.abort()


def leave(payload: bytes) -> bytes:
    os._exit(3)


def hang(payload: bytes) -> bytes:
    while True:
        time.sleep(0.01)


def swell(payload: bytes) -> bytes:
    return b"".join(bytes(64 << 20) for _ in range(1000))
