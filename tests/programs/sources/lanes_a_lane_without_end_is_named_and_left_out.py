def update(n: int):
    i = 0
    while i != n:
        i += 1
        if i > 1000:
            i = 500
    return i
