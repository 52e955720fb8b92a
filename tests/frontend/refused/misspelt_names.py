import math

from pxr import Gf


class Roll:
    radius: flaot = 0.4
    last: float = 0.0
    spin: float = 0.0

    def on_update(self, delta_time: float):
        self.spin += math.degree(self.last / self.radius)
        self.last = self.lastt
        there = Gf.Vec3dd(0.0, 1.0, 2.0)
        self.spin += rond(delta_tme)
