def g(thing):
    return 1


class Mover:
    speed: float = 1.0

    def on_update(self, current_time, delta_time):
        other = self
        g(self)
