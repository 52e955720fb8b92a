"""The arena, and what lists do that is not written in place.

Sizes and counts are i64, so that no sum of them wraps; a count above 2**28 is more than memory can hold. Where the arena cannot give, the
guest stores beyond every memory, which its engine reports as such.
"""

from __future__ import annotations

TEXT = """\
define void @heap.exhausted() #1 {
  store volatile i8 0, ptr inttoptr (i32 -1 to ptr), align 1
  unreachable
}

define i64 @heap.take(i64 %bytes) #0 {
  %top32 = load i32, ptr @heap.top, align 4
  %top = zext i32 %top32 to i64
  %more = add i64 %bytes, 7
  %whole = and i64 %more, -8
  %after = add i64 %top, %whole
  %limit32 = load i32, ptr @heap.limit, align 4
  %limit = zext i32 %limit32 to i64
  %over = icmp ugt i64 %after, %limit
  br i1 %over, label %none, label %some, !prof !0
some:
  %after32 = trunc i64 %after to i32
  store i32 %after32, ptr @heap.top, align 4
  ret i64 %top
none:
  call void @heap.exhausted()
  unreachable
}

define i64 @heap.list(i64 %count, i64 %stride) #0 {
  %many = icmp ugt i64 %count, 268435456
  br i1 %many, label %none, label %some, !prof !0
some:
  %slots = mul i64 %count, %stride
  %size = shl i64 %slots, 3
  %bytes = add i64 %size, 24
  %list = call i64 @heap.take(i64 %bytes)
  %head = inttoptr i64 %list to ptr
  store i64 4294967295, ptr %head, align 8
  %data = add i64 %list, 24
  %data32 = trunc i64 %data to i32
  %data.p = getelementptr i8, ptr %head, i32 8
  store i32 %data32, ptr %data.p, align 4
  %count32 = trunc i64 %count to i32
  %length.p = getelementptr i8, ptr %head, i32 12
  store i32 %count32, ptr %length.p, align 4
  %capacity.p = getelementptr i8, ptr %head, i32 16
  store i32 %count32, ptr %capacity.p, align 4
  ret i64 %list
none:
  call void @heap.exhausted()
  unreachable
}

define void @heap.room(i64 %list, i64 %more, i64 %stride) #0 {
  %head = inttoptr i64 %list to ptr
  %length.p = getelementptr i8, ptr %head, i32 12
  %length32 = load i32, ptr %length.p, align 4
  %length = zext i32 %length32 to i64
  %capacity.p = getelementptr i8, ptr %head, i32 16
  %capacity32 = load i32, ptr %capacity.p, align 4
  %capacity = zext i32 %capacity32 to i64
  %many = icmp ugt i64 %more, 268435456
  br i1 %many, label %none, label %sum, !prof !0
sum:
  %needed = add i64 %length, %more
  %fits = icmp ule i64 %needed, %capacity
  br i1 %fits, label %done, label %grow
grow:
  %eighth = lshr i64 %needed, 3
  %slack = add i64 %eighth, 6
  %near = add i64 %needed, %slack
  %width = shl i64 %stride, 3
  %held = mul i64 %capacity, %width
  %data.p = getelementptr i8, ptr %head, i32 8
  %data32 = load i32, ptr %data.p, align 4
  %data = zext i32 %data32 to i64
  %end = add i64 %data, %held
  %top32 = load i32, ptr @heap.top, align 4
  %top = zext i32 %top32 to i64
  %last = icmp eq i64 %end, %top
  br i1 %last, label %extend, label %move
extend:
  %added = sub i64 %near, %capacity
  %added.bytes = mul i64 %added, %width
  call i64 @heap.take(i64 %added.bytes)
  br label %set
move:
  %double = shl i64 %capacity, 1
  %far = call i64 @llvm.umax.i64(i64 %near, i64 %double)
  %bytes = mul i64 %far, %width
  %moved = call i64 @heap.take(i64 %bytes)
  %target = inttoptr i64 %moved to ptr
  %source = inttoptr i64 %data to ptr
  %used = mul i64 %length, %width
  %used32 = trunc i64 %used to i32
  call void @llvm.memcpy.p0.p0.i32(ptr align 8 %target, ptr align 8 %source, i32 %used32, i1 false)
  %moved32 = trunc i64 %moved to i32
  store i32 %moved32, ptr %data.p, align 4
  br label %set
set:
  %after = phi i64 [ %near, %extend ], [ %far, %move ]
  %after32 = trunc i64 %after to i32
  store i32 %after32, ptr %capacity.p, align 4
  br label %done
done:
  ret void
none:
  call void @heap.exhausted()
  unreachable
}

define i64 @heap.part(i64 %list, i64 %start, i64 %stop, i64 %stride) #0 {
  %count = sub i64 %stop, %start
  %part = call i64 @heap.list(i64 %count, i64 %stride)
  %width = shl i64 %stride, 3
  %size = mul i64 %count, %width
  %size32 = trunc i64 %size to i32
  %skipped = mul i64 %start, %width
  %skipped32 = trunc i64 %skipped to i32
  %head = inttoptr i64 %list to ptr
  %data.p = getelementptr i8, ptr %head, i32 8
  %data.32 = load i32, ptr %data.p, align 4
  %data = inttoptr i32 %data.32 to ptr
  %source = getelementptr i8, ptr %data, i32 %skipped32
  %part.head = inttoptr i64 %part to ptr
  %target = getelementptr i8, ptr %part.head, i32 24
  call void @llvm.memcpy.p0.p0.i32(ptr align 8 %target, ptr align 8 %source, i32 %size32, i1 false)
  ret i64 %part
}

define void @heap.extend(i64 %list, i64 %others, i64 %stride) #0 {
  %others.head = inttoptr i64 %others to ptr
  %count.p = getelementptr i8, ptr %others.head, i32 12
  %count32 = load i32, ptr %count.p, align 4
  %count = zext i32 %count32 to i64
  call void @heap.room(i64 %list, i64 %count, i64 %stride)
  %source.p = getelementptr i8, ptr %others.head, i32 8
  %source.32 = load i32, ptr %source.p, align 4
  %source = inttoptr i32 %source.32 to ptr
  %head = inttoptr i64 %list to ptr
  %data.p = getelementptr i8, ptr %head, i32 8
  %data.32 = load i32, ptr %data.p, align 4
  %data = inttoptr i32 %data.32 to ptr
  %length.p = getelementptr i8, ptr %head, i32 12
  %length32 = load i32, ptr %length.p, align 4
  %width = shl i64 %stride, 3
  %width32 = trunc i64 %width to i32
  %skipped = mul i32 %length32, %width32
  %target = getelementptr i8, ptr %data, i32 %skipped
  %size = mul i32 %count32, %width32
  call void @llvm.memcpy.p0.p0.i32(ptr align 8 %target, ptr align 8 %source, i32 %size, i1 false)
  %after = add i32 %length32, %count32
  store i32 %after, ptr %length.p, align 4
  ret void
}
"""
