"""`string`: what is no constant."""

from __future__ import annotations


def capwords(s, sep=None):
    if sep is None:
        return " ".join([word.capitalize() for word in s.split()])
    if sep == "":
        raise ValueError("empty separator")
    return sep.join([word.capitalize() for word in s.split(sep)])
