def update(x: float, frame: int, moves_from: int):
    x = x if frame < moves_from else x + 1.0
    return x
