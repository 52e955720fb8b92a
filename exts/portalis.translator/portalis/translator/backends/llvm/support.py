"""What every module needs around its functions, and functions that LLVM must not look into.

`optnone` keeps LLVM from recognising what they compute and replacing it by a call to the 128-bit multiplication that they stand for.
"""

from __future__ import annotations

import re
from typing import Literal

from portalis.translator.backends.llvm.context import DEPTH, ERROR, ModuleContext, site_name
from portalis.translator.backends.llvm.heap import HEAP_FUNCTIONS, declarations, globals_text, heap_text
from portalis.translator.backends.llvm.heap.layout import HELD, TOLD
from portalis.translator.backends.llvm.machine import DEVICE_LAYOUT, DEVICE_TRIPLE, TRIPLE

_INTRINSICS = """\
declare void @llvm.memcpy.p0.p0.i32(ptr, ptr, i32, i1)
declare void @llvm.memset.p0.i32(ptr, i8, i32, i1)
declare void @llvm.trap()
declare {i64, i1} @llvm.sadd.with.overflow.i64(i64, i64)
declare {i64, i1} @llvm.ssub.with.overflow.i64(i64, i64)
declare i32 @llvm.umin.i32(i32, i32)
declare i64 @llvm.umax.i64(i64, i64)
declare i64 @llvm.smin.i64(i64, i64)
declare i64 @llvm.smax.i64(i64, i64)
declare i64 @llvm.abs.i64(i64, i1)
declare i64 @llvm.ctlz.i64(i64, i1)
declare double @llvm.fabs.f64(double)
declare double @llvm.sqrt.f64(double)
declare double @llvm.floor.f64(double)
declare double @llvm.ceil.f64(double)
declare double @llvm.trunc.f64(double)
declare double @llvm.roundeven.f64(double)
declare double @llvm.copysign.f64(double, double)
declare i64 @llvm.fptosi.sat.i64.f64(double)
"""
_NAME = re.compile(r"@[^(]+\(")
_DECLARED = {found[0]: line for line in _INTRINSICS.splitlines() if (found := _NAME.search(line))}

_ATTRIBUTES = """\
attributes #0 = { nounwind "no-builtins" }
attributes #1 = { nounwind noinline "no-builtins" }
attributes #2 = { nounwind alwaysinline "no-builtins" }
attributes #3 = { nounwind noinline optnone "no-builtins" }
!0 = !{!"branch_weights", i32 1, i32 1048575}
!1 = !{!"branch_weights", i32 1048575, i32 1}
"""

# The head of a list and an element of one, to `object_writer.py`.
_MEMORY = """\
!2 = !{!"objects"}
!3 = !{!"head", !2}
!4 = !{!"element", !2}
!5 = !{!3, !3, i64 0}
!6 = !{!4, !4, i64 0}
"""

# Correct because a wrapped product differs from the true one by a multiple of 2**64, more than any remainder: it divides back to `a` only
# where it is the true one.
_PRODUCT_OVERFLOWS = """\
define internal i1 @py.product_overflows(i64 %a, i64 %b) #3 {
entry:
  %zero = icmp eq i64 %b, 0
  br i1 %zero, label %fits, label %nonzero
nonzero:
  %minus = icmp eq i64 %b, -1
  br i1 %minus, label %negate, label %divide
negate:
  %smallest = icmp eq i64 %a, -9223372036854775808
  ret i1 %smallest
divide:
  %product = mul i64 %a, %b
  %quotient = sdiv i64 %product, %b
  %differs = icmp ne i64 %quotient, %a
  ret i1 %differs
fits:
  ret i1 false
}
"""

_HIGH_PRODUCT = """\
  %a0 = and i64 %a, 4294967295
  %a1 = lshr i64 %a, 32
  %b0 = and i64 %b, 4294967295
  %b1 = lshr i64 %b, 32
  %p00 = mul i64 %a0, %b0
  %p01 = mul i64 %a0, %b1
  %p10 = mul i64 %a1, %b0
  %p11 = mul i64 %a1, %b1
  %carry = lshr i64 %p00, 32
  %low01 = and i64 %p01, 4294967295
  %low10 = and i64 %p10, 4294967295
  %m0 = add i64 %carry, %low01
  %middle = add i64 %m0, %low10
  %h01 = lshr i64 %p01, 32
  %h10 = lshr i64 %p10, 32
  %hm = lshr i64 %middle, 32
  %s0 = add i64 %p11, %h01
  %s1 = add i64 %s0, %h10
  %high = add i64 %s1, %hm
"""

_MULTIPLY_HIGH = f"""\
define internal i64 @py.multiply_high_unsigned(i64 %a, i64 %b) #3 {{
entry:
{_HIGH_PRODUCT}  ret i64 %high
}}
"""

