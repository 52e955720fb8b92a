from pxr import Gf

def update(orientation: Gf.Quatf):
    orientation = orientation * Gf.Quatf(0.0, 0.0, 0.0, 1.0)
    return orientation
