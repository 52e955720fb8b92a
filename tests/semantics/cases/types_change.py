def f(n: int):
    x = 1
    if n > 0:
        x = 2.5
        y = x
    else:
        x = 3.5
        y = 1.0
    for i in range(n):
        tmp = i
        tmp = tmp * 0.5
        y += tmp
    def_ = y if (k := n) > 1 else k * 1.0
    a = [n, n + 1]
    i = 0
    i, a[i] = 1, 5
    a[0], a[1] = a[1], a[0]
    return x, y, def_, a, k, i

# call: *each(range(-2, 4))
