def update(source: float, copy: float):
    copy = source
    return copy
