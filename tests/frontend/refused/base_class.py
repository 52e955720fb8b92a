class Base:
    pass


class Mover(Base):
    speed: float = 1.0

    def on_update(self, current_time, delta_time):
        self.speed += delta_time
