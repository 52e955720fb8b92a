def squares(n: int) -> float:
    found = []
    others = found
    for k in range(n):
        others.append(k * k)
        found.append(0.5)
    lengths = [1.0]
    lengths.extend((1, 2))
    return 0.0
