def f(values: list, limit: float) -> float:
    total = 0.0
    for value in values:
        if value > limit:
            continue
        for part in value:
            break
    input(total)
    return total
