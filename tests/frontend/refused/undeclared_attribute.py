class Mover:
    speed: float = 1.0

    def on_update(self, current_time, delta_time):
        self.count = 1
        self.speed = 2
        self.missing(1)
