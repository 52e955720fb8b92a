"""The instructions of WebAssembly with 128-bit SIMD (core specification 2.0, chapter 5.4), as far as LLVM emits them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

_INT_COMPARISONS = "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u"
_FLOAT_COMPARISONS = "eq ne lt gt le ge"
_INT_ARITHMETIC = "clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr"
_FLOAT_ARITHMETIC = "abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign"
_SATURATING = "add add_sat_s add_sat_u sub sub_sat_s sub_sat_u"
_VECTOR_FLOAT = "abs neg - sqrt add sub mul div min max pmin pmax"

# Runs of consecutive opcodes: the first one, the prefix of every name ("" for none), the names; "-" is an unused opcode.
_PLAIN_RUNS: tuple[tuple[int, str, str], ...] = (
    (0x00, "", "unreachable nop block loop if else"),
    (0x0B, "", "end br br_if br_table return call"),
    (0x1A, "", "drop select"),
    (0x20, "", "local.get local.set local.tee global.get global.set"),
    (0x28, "", "i32.load i64.load f32.load f64.load"),
    (0x2C, "i32.", "load8_s load8_u load16_s load16_u"),
    (0x30, "i64.", "load8_s load8_u load16_s load16_u load32_s load32_u"),
    (0x36, "", "i32.store i64.store f32.store f64.store i32.store8 i32.store16 i64.store8 i64.store16 i64.store32"),
    (0x3F, "", "memory.size memory.grow i32.const i64.const f32.const f64.const"),
    (0x45, "i32.", "eqz " + _INT_COMPARISONS),
    (0x50, "i64.", "eqz " + _INT_COMPARISONS),
    (0x5B, "f32.", _FLOAT_COMPARISONS),
    (0x61, "f64.", _FLOAT_COMPARISONS),
    (0x67, "i32.", _INT_ARITHMETIC),
    (0x79, "i64.", _INT_ARITHMETIC),
    (0x8B, "f32.", _FLOAT_ARITHMETIC),
    (0x99, "f64.", _FLOAT_ARITHMETIC),
    (0xA7, "i32.", "wrap_i64 trunc_f32_s trunc_f32_u trunc_f64_s trunc_f64_u"),
    (0xAC, "i64.", "extend_i32_s extend_i32_u trunc_f32_s trunc_f32_u trunc_f64_s trunc_f64_u"),
    (0xB2, "f32.", "convert_i32_s convert_i32_u convert_i64_s convert_i64_u demote_f64"),
    (0xB7, "f64.", "convert_i32_s convert_i32_u convert_i64_s convert_i64_u promote_f32"),
    (0xBC, "", "i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64"),
    (0xC0, "", "i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s"),
)
_BULK_RUNS: tuple[tuple[int, str, str], ...] = (
    (0, "i32.trunc_sat_", "f32_s f32_u f64_s f64_u"),
    (4, "i64.trunc_sat_", "f32_s f32_u f64_s f64_u"),
    (10, "memory.", "copy fill"),
)
_VECTOR_RUNS: tuple[tuple[int, str, str], ...] = (
    (0, "v128.load", " 8x8_s 8x8_u 16x4_s 16x4_u 32x2_s 32x2_u 8_splat 16_splat 32_splat 64_splat"),
    (11, "", "v128.store v128.const i8x16.shuffle i8x16.swizzle"),
    (15, "", "i8x16.splat i16x8.splat i32x4.splat i64x2.splat f32x4.splat f64x2.splat"),
    (21, "i8x16.", "extract_lane_s extract_lane_u replace_lane"),
    (24, "i16x8.", "extract_lane_s extract_lane_u replace_lane"),
    (27, "", "i32x4.extract_lane i32x4.replace_lane i64x2.extract_lane i64x2.replace_lane"),
    (31, "", "f32x4.extract_lane f32x4.replace_lane f64x2.extract_lane f64x2.replace_lane"),
    (35, "i8x16.", _INT_COMPARISONS),
    (45, "i16x8.", _INT_COMPARISONS),
    (55, "i32x4.", _INT_COMPARISONS),
    (65, "f32x4.", _FLOAT_COMPARISONS),
    (71, "f64x2.", _FLOAT_COMPARISONS),
    (77, "v128.", "not and andnot or xor bitselect any_true"),
    (84, "v128.", "load8_lane load16_lane load32_lane load64_lane store8_lane store16_lane store32_lane store64_lane"),
    (92, "", "v128.load32_zero v128.load64_zero f32x4.demote_f64x2_zero f64x2.promote_low_f32x4"),
    (96, "i8x16.", "abs neg popcnt all_true bitmask narrow_i16x8_s narrow_i16x8_u"),
    (103, "f32x4.", "ceil floor trunc nearest"),
    (107, "i8x16.", "shl shr_s shr_u " + _SATURATING),
    (116, "", "f64x2.ceil f64x2.floor i8x16.min_s i8x16.min_u i8x16.max_s i8x16.max_u f64x2.trunc i8x16.avgr_u"),
    (124, "i16x8.extadd_pairwise_", "i8x16_s i8x16_u"),
    (126, "i32x4.extadd_pairwise_", "i16x8_s i16x8_u"),
    (128, "i16x8.", "abs neg q15mulr_sat_s all_true bitmask narrow_i32x4_s narrow_i32x4_u"),
    (135, "i16x8.extend_", "low_i8x16_s high_i8x16_s low_i8x16_u high_i8x16_u"),
    (139, "i16x8.", "shl shr_s shr_u " + _SATURATING),
    (148, "", "f64x2.nearest i16x8.mul i16x8.min_s i16x8.min_u i16x8.max_s i16x8.max_u - i16x8.avgr_u"),
    (156, "i16x8.extmul_", "low_i8x16_s high_i8x16_s low_i8x16_u high_i8x16_u"),
    (160, "i32x4.", "abs neg - all_true bitmask - - extend_low_i16x8_s extend_high_i16x8_s extend_low_i16x8_u extend_high_i16x8_u"),
    (171, "i32x4.", "shl shr_s shr_u add - - sub - - - mul min_s min_u max_s max_u dot_i16x8_s"),
    (188, "i32x4.extmul_", "low_i16x8_s high_i16x8_s low_i16x8_u high_i16x8_u"),
    (192, "i64x2.", "abs neg - all_true bitmask - - extend_low_i32x4_s extend_high_i32x4_s extend_low_i32x4_u extend_high_i32x4_u"),
    (203, "i64x2.", "shl shr_s shr_u add - - sub - - - mul eq ne lt_s gt_s le_s ge_s"),
    (220, "i64x2.extmul_", "low_i32x4_s high_i32x4_s low_i32x4_u high_i32x4_u"),
    (224, "f32x4.", _VECTOR_FLOAT),
    (236, "f64x2.", _VECTOR_FLOAT),
    (248, "", "i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u"),
    (252, "", "i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero f64x2.convert_low_i32x4_s f64x2.convert_low_i32x4_u"),
)
BULK_PREFIX, VECTOR_PREFIX, TYPED_SELECT = 0xFC, 0xFD, 0x1C


def _numbered(runs: tuple[tuple[int, str, str], ...]) -> Iterator[tuple[int, str]]:
    for first, prefix, names in runs:
        for code, name in enumerate(names.split(" "), first):
            if name != "-":
                yield code, prefix + name


@cache
def plain_instructions() -> dict[int, str]:
    """Names by opcode of the instructions of one byte; the typed `select` is apart."""
    return dict(_numbered(_PLAIN_RUNS))


@cache
def bulk_instructions() -> dict[int, str]:
    """Names by opcode after the prefix 0xFC."""
    return dict(_numbered(_BULK_RUNS))


@cache
def vector_instructions() -> dict[int, str]:
    """Names by opcode after the prefix 0xFD."""
    return dict(_numbered(_VECTOR_RUNS))