# The compiler runtime's signature: the product of two 128-bit numbers, low halves first, written to the first argument.
_MULTI3 = f"""\
define void @__multi3(ptr %result, i64 %a, i64 %c, i64 %b, i64 %d) #3 {{
entry:
{_HIGH_PRODUCT}  %low = mul i64 %a, %b
  %cross0 = mul i64 %a, %d
  %cross1 = mul i64 %c, %b
  %cross = add i64 %cross0, %cross1
  %upper = add i64 %high, %cross
  store i64 %low, ptr %result, align 8
  %second = getelementptr i8, ptr %result, i32 8
  store i64 %upper, ptr %second, align 8
  ret void
}}
"""

_INTERNAL: dict[str, str] = {"@py.product_overflows(": _PRODUCT_OVERFLOWS, "@py.multiply_high_unsigned(": _MULTIPLY_HIGH}
_RUNTIME: dict[str, str] = {"__multi3": _MULTI3}


# Both as the instruction that a GPU has for them, `mul.hi`.
_DEVICE_PRODUCT_OVERFLOWS = """\
declare {i64, i1} @llvm.smul.with.overflow.i64(i64, i64)
define internal i1 @py.product_overflows(i64 %a, i64 %b) #2 {
entry:
  %pair = call {i64, i1} @llvm.smul.with.overflow.i64(i64 %a, i64 %b)
  %overflow = extractvalue {i64, i1} %pair, 1
  ret i1 %overflow
}
"""

_DEVICE_MULTIPLY_HIGH = """\
define internal i64 @py.multiply_high_unsigned(i64 %a, i64 %b) #2 {
entry:
  %wide.a = zext i64 %a to i128
  %wide.b = zext i64 %b to i128
  %product = mul i128 %wide.a, %wide.b
  %shifted = lshr i128 %product, 64
  %high = trunc i128 %shifted to i64
  ret i64 %high
}
"""

_DEVICE_INTERNAL: dict[str, str] = {
    "@py.product_overflows(": _DEVICE_PRODUCT_OVERFLOWS,
    "@py.multiply_high_unsigned(": _DEVICE_MULTIPLY_HIGH,
}


def device_text(context: ModuleContext, body: str) -> str:
    """Return a whole module for a GPU: `body` and what it needs; its state is every thread's own."""
    head = f'target datalayout = "{DEVICE_LAYOUT}"\ntarget triple = "{DEVICE_TRIPLE}"\n'
    return _assembled(context, head, body, _DEVICE_INTERNAL)


# What functions on objects need beside what all modules declare.
_HEAP_DECLARATIONS = """\
declare i32 @llvm.umax.i32(i32, i32)
declare i32 @llvm.wasm.memory.size.i32(i32)
"""


def module_text(context: ModuleContext, body: str, shared: Literal["internal", "common", "external"], has_heap: bool = False) -> str:
    """Return a whole module: `body`, what it needs, and the error word and depth; with `has_heap`, what the arena is known by.

    These are the module's own ("internal"), its own but known to other objects ("common"), or another object's ("external").
    """
    linkage = {"internal": "internal global i32 0", "common": "global i32 0", "external": "external global i32"}[shared]
    head = f'target triple = "{TRIPLE}"\n{ERROR} = {linkage}, align 4\n{DEPTH} = {linkage}, align 4\n'
    if context.open_sites:
        head += "".join(f"@{site_name(number)} = external global i8, align 1\n" for number in range(1, len(context.sites) + 1))
    if has_heap:
        head += globals_text("global")
    else:
        head += "".join(f"{name} = external global i64, align 8\n" for name in (TOLD, HELD) if name in body)
    return _assembled(context, head, body, _INTERNAL)


def _assembled(context: ModuleContext, head: str, body: str, internal: dict[str, str]) -> str:
    used = (text for name, text in internal.items() if name in body)
    metadata = _ATTRIBUTES + (_MEMORY if "!tbaa" in body else "") + context.loops_text()
    return "\n".join((head, context.constants_text(), body, *used, declarations(body), _intrinsics(body), metadata))


def _intrinsics(body: str) -> str:
    """Declare what a body calls: LLVM looks at every declaration in every pass."""
    return "".join(f"{line}\n" for name, line in _DECLARED.items() if name in body)


def has_runtime(name: str) -> bool:
    """Tell whether `name` is a function that we supply: one that LLVM's code generator may call by itself, or one on objects."""
    return name in _RUNTIME or name in HEAP_FUNCTIONS


def runtime_names() -> tuple[str, ...]:
    """Name all such functions."""
    return (*_RUNTIME, *HEAP_FUNCTIONS)


def runtime_text(name: str) -> str:
    """Return the module that defines such a function."""
    if name in _RUNTIME:
        return f'target triple = "{TRIPLE}"\n{_RUNTIME[name]}{_ATTRIBUTES}'
    body = heap_text(name)
    head = f'target triple = "{TRIPLE}"\n{globals_text("external global")}'
    return "\n".join((head, body, declarations(body) + _HEAP_DECLARATIONS, _intrinsics(body), _ATTRIBUTES))


def runtime_level(name: str) -> Literal[0, 2]:
    """Return the level at which such a function is compiled: what LLVM must not look into is not optimised at all."""
    return 0 if name in _RUNTIME else 2
