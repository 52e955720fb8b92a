"""`random`: generators that a seed was given, with CPython's own stream (Matsumoto and Nishimura 1998, MT19937).

What draws from the module's own generator is refused: nothing says what that gives. Logarithms and cosines are those of our library, as in
`math`.
"""

from __future__ import annotations

import math

from portalis.translator.library.intrinsics import guard, refused

_WORDS = 624
_LOW = 0xFFFFFFFF
# As many bytes are not asked for, and more bits fit no C int.
_MOST_BITS = 1 << 28
# 4 * exp(-0.5) / sqrt(2.0).
_RATIO = 1.7155277699214135


def _filled(number):
    """Return the state that a number of 32 bits begins."""
    state = [number]
    for place in range(1, _WORDS):
        last = state[place - 1]
        state.append((1812433253 * (last ^ (last >> 30)) + place) & _LOW)
    return state


def _seeded(number):
    """Return the state that a seed begins, whatever its sign."""
    rest = abs(number)
    key = []
    while rest > 0:
        key.append(int(rest & _LOW))
        rest >>= 32
    if not key:
        key.append(0)
    state = _filled(19650218)
    place, part = 1, 0
    for _ in range(max(_WORDS, len(key))):
        last = state[place - 1]
        state[place] = ((state[place] ^ ((last ^ (last >> 30)) * 1664525)) + key[part] + part) & _LOW
        place += 1
        part += 1
        if place >= _WORDS:
            state[0] = state[_WORDS - 1]
            place = 1
        if part >= len(key):
            part = 0
    for _ in range(_WORDS - 1):
        last = state[place - 1]
        state[place] = ((state[place] ^ ((last ^ (last >> 30)) * 1566083941)) - place) & _LOW
        place += 1
        if place >= _WORDS:
            state[0] = state[_WORDS - 1]
            place = 1
    state[0] = 0x80000000
    return state


def _twist(state):
    """Let a state be the next one, in place."""
    for place in range(_WORDS):
        both = (state[place] & 0x80000000) | (state[(place + 1) % _WORDS] & 0x7FFFFFFF)
        made = state[(place + 397) % _WORDS] ^ (both >> 1)
        state[place] = made ^ 0x9908B0DF if both & 1 else made


