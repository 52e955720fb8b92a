from pxr import Gf

def update(position: Gf.Vec3d, orientation: Gf.Quatd, scale: Gf.Vec3d, rotateY: float):
    position = Gf.Vec3d(0.1, 0.0, 0.0)
    orientation = Gf.Quatd(1.0, 0.0, 0.0, 0.0)
    scale = Gf.Vec3d(0.1, 1.0, 1.0)
    rotateY = rotateY + 1.0
    return position, orientation, scale, rotateY
