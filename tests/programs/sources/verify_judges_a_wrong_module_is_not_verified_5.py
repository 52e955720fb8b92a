def update(x: float, y: float) -> float:
    z = x / y
    return z
