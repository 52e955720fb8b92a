from pxr import Gf

def update(transform: Gf.Matrix4d):
    return transform
