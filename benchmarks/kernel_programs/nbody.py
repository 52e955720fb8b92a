"""Five planets, leapfrogging; returns the energy."""

from math import sqrt


def nbody(steps: int) -> float:
    xs = [0.0, 4.84143144246472090, 8.34336671824457987, 12.8943695621391310, 15.3796971148509165]
    ys = [0.0, -1.16032004402742839, 4.12479856412430479, -15.1111514016986312, -25.9193146099879641]
    zs = [0.0, -0.103622044471123109, -0.403523417114321381, -0.223307578892655734, 0.179258772950371181]
    us = [
        0.0,
        0.00166007664274403694 * 365.24,
        -0.00276742510726411899 * 365.24,
        0.00296460137564761618 * 365.24,
        0.00268067772490389322 * 365.24,
    ]
    vs = [
        0.0,
        0.00769901118419740425 * 365.24,
        0.00499852801234917238 * 365.24,
        0.0023784717395948095 * 365.24,
        0.00162824170038242295 * 365.24,
    ]
    ws = [
        0.0,
        -0.0000690460016972063023 * 365.24,
        0.0000230417297573763929 * 365.24,
        -0.0000296589568540237556 * 365.24,
        -0.000095159225451971587 * 365.24,
    ]
    solar = 39.47841760435743
    ms = [
        solar,
        0.000954791938424326609 * solar,
        0.000285885980666130812 * solar,
        0.0000436624404335156298 * solar,
        0.0000515138902046611451 * solar,
    ]
    dt = 0.01
    for _ in range(steps):
        for i in range(5):
            for j in range(i + 1, 5):
                dx = xs[i] - xs[j]
                dy = ys[i] - ys[j]
                dz = zs[i] - zs[j]
                squared = dx * dx + dy * dy + dz * dz
                magnitude = dt / (squared * sqrt(squared))
                us[i] -= dx * ms[j] * magnitude
                vs[i] -= dy * ms[j] * magnitude
                ws[i] -= dz * ms[j] * magnitude
                us[j] += dx * ms[i] * magnitude
                vs[j] += dy * ms[i] * magnitude
                ws[j] += dz * ms[i] * magnitude
        for i in range(5):
            xs[i] += dt * us[i]
            ys[i] += dt * vs[i]
            zs[i] += dt * ws[i]
    energy = 0.0
    for i in range(5):
        energy += 0.5 * ms[i] * (us[i] * us[i] + vs[i] * vs[i] + ws[i] * ws[i])
        for j in range(i + 1, 5):
            dx = xs[i] - xs[j]
            dy = ys[i] - ys[j]
            dz = zs[i] - zs[j]
            energy -= ms[i] * ms[j] / sqrt(dx * dx + dy * dy + dz * dz)
    return energy
