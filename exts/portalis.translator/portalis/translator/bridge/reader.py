"""A bounds-checked reader of the wasm binary format's primitive encodings (WebAssembly core specification, section 5.2)."""

from __future__ import annotations


class Malformed(Exception):
    """The bytes are not what the format, or the bridge, allows; the text says what and where."""


class ByteReader:
    """Reads `data[start:end]` from the front; every read past the end raises Malformed and names `what` is being read."""

    __slots__ = ("data", "end", "position", "what")

    def __init__(self, data: bytes, start: int, end: int, what: str) -> None:
        self.data = data
        self.position = start
        self.end = end
        self.what = what

    @property
    def at_end(self) -> bool:
        return self.position == self.end

    def fail(self, reason: str) -> Malformed:
        """Return an error about the present position."""
        return Malformed(f"{self.what}: {reason} (at byte {self.position})")

    def take(self, count: int) -> bytes:
        """Read `count` bytes."""
        start, stop = self.position, self.position + count
        if stop > self.end:
            raise self.fail("ends too early")
        self.position = stop
        return self.data[start:stop]

    def byte(self) -> int:
        """Read one byte."""
        return self.take(1)[0]

    def unsigned(self, bits: int = 32) -> int:
        """Read an unsigned LEB128 of at most `bits` bits; padding within the bytes that so many bits may take is legal."""
        value = 0
        for shift in range(0, bits, 7):
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if value >> bits:
                    raise self.fail(f"has a number that does not fit {bits} bits")
                return value
        raise self.fail("has an overlong number")

    def signed(self, bits: int = 32) -> int:
        """Read a signed LEB128 of at most `bits` bits."""
        value = 0
        for shift in range(0, bits, 7):
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if byte & 0x40:
                    value -= 1 << (shift + 7)
                if not -(1 << (bits - 1)) <= value < 1 << (bits - 1):
                    raise self.fail(f"has a number that does not fit {bits} bits")
                return value
        raise self.fail("has an overlong number")

    def count(self, what: str, most: int) -> int:
        """Read a vector's length, which must not exceed `most`."""
        count = self.unsigned()
        if count > most:
            raise self.fail(f"has {count} {what}, more than the {most} allowed")
        return count

    def name(self, most: int) -> str:
        """Read a name of at most `most` bytes of UTF-8."""
        raw = self.take(self.count("bytes in a name", most))
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            raise self.fail("has a name that is not UTF-8") from None

    def finish(self) -> None:
        """Require that everything was read."""
        if not self.at_end:
            raise self.fail(f"has {self.end - self.position} bytes too many")
