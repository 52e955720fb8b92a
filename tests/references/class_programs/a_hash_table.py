class HashTable:
    def __init__(self, size=8):
        self.size = size
        self.buckets = [[] for _ in range(size)]
        self.count = 0

    def _index(self, key):
        return hash(key) % self.size

    def __setitem__(self, key, value):
        bucket = self.buckets[self._index(key)]
        for pair in bucket:
            if pair[0] == key:
                pair[1] = value
                return
        bucket.append([key, value])
        self.count += 1

    def __getitem__(self, key):
        for k, v in self.buckets[self._index(key)]:
            if k == key:
                return v
        raise KeyError(key)

    def __contains__(self, key):
        try:
            self[key]
            return True
        except KeyError:
            return False

    def __len__(self):
        return self.count

    def items(self):
        for b in self.buckets:
            for k, v in b:
                yield k, v


def f(pairs):
    t = HashTable()
    for k, v in pairs:
        t[k] = v
    return len(t), 1 in t, 99 in t, sorted(t.items()), t[pairs[0][0]], list(t.items())


#: f([(1, 2), (9, 4), (1, 5)])
#: f([(-1, 2)])
