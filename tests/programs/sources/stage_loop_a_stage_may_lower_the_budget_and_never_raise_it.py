def update(x: float, turns: int):
    for turn in range(turns):
        x = x + 1.0
    return x
