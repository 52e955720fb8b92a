def f(a: int, b: float):
    return a + b, a < b, a <= b, a > b, a == b, b < a, b >= a, a * b, b - a, b != a, a == 1.0, b < 3

# call: *each([-7, -2, -1, 0, 1, 2, 3, 7, 2**62, -(2**63)], [0.0, -0.0, 1.5, -2.5, 3.0, 1e300, inf, nan])
