def update(t: float, step: float, k: int, current_time: float, delta_time: float, frame: int):
    t = current_time
    step = delta_time
    k = frame
    return t, step, k
