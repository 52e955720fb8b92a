def f(n: int):
    while n > 0:
        n -= 1
        if n == 3:
            continue
        for k in range(n):
            if k == 2:
                return k, n
        else:
            continue
        break
    mixed = (1, 2.0, "a")
    a, b, c = mixed
    return a, int(b * 2) if c == "a" else n

# call: *each(range(8))
