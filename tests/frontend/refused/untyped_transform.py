def update(position, orientation, matrix, velocity):
    position[0] += 1.0
    return position
