# function: f
from pxr import Gf

def f():
    return Gf.Vec3d(1, 2, 3)
