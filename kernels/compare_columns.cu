// Compares two columns of equal length bit for bit: how many elements differ, how far apart the farthest two are, where the first pair is.
//
// Floats are compared by their bits, except that any NaN equals any other. The distance of two floats is the number of representable values
// from one to the other (zeros of either sign are one value), of two integers their difference, of a NaN and a number the largest that there
// is. Only integer arithmetic is used, so that no flag of the compiler changes an answer.
//
// One launch adds to `tally`, three words that the host sets to {0, 0, 2^64 - 1}. Any grid will do; threads stride over the elements.

typedef unsigned long long u64;
typedef long long i64;

struct Tally {
    u64 differing;
    u64 farthest;
    u64 first;
};

// One element type: its bits as stored, their place among all values of the type, and which of them are NaNs.
struct Double {
    typedef i64 Bits;
    static __device__ i64 ordinal(i64 bits) { return bits >= 0 ? bits : -(bits & 0x7FFFFFFFFFFFFFFFLL); }
    static __device__ bool is_nan(i64 bits) { return (bits & 0x7FFFFFFFFFFFFFFFLL) > 0x7FF0000000000000LL; }
};

struct Single {
    typedef int Bits;
    static __device__ i64 ordinal(int bits) { return bits >= 0 ? bits : -(i64)(bits & 0x7FFFFFFF); }
    static __device__ bool is_nan(int bits) { return (bits & 0x7FFFFFFF) > 0x7F800000; }
};

struct Integer {
    typedef i64 Bits;
    static __device__ i64 ordinal(i64 bits) { return bits; }
    static __device__ bool is_nan(i64) { return false; }
};

template <typename Element>
__device__ u64 distance(typename Element::Bits left, typename Element::Bits right) {
    if (Element::is_nan(left) || Element::is_nan(right)) {
        return ~0ULL;
    }
    i64 a = Element::ordinal(left), b = Element::ordinal(right);
    // Unsigned, since the difference of two i64 need not be one.
    return a > b ? (u64)a - (u64)b : (u64)b - (u64)a;
}

template <typename Element>
__device__ void add_element(Tally &tally, typename Element::Bits left, typename Element::Bits right, u64 index) {
    if (left == right || (Element::is_nan(left) && Element::is_nan(right))) {
        return;
    }
    u64 apart = distance<Element>(left, right);
    tally.differing += 1;
    tally.farthest = apart > tally.farthest ? apart : tally.farthest;
    tally.first = index < tally.first ? index : tally.first;
}

#ifdef __CUDACC__

template <typename Element>
__device__ void compare(const void *left, const void *right, u64 length, u64 *total) {
    const typename Element::Bits *a = (const typename Element::Bits *)left, *b = (const typename Element::Bits *)right;
    Tally tally = {0, 0, ~0ULL};
    u64 stride = (u64)gridDim.x * blockDim.x;
    for (u64 index = (u64)blockIdx.x * blockDim.x + threadIdx.x; index < length; index += stride) {
        add_element<Element>(tally, a[index], b[index], index);
    }
    // Columns that agree cost no atomic operation at all.
    if (tally.differing) {
        atomicAdd(&total[0], tally.differing);
        atomicMax(&total[1], tally.farthest);
        atomicMin(&total[2], tally.first);
    }
}

extern "C" __global__ void compare_f64(const void *left, const void *right, u64 length, u64 *total) {
    compare<Double>(left, right, length, total);
}

extern "C" __global__ void compare_f32(const void *left, const void *right, u64 length, u64 *total) {
    compare<Single>(left, right, length, total);
}

extern "C" __global__ void compare_i64(const void *left, const void *right, u64 length, u64 *total) {
    compare<Integer>(left, right, length, total);
}

#endif
