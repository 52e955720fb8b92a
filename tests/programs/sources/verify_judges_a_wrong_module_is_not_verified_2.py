def update(x: float, y: float) -> float:
    z = x + 2.0
    return z
