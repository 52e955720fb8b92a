def update(x: float, y: float):
    y = x
    return y
