def f(a: float, b: float):
    return a + b, a - b, a * b, a // b, a % b, a / b, divmod(a, b), a < b, a == b, a != b, min(a, b), max(a, b), abs(a), -a

# call: *each([0.0, -0.0, 1.5, -2.5, 3.0, 1e300, inf, nan], [0.0, -0.0, 1.5, -2.5, 3.0, 1e300, inf, nan])
