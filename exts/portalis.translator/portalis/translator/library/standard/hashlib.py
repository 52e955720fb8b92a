"""`hashlib`: digests, of all that was put in until they are asked for."""

from __future__ import annotations

_MASK = 0xFFFFFFFF


def _checked(data):
    if isinstance(data, str):
        raise TypeError("Strings must be encoded before hashing")
    return bytes(data)


def _padded(data, order):
    """Return data with the bit behind it and its length, in whole blocks of 64 bytes."""
    length = len(data)
    return data + b"\x80" + bytes((55 - length) % 64) + (length * 8).to_bytes(8, order)


def _words(data, place, order):
    return [int.from_bytes(data[start : start + 4], order) for start in range(place, place + 64, 4)]


def _left(word, count):
    return ((word << count) & _MASK) | (word >> (32 - count))


def _right(word, count):
    return (word >> count) | ((word << (32 - count)) & _MASK)


def _joined(words, order):
    return b"".join([word.to_bytes(4, order) for word in words])


_TURNS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
_SINES = [
    0xD76AA478,
    0xE8C7B756,
    0x242070DB,
    0xC1BDCEEE,
    0xF57C0FAF,
    0x4787C62A,
    0xA8304613,
    0xFD469501,
    0x698098D8,
    0x8B44F7AF,
    0xFFFF5BB1,
    0x895CD7BE,
    0x6B901122,
    0xFD987193,
    0xA679438E,
    0x49B40821,
    0xF61E2562,
    0xC040B340,
    0x265E5A51,
    0xE9B6C7AA,
    0xD62F105D,
    0x02441453,
    0xD8A1E681,
    0xE7D3FBC8,
    0x21E1CDE6,
    0xC33707D6,
    0xF4D50D87,
    0x455A14ED,
    0xA9E3E905,
    0xFCEFA3F8,
    0x676F02D9,
    0x8D2A4C8A,
    0xFFFA3942,
    0x8771F681,
    0x6D9D6122,
    0xFDE5380C,
    0xA4BEEA44,
    0x4BDECFA9,
    0xF6BB4B60,
    0xBEBFBC70,
    0x289B7EC6,
    0xEAA127FA,
    0xD4EF3085,
    0x04881D05,
    0xD9D4D039,
    0xE6DB99E5,
    0x1FA27CF8,
    0xC4AC5665,
    0xF4292244,
    0x432AFF97,
    0xAB9423A7,
    0xFC93A039,
    0x655B59C3,
    0x8F0CCC92,
    0xFFEFF47D,
    0x85845DD1,
    0x6FA87E4F,
    0xFE2CE6E0,
    0xA3014314,
    0x4E0811A1,
    0xF7537E82,
    0xBD3AF235,
    0x2AD7D2BB,
    0xEB86D391,
]


def _md5(data):
    a, b, c, d = 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476
    whole = _padded(data, "little")
    for place in range(0, len(whole), 64):
        words = _words(whole, place, "little")
        e, f, g, h = a, b, c, d
        for step in range(64):
            quarter = step // 16
            if quarter == 0:
                mixed, index = (f & g) | (~f & _MASK & h), step
            elif quarter == 1:
                mixed, index = (h & f) | (~h & _MASK & g), (5 * step + 1) % 16
            elif quarter == 2:
                mixed, index = f ^ g ^ h, (3 * step + 5) % 16
            else:
                mixed, index = g ^ (f | (~h & _MASK)), (7 * step) % 16
            turned = _left((e + mixed + _SINES[step] + words[index]) & _MASK, _TURNS[quarter * 4 + step % 4])
            e, h, g, f = h, g, f, (f + turned) & _MASK
        a, b, c, d = (a + e) & _MASK, (b + f) & _MASK, (c + g) & _MASK, (d + h) & _MASK
    return _joined([a, b, c, d], "little")


def _sha1(data):
    a, b, c, d, e = 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0
    whole = _padded(data, "big")
    for place in range(0, len(whole), 64):
        words = _words(whole, place, "big")
        for step in range(16, 80):
            words.append(_left(words[step - 3] ^ words[step - 8] ^ words[step - 14] ^ words[step - 16], 1))
        f, g, h, i, j = a, b, c, d, e
        for step in range(80):
            if step < 20:
                mixed = ((g & h) | (~g & _MASK & i)) + 0x5A827999
            elif step < 40:
                mixed = (g ^ h ^ i) + 0x6ED9EBA1
            elif step < 60:
                mixed = ((g & h) | (g & i) | (h & i)) + 0x8F1BBCDC
            else:
                mixed = (g ^ h ^ i) + 0xCA62C1D6
            f, g, h, i, j = (_left(f, 5) + mixed + j + words[step]) & _MASK, f, _left(g, 30), h, i
        a, b, c, d, e = (a + f) & _MASK, (b + g) & _MASK, (c + h) & _MASK, (d + i) & _MASK, (e + j) & _MASK
    return _joined([a, b, c, d, e], "big")


