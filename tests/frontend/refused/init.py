class Mover:
    def __init__(self):
        self.speed = 1.0

    def on_update(self, current_time, delta_time):
        self.speed += delta_time
