class Meta(type):
    pass


class Mover(metaclass=Meta):
    speed: float = 1.0

    def on_update(self, current_time, delta_time):
        self.speed += delta_time
