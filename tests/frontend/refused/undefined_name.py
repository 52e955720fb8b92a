def f(speed: float):
    return sped * 2.0
