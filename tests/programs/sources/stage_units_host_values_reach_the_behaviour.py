from pxr import Gf

def update(g: Gf.Vec3d, unit: float, number: int, place: int, gravity: Gf.Vec3d, meters_per_unit: float, seed: int, index: int):
    g = gravity
    unit = meters_per_unit
    number = seed
    place = index
    return g, unit, number, place
