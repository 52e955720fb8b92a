"""The edit distance of two texts, by two rows of the table."""


def levenshtein(n: int) -> int:
    a = "".join([chr(97 + i * 7 % 26) for i in range(n)])
    b = "".join([chr(97 + i * 11 % 26) for i in range(n)])
    before = list(range(len(b) + 1))
    for i, one in enumerate(a):
        row = [i + 1]
        for j, other in enumerate(b):
            row.append(min(before[j + 1] + 1, row[j] + 1, before[j] + (one != other)))
        before = row
    return before[-1]
