def update(wind: float, y: float = 0.0):
    y = wind
    return y
