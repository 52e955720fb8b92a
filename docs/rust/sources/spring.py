"""A damped spring."""


class Spring:
    """Pulls a weight to where it rests."""

    stiffness: float = 40.0
    damping: float = 3.0
    position: float = 1.0
    velocity: float = 0.0

    def on_update(self, dt: float) -> None:
        """Advance by `dt` seconds."""
        force = -self.stiffness * self.position - self.damping * self.velocity
        self.velocity += force * dt
        self.position += self.velocity * dt
