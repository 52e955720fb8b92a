def f(x: float, n: int):
    assert x >= 0.0, "negative"
    if n == 3: raise ValueError("three")
    if n == 4: raise KeyError
    y = x if n > 0 else -x
    z = (w := n * 2) + w
    a = b = n
    a += 1
    t = 1 < n <= 5 < 7
    if n and x or not n: y += 1
    s = "even" if n % 2 == 0 else "odd"
    return y, z, a, b, t, s == "even", x or 5.0, n and 7, round(x), round(x, 1), int(x), float(n), pow(n, 2), n ** 2, n ** -1, x ** 2, 2.0 ** n, bool(x), s

# call: *each([0.0, 2.5, 3.5, -1.0, 1e20], [0, 1, 2, 3, 4, 6])
# guarded: (1e20, 0), (1e20, 1), (1e20, 2), (1e20, 6)
