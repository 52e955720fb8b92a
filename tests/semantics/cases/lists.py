# example: f([1.0, 2.0, 3.0, 4.0], 1)
def f(xs: list[float], n: int):
    a, *b, c = xs
    xs[n] += 2.0
    xs[-1], xs[0] = xs[0], xs[-1]
    total = 0.0
    for i, x in enumerate(xs, 1):
        total += x * i
        xs[i % 4] = total
    for x, y in zip(xs, reversed(xs)):
        total += x * y
    m = [[0] * 2, [1, 2]]
    m[0][1] = 7
    m[n % 2][0] -= 1
    return total, b, c, sum(b), max(b), len(xs), m[0], m[1][0], xs == [1.0, 2.0, 3.0, 4.0], 3.0 in xs

# call: *each([[1.0, 2.0, 3.0, 4.0]], range(-6, 6))
