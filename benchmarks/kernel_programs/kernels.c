/* The kernels as somebody writes them in C, compiled with -O2: no checks, no guards, nothing verified. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int64_t i64;

double nbody(i64 steps) {
    double x[5] = {0.0, 4.84143144246472090, 8.34336671824457987, 12.8943695621391310, 15.3796971148509165};
    double y[5] = {0.0, -1.16032004402742839, 4.12479856412430479, -15.1111514016986312, -25.9193146099879641};
    double z[5] = {0.0, -0.103622044471123109, -0.403523417114321381, -0.223307578892655734, 0.179258772950371181};
    double u[5] = {0.0, 0.00166007664274403694 * 365.24, -0.00276742510726411899 * 365.24, 0.00296460137564761618 * 365.24, 0.00268067772490389322 * 365.24};
    double v[5] = {0.0, 0.00769901118419740425 * 365.24, 0.00499852801234917238 * 365.24, 0.0023784717395948095 * 365.24, 0.00162824170038242295 * 365.24};
    double w[5] = {0.0, -0.0000690460016972063023 * 365.24, 0.0000230417297573763929 * 365.24, -0.0000296589568540237556 * 365.24, -0.000095159225451971587 * 365.24};
    double s = 39.47841760435743;
    double m[5] = {s, 0.000954791938424326609 * s, 0.000285885980666130812 * s, 0.0000436624404335156298 * s, 0.0000515138902046611451 * s};
    double dt = 0.01;
    for (i64 step = 0; step < steps; step++) {
        for (int i = 0; i < 5; i++)
            for (int j = i + 1; j < 5; j++) {
                double dx = x[i] - x[j], dy = y[i] - y[j], dz = z[i] - z[j];
                double q = dx * dx + dy * dy + dz * dz, g = dt / (q * sqrt(q));
                u[i] -= dx * m[j] * g; v[i] -= dy * m[j] * g; w[i] -= dz * m[j] * g;
                u[j] += dx * m[i] * g; v[j] += dy * m[i] * g; w[j] += dz * m[i] * g;
            }
        for (int i = 0; i < 5; i++) { x[i] += dt * u[i]; y[i] += dt * v[i]; z[i] += dt * w[i]; }
    }
    double e = 0.0;
    for (int i = 0; i < 5; i++) {
        e += 0.5 * m[i] * (u[i] * u[i] + v[i] * v[i] + w[i] * w[i]);
        for (int j = i + 1; j < 5; j++) {
            double dx = x[i] - x[j], dy = y[i] - y[j], dz = z[i] - z[j];
            e -= m[i] * m[j] / sqrt(dx * dx + dy * dy + dz * dz);
        }
    }
    return e;
}

static double element(i64 i, i64 j) { return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1); }
static void times(i64 n, const double *v, double *out, int transposed) {
    for (i64 i = 0; i < n; i++) {
        double total = 0.0;
        for (i64 j = 0; j < n; j++) total += (transposed ? element(j, i) : element(i, j)) * v[j];
        out[i] = total;
    }
}
double spectral_norm(i64 n) {
    double *u = malloc(8 * n), *v = malloc(8 * n), *t = malloc(8 * n);
    for (i64 i = 0; i < n; i++) u[i] = 1.0;
    for (int r = 0; r < 5; r++) { times(n, u, t, 0); times(n, t, v, 1); times(n, v, t, 0); times(n, t, u, 1); }
    double over = 0.0, under = 0.0;
    for (i64 i = 0; i < n; i++) { over += u[i] * v[i]; under += v[i] * v[i]; }
    free(u); free(v); free(t);
    return sqrt(over / under);
}

i64 fannkuch(i64 n) {
    i64 p[16], q[16], c[16], most = 0, sum = 0, number = 0, r = n;
    for (i64 i = 0; i < n; i++) p[i] = i;
    for (;;) {
        for (; r != 1; r--) c[r - 1] = r;
        memcpy(q, p, sizeof p);
        i64 flips = 0;
        for (i64 k = q[0]; k != 0; k = q[0]) {
            for (i64 i = 0, j = k; i < j; i++, j--) { i64 t = q[i]; q[i] = q[j]; q[j] = t; }
            flips++;
        }
        if (flips > most) most = flips;
        sum += number % 2 == 0 ? flips : -flips;
        for (;;) {
            if (r == n) return sum * 1000 + most;
            i64 first = p[0];
            for (i64 i = 0; i < r; i++) p[i] = p[i + 1];
            p[r] = first;
            if (--c[r] > 0) break;
            r++;
        }
        number++;
    }
}

i64 mandelbrot(i64 n) {
    i64 inside = 0;
    for (i64 row = 0; row < n; row++) {
        double ci = 2.0 * row / n - 1.0;
        for (i64 column = 0; column < n; column++) {
            double cr = 2.0 * column / n - 1.5, zr = 0.0, zi = 0.0;
            int bounded = 1;
            for (int k = 0; k < 50; k++) {
                double a = zr * zr, b = zi * zi;
                if (a + b > 4.0) { bounded = 0; break; }
                zi = 2.0 * zr * zi + ci;
                zr = a - b + cr;
            }
            inside += bounded;
        }
    }
    return inside;
}

double matrix_multiply(i64 n) {
    double *a = malloc(8 * n * n), *b = malloc(8 * n * n), *c = calloc(n * n, 8);
    for (i64 i = 0; i < n; i++)
        for (i64 j = 0; j < n; j++) { a[i * n + j] = (i * 3 + j) % 7 - 2.5; b[i * n + j] = (i + j * 5) % 11 - 4.5; }
    for (i64 i = 0; i < n; i++)
        for (i64 k = 0; k < n; k++) {
            double f = a[i * n + k];
            for (i64 j = 0; j < n; j++) c[i * n + j] += f * b[k * n + j];
        }
    double trace = 0.0;
    for (i64 i = 0; i < n; i++) trace += c[i * n + i];
    free(a); free(b); free(c);
    return trace;
}

static void quicksort(i64 *x, i64 low, i64 high) {
    while (low < high) {
        i64 pivot = x[(low + high) / 2], i = low, j = high;
        while (i <= j) {
            while (x[i] < pivot) i++;
            while (x[j] > pivot) j--;
            if (i <= j) { i64 t = x[i]; x[i] = x[j]; x[j] = t; i++; j--; }
        }
        quicksort(x, low, j);
        low = i;
    }
}
static i64 next(i64 seed) { return (seed * 1103515245 + 12345) % 2147483648; }
i64 sort(i64 n) {
    i64 seed = 42, *x = malloc(8 * n), sum = 0;
    for (i64 i = 0; i < n; i++) x[i] = seed = next(seed);
    quicksort(x, 0, n - 1);
    for (i64 i = 0; i < n; i++) sum = (sum * 31 + x[i]) % 1000003;
    free(x);
    return sum;
}

/* Words of at most seven letters, held in a table with open places, as a dict is. */
i64 words(i64 n) {
    char (*text)[8] = malloc(8 * n);
    i64 seed = 7, size = 16384, known = 0, most = 0;
    struct { char word[8]; i64 count; } *table = calloc(size, 16);
    for (i64 i = 0; i < n; i++) { seed = next(seed); memset(text[i], 0, 8); snprintf(text[i], 8, "w%d", (int)(seed / 65536 % 5000)); }
    for (i64 i = 0; i < n; i++) {
        uint64_t h = 14695981039346656037u;
        for (char *s = text[i]; *s; s++) h = (h ^ (unsigned char)*s) * 1099511628211u;
        i64 at = h & (size - 1);
        while (table[at].count && strcmp(table[at].word, text[i])) at = (at + 1) & (size - 1);
        if (!table[at].count) { strcpy(table[at].word, text[i]); known++; }
        if (++table[at].count > most) most = table[at].count;
    }
    free(text); free(table);
    return most * 100000 + known;
}

