"""The most flips of a prefix that any permutation takes, and a checksum."""


def fannkuch(n: int) -> int:
    permutation = list(range(n))
    count = [0] * n
    most = 0
    checksum = 0
    number = 0
    r = n
    while True:
        while r != 1:
            count[r - 1] = r
            r -= 1
        flipped = permutation[:]
        flips = 0
        k = flipped[0]
        while k != 0:
            i = 0
            j = k
            while i < j:
                flipped[i], flipped[j] = flipped[j], flipped[i]
                i += 1
                j -= 1
            flips += 1
            k = flipped[0]
        most = max(most, flips)
        checksum += flips if number % 2 == 0 else -flips
        while True:
            if r == n:
                return checksum * 1000 + most
            first = permutation[0]
            for i in range(r):
                permutation[i] = permutation[i + 1]
            permutation[r] = first
            count[r] -= 1
            if count[r] > 0:
                break
            r += 1
        number += 1
