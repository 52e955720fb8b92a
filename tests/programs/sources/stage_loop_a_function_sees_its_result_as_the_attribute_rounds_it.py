def update(x: float):
    x = x + 0.1
    return x
