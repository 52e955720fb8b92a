def update(x: float, y: float) -> float:
    z = x
    return z
