"""`contextlib`: what is closed on the way out."""

from __future__ import annotations


class closing:
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *exc_info):
        self.thing.close()
