def f(x: complex, y: dict[str, int], z: float | None):
    return x
