class Roll:
    spin: float = 0.0

    def step(self) -> float:
        return self.spin

    def on_update(self):
        self.spin += self.setp()
