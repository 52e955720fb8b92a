from pxr import Gf

def fail(position: Gf.Vec3d, index: int):
    share = 1.0 / float(index - 37)
    position = position + Gf.Vec3d(1.0, 0.0, share * 0.0)
    return position
