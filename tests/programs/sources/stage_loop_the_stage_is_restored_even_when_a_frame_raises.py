from pxr import Gf

class Bouncer:
    height: float = 4.0
    speed: float = 0.0
    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    events: int = 0

    def on_init(self):
        self.events = 1

    def on_play(self):
        self.events = self.events * 10 + 2
        self.position = Gf.Vec3d(0.0, 0.0, self.height)

    def on_update(self, delta_time: float):
        self.events = self.events * 10 + 3
        self.speed = self.speed - delta_time
        self.position = self.position + Gf.Vec3d(0.0, 0.0, self.speed)

    def on_stop(self):
        self.events = 0
