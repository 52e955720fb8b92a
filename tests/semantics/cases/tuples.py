def f(n: int):
    a = (n, n + 1)
    b = a + (2.0,) * 2
    total = 0
    for i, (p, q) in enumerate(((n, 1), (n, 2)), start=5):
        total += i * p + q
    for item in (1, 2.5, True):
        total2 = total + item
    for k in reversed(range(3)):
        total += k
    (c, d), e = a, n
    c, d = d, c
    return b, total, total2, c, d, e, a == (1, 2), a != a, a[n], k

# call: *each(range(-3, 4))
