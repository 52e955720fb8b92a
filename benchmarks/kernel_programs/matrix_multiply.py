"""A product of two square matrices, as lists of rows; returns its trace."""


def matrix_multiply(n: int) -> float:
    a = [[(i * 3 + j) % 7 - 2.5 for j in range(n)] for i in range(n)]
    b = [[(i + j * 5) % 11 - 4.5 for j in range(n)] for i in range(n)]
    c = [[0.0] * n for _ in range(n)]
    for i in range(n):
        row = a[i]
        out = c[i]
        for k in range(n):
            factor = row[k]
            other = b[k]
            for j in range(n):
                out[j] += factor * other[j]
    trace = 0.0
    for i in range(n):
        trace += c[i][i]
    return trace
