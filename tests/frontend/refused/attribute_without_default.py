class Mover:
    speed: float
    other: float = 0

    def on_update(self, current_time, delta_time):
        self.speed += delta_time
