class Config:
    DEFAULT = [1, 2, 3]
    NAMES = {"a": 1, "b": 2}
    LIMIT = 10
    HALF = LIMIT // 2
    PAIR = (1, "x")

    def pick(self, k):
        return self.NAMES.get(k, self.LIMIT) + self.DEFAULT[0] + Config.HALF


def f(k):
    return Config().pick(k), Config.NAMES["a"], Config.PAIR, sum(Config.DEFAULT), [x for x in Config.DEFAULT]


#: f('a')
#: f('z')
