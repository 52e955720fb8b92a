from pxr import Gf

def update(seen: Gf.Vec3d, parent_to_world: Gf.Matrix4d):
    seen = Gf.Vec3d(parent_to_world[3][0], parent_to_world[3][1], parent_to_world[3][2])
    return seen
