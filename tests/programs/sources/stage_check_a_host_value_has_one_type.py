def update(copy: float, frame: float):
    copy = frame
    return copy
