def update(frame: int):
    return frame * 2.0
