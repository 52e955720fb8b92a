def update(x: float):
    y = x * 2.0
    return y
