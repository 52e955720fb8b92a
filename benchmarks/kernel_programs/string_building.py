"""A text built piece by piece, turned round and looked through; returns a checksum."""


def string_building(n: int) -> int:
    parts = []
    for i in range(n):
        parts.append(chr(97 + i % 26) + str(i % 1000))
    text = ",".join(parts)
    checksum = 0
    for character in text[::-1]:
        checksum = (checksum * 33 + ord(character)) % 1000003
    return checksum + text.count("a1")
