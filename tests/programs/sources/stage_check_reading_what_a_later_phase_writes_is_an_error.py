def update(source: float, x: float):
    x = source
    return x