class Random:
    def __init__(self, x=None):
        if x is None:
            refused("P0210", "a generator without a seed gives other numbers in every run", "give it a seed: random.Random(0)")
        if not isinstance(x, int):
            refused("P0308", "a generator whose seed is no int has no translation", "give it an int: random.Random(0)")
        self._state = _seeded(x)
        self._place = _WORDS
        self._next = None

    def seed(self, a=None):
        if a is None:
            refused("P0210", "a generator without a seed gives other numbers in every run", "give it a seed: seed(0)")
        if not isinstance(a, int):
            refused("P0308", "a generator whose seed is no int has no translation", "give it an int: seed(0)")
        self._state = _seeded(a)
        self._place = _WORDS
        self._next = None

    def _word(self):
        """Return the next 32 bits."""
        if self._place >= _WORDS:
            _twist(self._state)
            self._place = 0
        found = self._state[self._place]
        self._place += 1
        found ^= found >> 11
        found ^= (found << 7) & 0x9D2C5680
        found ^= (found << 15) & 0xEFC60000
        return found ^ (found >> 18)

    def random(self):
        high = self._word() >> 5
        return (high * 67108864.0 + (self._word() >> 6)) * (1.0 / 9007199254740992.0)

    def getrandbits(self, k):
        _require_small(k)
        if k < 0:
            raise ValueError("number of bits must be non-negative")
        found, shift = 0, 0
        while k > 0:
            word = self._word()
            if k < 32:
                word >>= 32 - k
            found |= word << shift
            shift += 32
            k -= 32
        return found

    def _below(self, n):
        """Return an int from 0 up to n, without it."""
        bits = n.bit_length()
        found = self.getrandbits(bits)
        while found >= n:
            found = self.getrandbits(bits)
        return found

    def randrange(self, start, stop=None, step=1):
        if stop is None:
            if start <= 0:
                guard("an empty range for randrange")
            return self._below(start)
        width = stop - start
        if step == 0:
            raise ValueError("zero step for randrange()")
        count = (width + step - 1) // step if step > 0 else (width + step + 1) // step
        if count <= 0:
            guard("an empty range for randrange")
        return start + step * self._below(count)

    def randint(self, a, b):
        if b < a:
            guard("an empty range for randint")
        return a + self._below(b - a + 1)

    def choice(self, seq):
        if not len(seq):
            raise IndexError("Cannot choose from an empty sequence")
        return seq[self._below(len(seq))]

    def shuffle(self, x):
        for place in range(len(x) - 1, 0, -1):
            other = self._below(place + 1)
            x[place], x[other] = x[other], x[place]

    def sample(self, population, k):
        count = len(population)
        if not 0 <= k <= count:
            raise ValueError("Sample larger than population or is negative")
        found = []
        # Whether drawing again is cheaper than moving what is left decides which numbers are drawn.
        size = 21
        if k > 5:
            power = 1
            while power < 3 * k:
                power *= 4
            size += power
        if count <= size:
            pool = list(population)
            for number in range(k):
                place = self._below(count - number)
                found.append(pool[place])
                pool[place] = pool[count - number - 1]
        else:
            taken = set()
            for _ in range(k):
                place = self._below(count)
                while place in taken:
                    place = self._below(count)
                taken.add(place)
                found.append(population[place])
        return found

    def choices(self, population, weights=None, *, cum_weights=None, k=1):
        count = len(population)
        if weights is None and cum_weights is None:
            return [population[math.floor(self.random() * (count + 0.0))] for _ in range(k)]
        sums = _sums(weights) if cum_weights is None else cum_weights
        if len(sums) != count:
            raise ValueError("The number of weights does not match the population")
        total = sums[-1] + 0.0
        if total <= 0.0:
            raise ValueError("Total of weights must be greater than zero")
        if not math.isfinite(total):
            raise ValueError("Total of weights must be finite")
        return [population[_place(sums, self.random() * total, count - 1)] for _ in range(k)]

    def uniform(self, a, b):
        return a + (b - a) * self.random()

    def triangular(self, low=0.0, high=1.0, mode=None):
        drawn = self.random()
        if mode is None:
            middle = 0.5
        elif high - low == 0:
            return low
        else:
            middle = (mode - low) / (high - low)
        start, end = low, high
        if drawn > middle:
            drawn, middle = 1.0 - drawn, 1.0 - middle
            start, end = high, low
        return start + (end - start) * math.sqrt(drawn * middle)

    def gauss(self, mu=0.0, sigma=1.0):
        """Return one of two at a time (Box and Muller 1958), and keep the other."""
        found = self._next
        self._next = None
        if found is None:
            angle = self.random() * (2.0 * math.pi)
            radius = math.sqrt(-2.0 * math.log(1.0 - self.random()))
            found = math.cos(angle) * radius
            self._next = math.sin(angle) * radius
        return mu + found * sigma

    def normalvariate(self, mu=0.0, sigma=1.0):
        """Return what a ratio of two uniform numbers gives, tried again until it is inside (Kinderman and Monahan 1977)."""
        found = 0.0
        while True:
            drawn = self.random()
            other = 1.0 - self.random()
            found = _RATIO * (drawn - 0.5) / other
            if found * found / 4.0 <= -math.log(other):
                break
        return mu + found * sigma

    def lognormvariate(self, mu, sigma):
        return math.exp(self.normalvariate(mu, sigma))

    def expovariate(self, lambd):
        return -math.log(1.0 - self.random()) / lambd

    def randbytes(self, n):
        _require_small(n)
        if n < 0:
            raise ValueError("number of bits must be non-negative")
        found = bytearray()
        while n > 0:
            word = self._word()
            if n < 4:
                word >>= 32 - 8 * n
            for _ in range(min(n, 4)):
                found.append(word & 255)
                word >>= 8
            n -= 4
        return bytes(found)


def _require_small(count):
    if not -_MOST_BITS <= count < _MOST_BITS:
        guard("so many random bits")


def _sums(weights):
    sums = []
    for weight in weights:
        sums.append(sums[-1] + weight if sums else weight)
    return sums


def _place(sums, wanted, end):
    """Return the first place whose sum is greater, `end` at the furthest."""
    start = 0
    while start < end:
        middle = (start + end) // 2
        if wanted < sums[middle]:
            end = middle
        else:
            start = middle + 1
    return start


def _refuse_shared():
    refused("P0210", "the module's own generator is seeded elsewhere, or not at all", "make one with a seed: source = random.Random(0)")


def random():
    _refuse_shared()


def randint(a, b):
    _refuse_shared()


def randrange(start, stop=None, step=1):
    _refuse_shared()


def choice(seq):
    _refuse_shared()


def shuffle(x):
    _refuse_shared()


def sample(population, k):
    _refuse_shared()


def choices(population, weights=None, *, cum_weights=None, k=1):
    _refuse_shared()


def uniform(a, b):
    _refuse_shared()


def seed(a=None):
    _refuse_shared()


def getrandbits(k):
    _refuse_shared()


def randbytes(n):
    _refuse_shared()


def triangular(low=0.0, high=1.0, mode=None):
    _refuse_shared()


def gauss(mu=0.0, sigma=1.0):
    _refuse_shared()


def normalvariate(mu=0.0, sigma=1.0):
    _refuse_shared()


def lognormvariate(mu, sigma):
    _refuse_shared()


def expovariate(lambd):
    _refuse_shared()
