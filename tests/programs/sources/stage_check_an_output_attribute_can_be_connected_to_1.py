def update(level: float):
    level = level + 1.0
    return level
