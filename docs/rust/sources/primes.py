"""Primes, one after the other."""


def primes():
    """Yield all primes."""
    found: list[int] = []
    candidate = 2
    while True:
        if all(candidate % prime != 0 for prime in found):
            found.append(candidate)
            yield candidate
        candidate += 1


def first_primes(count: int) -> list[int]:
    """Return so many primes.

    >>> first_primes(5)
    [2, 3, 5, 7, 11]
    """
    result: list[int] = []
    for prime in primes():
        if len(result) >= count:
            break
        result.append(prime)
    return result