i64 string_building(i64 n) {
    char *text = malloc(8 * n + 8);
    i64 length = 0, sum = 0, found = 0;
    for (i64 i = 0; i < n; i++) length += sprintf(text + length, i ? ",%c%d" : "%c%d", (int)(97 + i % 26), (int)(i % 1000));
    for (i64 i = length - 1; i >= 0; i--) sum = (sum * 33 + text[i]) % 1000003;
    for (char *s = text; (s = strstr(s, "a1")); s += 2) found++;
    free(text);
    return sum + found;
}

i64 sieve(i64 n) {
    char *flags = malloc(n + 1);
    i64 total = 0;
    memset(flags, 1, n + 1);
    flags[0] = flags[1] = 0;
    for (i64 i = 2; i * i <= n; i++)
        if (flags[i])
            for (i64 j = i * i; j <= n; j += i) flags[j] = 0;
    for (i64 i = 0; i <= n; i++) total += flags[i];
    free(flags);
    return total;
}

i64 levenshtein(i64 n) {
    char *a = malloc(n), *b = malloc(n);
    i64 *before = malloc(8 * (n + 1)), *row = malloc(8 * (n + 1));
    for (i64 i = 0; i < n; i++) { a[i] = 97 + i * 7 % 26; b[i] = 97 + i * 11 % 26; }
    for (i64 j = 0; j <= n; j++) before[j] = j;
    for (i64 i = 0; i < n; i++) {
        row[0] = i + 1;
        for (i64 j = 0; j < n; j++) {
            i64 best = before[j + 1] + 1;
            if (row[j] + 1 < best) best = row[j] + 1;
            if (before[j] + (a[i] != b[j]) < best) best = before[j] + (a[i] != b[j]);
            row[j + 1] = best;
        }
        i64 *t = before; before = row; row = t;
    }
    i64 answer = before[n];
    free(a); free(b); free(before); free(row);
    return answer;
}

