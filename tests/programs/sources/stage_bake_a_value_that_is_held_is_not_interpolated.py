def update(x: float, n: int, frame: int):
    x = 5.0 if frame > 3 else 0.1
    n = 5 if frame > 3 else 1
    return x, n
