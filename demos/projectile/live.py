"""The projectiles on the stage of all demos: the thousand are elements of one crowd, and are thrown less far."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from demo import BEHAVIOURS, HERE
from pxr import Gf, Sdf, UsdGeom, Vt
from scene import IN_AIR, IN_VACUUM, METRES_Z_UP, WIND, new_stage, throws

from portalis.translator.cli.demonstration import fresh, sources
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import default_policy
from portalis.translator.stage.files import open_stage
from portalis.translator.stage.run.engine import TranslatorEngine

CROWD = "/World/Projectiles"
DOES = "1,000 projectiles with drag, wind and bounces, the elements of a point instancer"


def build(folder: Path, engine: TranslatorEngine, frames: int, fps: float) -> Path:
    """Write the stage with its behaviour bound and return its path."""
    (path,) = fresh(folder, "scene.usda")
    start = throws(slowest=5.0, fastest=8.5)
    stage = new_stage(path, METRES_Z_UP)
    crowd = UsdGeom.PointInstancer.Define(stage, CROWD)
    balls = []
    for name, colour in (("InAir", IN_AIR), ("InVacuum", IN_VACUUM)):
        ball = UsdGeom.Sphere.Define(stage, f"{CROWD}/{name}")
        ball.CreateRadiusAttr(0.09)
        ball.CreateExtentAttr([Gf.Vec3f(-0.09), Gf.Vec3f(0.09)])
        ball.CreateDisplayColorAttr([Gf.Vec3f(*colour)])
        balls.append(ball.GetPath())
    crowd.CreatePrototypesRel().SetTargets(balls)
    crowd.CreateProtoIndicesAttr(Vt.IntArray.FromNumpy(start.vacuum.astype(np.int32)))
    crowd.CreatePositionsAttr(Vt.Vec3fArray.FromNumpy(start.position.astype(np.float32)))
    crowd.CreateVelocitiesAttr(Vt.Vec3fArray.FromNumpy(start.velocity.astype(np.float32)))
    drag = UsdGeom.PrimvarsAPI(crowd).CreatePrimvar("drag", Sdf.ValueTypeNames.DoubleArray, UsdGeom.Tokens.vertex)
    drag.Set(Vt.DoubleArray.FromNumpy(start.drag))
    stage.Save()
    stage = open_stage(path)
    source = sources(HERE, "projectile")["projectile"]
    interface = engine.interface(source, BEHAVIOURS["projectile"])
    bind(stage, [CROWD], source, interface, inputs={"wind": repr(WIND)}, approvals=default_policy().approvals)
    stage.GetRootLayer().Save()
    return path
