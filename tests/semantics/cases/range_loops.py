def f(n: int):
    total = 0
    for i in range(n, 10, 3):
        if i == 7: break
        if i % 2: continue
        total += i
    else:
        total = -total
    k = 0
    while k < n:
        k += 1
        if k == 5: break
    else:
        total += 100
    for i in range(3):
        i = i * 10
        total += i
    while True:
        z = total
        if z > 3: break
        total += 1
    return total, k, i, z

# call: *each(range(-5, 12))
