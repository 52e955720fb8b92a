def update(x: float, y: float) -> float:
    z = y - x
    return z
