"""`io`: a text that is written and read like a file."""

from __future__ import annotations

from portalis.translator.library.intrinsics import guard


def _check(place):
    if not isinstance(place, int) or place >= 1 << 62:
        guard("a place in a text that is no int of 62 bits, which is an error")


class StringIO:
    def __init__(self, initial_value=""):
        if initial_value is None:
            initial_value = ""
        if not isinstance(initial_value, str):
            raise TypeError(f"initial_value must be str or None, not {type(initial_value).__name__}")
        self._text = initial_value
        self._at = 0
        self._closed = False

    def _look(self):
        if self._closed:
            raise ValueError("I/O operation on closed file")

    def _look_first(self):
        # What all kinds of files have alike says it with a full stop.
        if self._closed:
            raise ValueError("I/O operation on closed file.")

    @property
    def closed(self):
        return self._closed

    def close(self):
        self._closed = True

    def flush(self):
        pass

    def readable(self):
        self._look()
        return True

    def writable(self):
        self._look()
        return True

    def seekable(self):
        self._look()
        return True

    def getvalue(self):
        self._look()
        return self._text

    def tell(self):
        self._look()
        return self._at

    def seek(self, pos, whence=0):
        self._look()
        if whence != 0 and whence != 1 and whence != 2:
            if whence >= 1 << 31 or whence < -(1 << 31):
                guard("a whence that is no int of 32 bits, which is an error")
            raise ValueError(f"Invalid whence ({whence}, should be 0, 1 or 2)")
        _check(pos)
        if whence == 0:
            if pos < 0:
                raise ValueError(f"Negative seek position {pos}")
            # True is a place, too.
            self._at = int(pos)
            return self._at
        if pos != 0:
            guard("a seek of a text relative to where it is, or to its end, which is an OSError")
        if whence == 2:
            self._at = len(self._text)
        return self._at

    def truncate(self, size=None):
        self._look()
        if size is None:
            size = self._at
        _check(size)
        if size < 0:
            raise ValueError(f"Negative size value {size}")
        if size < len(self._text):
            self._text = self._text[:size]
        return int(size)

    def write(self, s):
        if not isinstance(s, str):
            raise TypeError(f"string argument expected, got '{type(s).__name__}'")
        self._look()
        count = len(s)
        if count > 0:
            if self._at == len(self._text):
                self._text += s
            else:
                if self._at > len(self._text):
                    self._text += "\0" * (self._at - len(self._text))
                self._text = self._text[: self._at] + s + self._text[self._at + count :]
            self._at += count
        return count

    def writelines(self, lines):
        self._look_first()
        for line in lines:
            self.write(line)

    def _up_to(self, end, size):
        if size is not None:
            _check(size)
            if 0 <= size < end - self._at:
                end = self._at + size
        if end <= self._at:
            return ""
        found = self._text[self._at : end]
        self._at = end
        return found

    def read(self, size=-1):
        self._look()
        return self._up_to(len(self._text), size)

    def _line(self, size):
        end = self._text.find("\n", self._at) + 1
        return self._up_to(end if end > 0 else len(self._text), size)

    def readline(self, size=-1):
        self._look()
        return self._line(size)

    def readlines(self):
        self._look_first()
        found = []
        while self._at < len(self._text):
            found.append(self._line(-1))
        return found

    def __iter__(self):
        self._look_first()
        return self

    def __next__(self):
        self._look()
        line = self._line(-1)
        if line == "":
            raise StopIteration
        return line

    def __enter__(self):
        self._look_first()
        return self

    def __exit__(self, *exc_info):
        self.close()
