
class Spin:
    speed: float = 90.0
    angle: float = 0.0
    turns: int = 0

    def on_update(self, current_time: float, delta_time: float):
        self.angle += self.speed * delta_time
        if self.angle >= 360.0:
            self.angle -= 360.0
            self.turns += 1
