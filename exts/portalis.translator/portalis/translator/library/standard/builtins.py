"""`range` where it is a value: kept, indexed, compared. Where it is gone over at once no object is made."""

from __future__ import annotations

from portalis.translator.library.intrinsics import guard


def _whole(value):
    """Return an end of a range, which is an int."""
    if not isinstance(value, int):
        raise TypeError(f"'{type(value).__name__}' object cannot be interpreted as an integer")
    return int(value)


class range:
    """The ints from a start to a stop, which is none of them."""

    def __init__(self, first, last=None, step=None):
        if last is None:
            self.start = 0
            self.stop = _whole(first)
            self.step = 1
        else:
            self.start = _whole(first)
            self.stop = _whole(last)
            self.step = 1 if step is None else _whole(step)
            if self.step == 0:
                raise ValueError("range() arg 3 must not be zero")

    def __len__(self):
        if self.step > 0:
            return (self.stop - self.start + self.step - 1) // self.step if self.start < self.stop else 0
        return (self.start - self.stop - self.step - 1) // -self.step if self.start > self.stop else 0

    def __getitem__(self, index):
        length = len(self)
        place = index + length if index < 0 else index
        if place < 0 or place >= length:
            raise IndexError("range object index out of range")
        return self.start + place * self.step

    def __iter__(self):
        left = len(self)
        here = self.start
        while left > 0:
            yield here
            left -= 1
            if left > 0:
                here += self.step

    def __reversed__(self):
        left = len(self)
        while left > 0:
            left -= 1
            yield self.start + left * self.step

    def __contains__(self, value):
        if isinstance(value, int):
            inside = self.start <= value < self.stop if self.step > 0 else self.stop < value <= self.start
            return inside and (value - self.start) % self.step == 0
        return any(one == value for one in self)

    def __eq__(self, other):
        if not isinstance(other, range):
            return NotImplemented
        length = len(self)
        if length != len(other):
            return False
        return length == 0 or (self.start == other.start and (length == 1 or self.step == other.step))

    def __hash__(self):
        length = len(self)
        if length < 2:
            guard("the hash of a range of fewer than two ints, which is that of None, too")
        return hash((length, self.start, self.step))

    def __repr__(self):
        if self.step == 1:
            return f"range({self.start}, {self.stop})"
        return f"range({self.start}, {self.stop}, {self.step})"

    def index(self, value):
        if value not in self:
            raise ValueError(f"{value!r} is not in range" if isinstance(value, int) else "sequence.index(x): x not in sequence")
        return (int(value) - self.start) // self.step

    def count(self, value):
        return 1 if value in self else 0
