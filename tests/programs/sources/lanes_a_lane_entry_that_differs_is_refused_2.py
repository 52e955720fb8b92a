def update(x: float):
    y = x * 3.0
    return y
