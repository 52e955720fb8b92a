def update(x: float):
    x = x + 1.0
    return x
