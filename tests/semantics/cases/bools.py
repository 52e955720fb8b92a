def f(a: bool, b: bool, n: int):
    return a + b, a * n, a and b, a or b, not a, a < b, a == n, a & b, a | b, a ^ b, -a, ~a, a / (n + 100), abs(a), min(a, b), int(a), float(b), a << 2

# call: *each([True, False], [True, False], [0, 1, 5])
