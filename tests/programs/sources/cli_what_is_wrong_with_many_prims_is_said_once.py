def update(speed: float, height: float):
    height += speed
    return height
