def f(n: int):
    if n > 2:
        x = n
    for i in range(n):
        y = i
    return x + y + i

# call: *each(range(-2, 6))
