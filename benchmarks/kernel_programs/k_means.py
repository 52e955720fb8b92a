"""Twenty rounds of k-means on points in the plane; returns the sum of the centres."""


def k_means(n: int) -> float:
    seed = 3
    xs = []
    ys = []
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        xs.append(seed / 2147483648.0)
        seed = (seed * 1103515245 + 12345) % 2147483648
        ys.append(seed / 2147483648.0)
    k = 8
    centre_x = xs[:k]
    centre_y = ys[:k]
    for _ in range(20):
        sum_x = [0.0] * k
        sum_y = [0.0] * k
        count = [0] * k
        for i in range(n):
            best = 0
            least = 1e300
            for c in range(k):
                dx = xs[i] - centre_x[c]
                dy = ys[i] - centre_y[c]
                distance = dx * dx + dy * dy
                if distance < least:
                    least = distance
                    best = c
            sum_x[best] += xs[i]
            sum_y[best] += ys[i]
            count[best] += 1
        for c in range(k):
            if count[c] > 0:
                centre_x[c] = sum_x[c] / count[c]
                centre_y[c] = sum_y[c] / count[c]
    total = 0.0
    for c in range(k):
        total += centre_x[c] + centre_y[c]
    return total
