from pxr import Gf

def update(orientation: Gf.Quatf):
    return orientation
