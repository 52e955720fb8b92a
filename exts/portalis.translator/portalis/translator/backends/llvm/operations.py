"""The primitive operations as LLVM instructions; every one is total, whatever its operands."""

from __future__ import annotations

from portalis.translator.ir.ops import INT_MAX, INT_MIN

# No flag promises anything to LLVM (nsw, fast-math): an operand that a select throws away must stay harmless.
SIMPLE: dict[str, str] = {
    "int.add": "add i64 {0}, {1}",
    "int.sub": "sub i64 {0}, {1}",
    "int.mul": "mul i64 {0}, {1}",
    "int.neg": "sub i64 0, {0}",
    "int.wrapping_add": "add i64 {0}, {1}",
    "int.wrapping_sub": "sub i64 {0}, {1}",
    "int.wrapping_mul": "mul i64 {0}, {1}",
    "int.multiply_high_unsigned": "call i64 @py.multiply_high_unsigned(i64 {0}, i64 {1})",
    "int.and": "and i64 {0}, {1}",
    "int.or": "or i64 {0}, {1}",
    "int.xor": "xor i64 {0}, {1}",
    "int.invert": "xor i64 {0}, -1",
    "int.less_unsigned": "icmp ult i64 {0}, {1}",
    "int.count_leading_zeros": "call i64 @llvm.ctlz.i64(i64 {0}, i1 false)",
    "int.to_float": "sitofp i64 {0} to double",
    "float.add": "fadd double {0}, {1}",
    "float.sub": "fsub double {0}, {1}",
    "float.mul": "fmul double {0}, {1}",
    "float.div": "fdiv double {0}, {1}",
    "float.neg": "fneg double {0}",
    "float.abs": "call double @llvm.fabs.f64(double {0})",
    "float.sqrt": "call double @llvm.sqrt.f64(double {0})",
    "float.floor": "call double @llvm.floor.f64(double {0})",
    "float.ceil": "call double @llvm.ceil.f64(double {0})",
    "float.trunc": "call double @llvm.trunc.f64(double {0})",
    "float.rint": "call double @llvm.roundeven.f64(double {0})",
    "float.copysign": "call double @llvm.copysign.f64(double {0}, double {1})",
    "float.to_bits": "bitcast double {0} to i64",
    "float.from_bits": "bitcast i64 {0} to double",
    "float.to_int": "call i64 @llvm.fptosi.sat.i64.f64(double {0})",
    "bool.to_int": "zext i1 {0} to i64",
    "bool.not": "xor i1 {0}, true",
    "bool.and": "and i1 {0}, {1}",
    "bool.or": "or i1 {0}, {1}",
}
# A count outside 0 … 63 would be poison; the mask costs nothing, wasm's shifts apply it themselves.
SHIFTS: dict[str, str] = {"int.shift_left": "shl", "int.shift_right": "ashr", "int.shift_right_logical": "lshr"}
DIVISIONS: dict[str, str] = {"int.divide_truncating": "sdiv", "int.remainder_truncating": "srem"}
OVERFLOWING: dict[str, str] = {"int.add": "sadd", "int.sub": "ssub", "int.neg": "ssub"}

FLOAT_COMPARISONS = {"lt": "olt", "le": "ole", "gt": "ogt", "ge": "oge", "eq": "oeq", "ne": "une"}
SIGNED_COMPARISONS = {"lt": "slt", "le": "sle", "gt": "sgt", "ge": "sge", "eq": "eq", "ne": "ne"}
UNSIGNED_COMPARISONS = {"lt": "ult", "le": "ule", "gt": "ugt", "ge": "uge", "eq": "eq", "ne": "ne"}


def factor_range(factor: int) -> tuple[int, int] | None:
    """Return the ints whose product with `factor` fits in 64 bits, as (lowest, highest); None where all do."""
    if factor in (0, 1):
        return None
    low, high = (INT_MIN, INT_MAX) if factor > 0 else (INT_MAX, INT_MIN)
    return (max(INT_MIN, -(-low // factor)), min(INT_MAX, high // factor))
