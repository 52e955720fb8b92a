"""Ints of any size: one of 63 bits lies in its slot, above a bit that is set; any other is a list (`ir/types.py`, `WideType`)."""

from __future__ import annotations

TEXT = """\
define i64 @heap.wide_of(i64 %value) #0 {
  %up = shl i64 %value, 1
  %back = ashr i64 %up, 1
  %fits = icmp eq i64 %back, %value
  br i1 %fits, label %small, label %large
small:
  %tagged = or i64 %up, 1
  ret i64 %tagged
large:
  %list = call i64 @heap.list(i64 4, i64 1)
  %head = inttoptr i64 %list to ptr
  %negative = icmp slt i64 %value, 0
  %sign = select i1 %negative, i64 -1, i64 1
  %opposite = sub i64 0, %value
  %size = select i1 %negative, i64 %opposite, i64 %value
  %sign.p = getelementptr i8, ptr %head, i32 24
  store i64 %sign, ptr %sign.p, align 8
  %low = and i64 %size, 1073741823
  %low.p = getelementptr i8, ptr %head, i32 32
  store i64 %low, ptr %low.p, align 8
  %rest = lshr i64 %size, 30
  %middle = and i64 %rest, 1073741823
  %middle.p = getelementptr i8, ptr %head, i32 40
  store i64 %middle, ptr %middle.p, align 8
  %high = lshr i64 %size, 60
  %high.p = getelementptr i8, ptr %head, i32 48
  store i64 %high, ptr %high.p, align 8
  ret i64 %list
}
"""
