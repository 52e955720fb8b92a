"""The functions of `math` on ints, in the library dialect. A result that does not fit in 64 bits stops the call with a guard."""

from __future__ import annotations

from portalis.translator.library.intrinsics import (
    divide_truncating,
    float_to_int,
    guard,
    int_to_float,
    remainder_truncating,
    square_root,
    wrapping_add,
    wrapping_mul,
    wrapping_sub,
)

# The largest int whose square fits.
SQUARE_FITS = 3037000499
LARGEST_FACTORIAL = 20


def gcd_of_two(a: int, b: int) -> int:
    """Return the greatest common divisor, not negative."""
    while b != 0:
        # The remainder by -1 of the smallest int is not defined.
        if b == -1:
            return 1
        rest = remainder_truncating(a, b)
        a = b
        b = rest
    return -a if a < 0 else a


def lcm_of_two(a: int, b: int) -> int:
    """Return the least common multiple, not negative."""
    if a == 0 or b == 0:
        return 0
    product = divide_truncating(a, gcd_of_two(a, b)) * b
    return -product if product < 0 else product


def factorial_of(n: int) -> int:
    """Return math.factorial(n)."""
    if n < 0:
        raise ValueError("factorial() not defined for negative values")
    if n > LARGEST_FACTORIAL:
        guard("an int beyond 64 bits")
    result = 1
    for factor in range(2, wrapping_add(n, 1)):
        result = wrapping_mul(result, factor)
    return result


def check_natural(n: int, k: int) -> None:
    """Raise what comb and perm raise for negative arguments."""
    if n < 0:
        raise ValueError("n must be a non-negative integer")
    if k < 0:
        raise ValueError("k must be a non-negative integer")


def combinations(n: int, k: int) -> int:
    """Return math.comb(n, k); no intermediate result exceeds the final one."""
    check_natural(n, k)
    if k > n:
        return 0
    rest = wrapping_sub(n, k)
    smaller = rest if rest < k else k
    result = 1
    index = 0
    while index < smaller:
        factor = wrapping_sub(n, index)
        index = wrapping_add(index, 1)
        # result * factor / index without the product: what of `index` does not divide `result` divides `factor`.
        common = gcd_of_two(result, index)
        result = divide_truncating(result, common) * divide_truncating(factor, divide_truncating(index, common))
    return result


def permutations(n: int, k: int) -> int:
    """Return math.perm(n, k)."""
    check_natural(n, k)
    if k > n:
        return 0
    result = 1
    index = 0
    while index < k:
        result = result * wrapping_sub(n, index)
        index = wrapping_add(index, 1)
    return result


def integer_root(n: int) -> int:
    """Return math.isqrt(n)."""
    if n < 0:
        raise ValueError("isqrt() argument must be nonnegative")
    # The root of the rounded number is off by one at most.
    root = float_to_int(square_root(int_to_float(n)))
    if wrapping_mul(root, root) > n:
        return wrapping_sub(root, 1)
    following = wrapping_add(root, 1)
    if root < SQUARE_FITS and wrapping_mul(following, following) <= n:
        return following
    return root