_CUBES = [
    0x428A2F98,
    0x71374491,
    0xB5C0FBCF,
    0xE9B5DBA5,
    0x3956C25B,
    0x59F111F1,
    0x923F82A4,
    0xAB1C5ED5,
    0xD807AA98,
    0x12835B01,
    0x243185BE,
    0x550C7DC3,
    0x72BE5D74,
    0x80DEB1FE,
    0x9BDC06A7,
    0xC19BF174,
    0xE49B69C1,
    0xEFBE4786,
    0x0FC19DC6,
    0x240CA1CC,
    0x2DE92C6F,
    0x4A7484AA,
    0x5CB0A9DC,
    0x76F988DA,
    0x983E5152,
    0xA831C66D,
    0xB00327C8,
    0xBF597FC7,
    0xC6E00BF3,
    0xD5A79147,
    0x06CA6351,
    0x14292967,
    0x27B70A85,
    0x2E1B2138,
    0x4D2C6DFC,
    0x53380D13,
    0x650A7354,
    0x766A0ABB,
    0x81C2C92E,
    0x92722C85,
    0xA2BFE8A1,
    0xA81A664B,
    0xC24B8B70,
    0xC76C51A3,
    0xD192E819,
    0xD6990624,
    0xF40E3585,
    0x106AA070,
    0x19A4C116,
    0x1E376C08,
    0x2748774C,
    0x34B0BCB5,
    0x391C0CB3,
    0x4ED8AA4A,
    0x5B9CCA4F,
    0x682E6FF3,
    0x748F82EE,
    0x78A5636F,
    0x84C87814,
    0x8CC70208,
    0x90BEFFFA,
    0xA4506CEB,
    0xBEF9A3F7,
    0xC67178F2,
]
_START_224 = [0xC1059ED8, 0x367CD507, 0x3070DD17, 0xF70E5939, 0xFFC00B31, 0x68581511, 0x64F98FA7, 0xBEFA4FA4]
_START_256 = [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19]


def _sha2(data, start):
    """Return the eight words that SHA-224 or SHA-256 comes to."""
    found = list(start)
    whole = _padded(data, "big")
    for place in range(0, len(whole), 64):
        words = _words(whole, place, "big")
        for step in range(16, 64):
            early, late = words[step - 15], words[step - 2]
            low = _right(early, 7) ^ _right(early, 18) ^ (early >> 3)
            high = _right(late, 17) ^ _right(late, 19) ^ (late >> 10)
            words.append((words[step - 16] + low + words[step - 7] + high) & _MASK)
        a, b, c, d, e, f, g, h = found
        for step in range(64):
            chosen = (e & f) ^ (~e & _MASK & g)
            first = h + (_right(e, 6) ^ _right(e, 11) ^ _right(e, 25)) + chosen + _CUBES[step] + words[step]
            second = (_right(a, 2) ^ _right(a, 13) ^ _right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
            a, b, c, d, e, f, g, h = (first + second) & _MASK, a, b, c, (d + first) & _MASK, e, f, g
        found = [(old + more) & _MASK for old, more in zip(found, [a, b, c, d, e, f, g, h], strict=True)]
    return _joined(found, "big")


class _Digest:
    def __init__(self, name, data, block_size, digest_size):
        self.name = name
        self.block_size = block_size
        self.digest_size = digest_size
        self._data = data

    def update(self, data):
        self._data += _checked(data)

    def copy(self):
        return _Digest(self.name, self._data, self.block_size, self.digest_size)

    def digest(self):
        if self.name == "md5":
            return _md5(self._data)
        if self.name == "sha1":
            return _sha1(self._data)
        if self.name == "sha224":
            return _sha2(self._data, _START_224)[:28]
        return _sha2(self._data, _START_256)

    def hexdigest(self):
        return self.digest().hex()


def md5(string=b"", *, usedforsecurity=True):
    return _Digest("md5", _checked(string), 64, 16)


def sha1(string=b"", *, usedforsecurity=True):
    return _Digest("sha1", _checked(string), 64, 20)


def sha224(string=b"", *, usedforsecurity=True):
    return _Digest("sha224", _checked(string), 64, 28)


def sha256(string=b"", *, usedforsecurity=True):
    return _Digest("sha256", _checked(string), 64, 32)
