def é(x: float) -> float:
    return x + 1.0


def è(x: float) -> float:
    y = é(x)
    while y < 9.0:
        y += é(y)
    return y


def update(ä: float):
    ö = è(ä) + é(ä)
    return ö
