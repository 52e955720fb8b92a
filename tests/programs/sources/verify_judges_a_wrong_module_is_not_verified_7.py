def update(x: float, y: float) -> float:
    z = min(x, y)
    return z
