from pxr import Gf

def update(orientation: Gf.Quatd):
    return orientation
