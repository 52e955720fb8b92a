"""Numbers as people write them."""


def parse_all(texts: list[str], log: list[str]) -> int:
    """Return the sum of what can be read, and note what cannot.

    >>> parse_all(["1", " 22 ", "x"], [])
    23
    """
    total = 0
    for text in texts:
        try:
            total += int(text)
        except ValueError as error:
            log.append(str(error))
        else:
            log.append("read")
        finally:
            log.append(text.strip())
    return total
