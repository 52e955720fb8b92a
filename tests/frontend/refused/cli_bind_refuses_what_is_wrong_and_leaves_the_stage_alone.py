def update(x: float):
    return eval(x)
