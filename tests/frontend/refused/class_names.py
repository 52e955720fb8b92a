class Spin:
    __slots__ = ()
    __speed: float = 1.0
    angle: float = 0.0

    def angle(self) -> float:
        return 2.0

    def step(self) -> float:
        return 1.0

    def step(self) -> float:
        return 2.0

    def __setattr__(self, name: str, value: float):
        pass

    def on_update(self, current_time: float, delta_time: float):
        self.__speed += self.step()
