"""Quicksort by hand of pseudo-random numbers; returns a checksum of the order."""


def quicksort(xs: list[int], low: int, high: int) -> None:
    while low < high:
        pivot = xs[(low + high) // 2]
        i = low
        j = high
        while i <= j:
            while xs[i] < pivot:
                i += 1
            while xs[j] > pivot:
                j -= 1
            if i <= j:
                xs[i], xs[j] = xs[j], xs[i]
                i += 1
                j -= 1
        quicksort(xs, low, j)
        low = i


def sort(n: int) -> int:
    seed = 42
    xs = []
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        xs.append(seed)
    quicksort(xs, 0, n - 1)
    checksum = 0
    for i in range(n):
        checksum = (checksum * 31 + xs[i]) % 1000003
    return checksum
