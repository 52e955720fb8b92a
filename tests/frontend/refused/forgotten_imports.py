class Wave:
    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    phase: float = math.pi

    def on_update(self, current_time: float):
        self.phase = math.sin(current_time) + sqrt(2.0) + pi + random.random() + e