double k_means(i64 n) {
    enum { K = 8 };
    double *x = malloc(8 * n), *y = malloc(8 * n), cx[K], cy[K], total = 0.0;
    i64 seed = 3;
    for (i64 i = 0; i < n; i++) { x[i] = (seed = next(seed)) / 2147483648.0; y[i] = (seed = next(seed)) / 2147483648.0; }
    for (int c = 0; c < K; c++) { cx[c] = x[c]; cy[c] = y[c]; }
    for (int round = 0; round < 20; round++) {
        double sx[K] = {0}, sy[K] = {0};
        i64 count[K] = {0};
        for (i64 i = 0; i < n; i++) {
            int best = 0;
            double least = 1e300;
            for (int c = 0; c < K; c++) {
                double dx = x[i] - cx[c], dy = y[i] - cy[c], d = dx * dx + dy * dy;
                if (d < least) { least = d; best = c; }
            }
            sx[best] += x[i]; sy[best] += y[i]; count[best]++;
        }
        for (int c = 0; c < K; c++)
            if (count[c] > 0) { cx[c] = sx[c] / count[c]; cy[c] = sy[c] / count[c]; }
    }
    for (int c = 0; c < K; c++) total += cx[c] + cy[c];
    free(x); free(y);
    return total;
}

double fft(i64 bits) {
    i64 n = (i64)1 << bits;
    double *re = malloc(8 * n), *im = calloc(n, 8), energy = 0.0;
    for (i64 i = 0; i < n; i++) re[i] = i * 7 % 13 - 6.0;
    for (i64 i = 1, j = 0; i < n; i++) {
        i64 bit = n >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j |= bit;
        if (i < j) { double t = re[i]; re[i] = re[j]; re[j] = t; }
    }
    for (i64 size = 2; size <= n; size *= 2) {
        double angle = -2.0 * 3.141592653589793 / size, sr = cos(angle), si = sin(angle);
        for (i64 start = 0; start < n; start += size) {
            double wr = 1.0, wi = 0.0;
            for (i64 k = start; k < start + size / 2; k++) {
                i64 o = k + size / 2;
                double tr = wr * re[o] - wi * im[o], ti = wr * im[o] + wi * re[o];
                re[o] = re[k] - tr; im[o] = im[k] - ti; re[k] += tr; im[k] += ti;
                double t = wr * sr - wi * si;
                wi = wr * si + wi * sr; wr = t;
            }
        }
    }
    for (i64 i = 0; i < n; i++) energy += re[i] * re[i] + im[i] * im[i];
    free(re); free(im);
    return energy;
}
