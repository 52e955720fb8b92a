"""`forced.py` without any protection: what shows that a payload in an oracle would work."""

from __future__ import annotations

from portalis.translator.verify.oracle import process
from portalis.translator.work.confine import Profile

from . import forced


def main(*arguments: str) -> None:
    """Be the oracle's program, with the door, unconfined."""
    process.nursery = process.forked_oracle = lambda *_: Profile("open", (), ())
    forced.main(*arguments)
