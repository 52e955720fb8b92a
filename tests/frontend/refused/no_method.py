class Mover:
    speed: float = 1.0

    def move(self):
        self.speed = 2.0
