def update(source: float, x: float):
    x = source + 1.0
    return x
