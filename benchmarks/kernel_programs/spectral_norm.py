"""The largest singular value of an infinite matrix, by power iteration on its first rows and columns."""

from math import sqrt


def element(i: int, j: int) -> float:
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(v: list[float], transposed: bool) -> list[float]:
    out = []
    for i in range(len(v)):
        total = 0.0
        for j in range(len(v)):
            total += (element(j, i) if transposed else element(i, j)) * v[j]
        out.append(total)
    return out


def spectral_norm(n: int) -> float:
    u = [1.0] * n
    v = u
    for _ in range(5):
        v = times(times(u, False), True)
        u = times(times(v, False), True)
    over = 0.0
    under = 0.0
    for i in range(n):
        over += u[i] * v[i]
        under += v[i] * v[i]
    return sqrt(over / under)
