"""What texts do that is not written in place."""

from __future__ import annotations

TEXT = """\
define i64 @heap.view(i64 %length, i64 %codes, i32 %cell) #0 {
  %text = call i64 @heap.take(i64 16)
  %head = inttoptr i64 %text to ptr
  %length32 = trunc i64 %length to i32
  store i32 %length32, ptr %head, align 8
  %distance = sub i64 %codes, %text
  %distance32 = trunc i64 %distance to i32
  %distance.p = getelementptr i8, ptr %head, i32 4
  store i32 %distance32, ptr %distance.p, align 4
  %cell.p = getelementptr i8, ptr %head, i32 8
  store i32 %cell, ptr %cell.p, align 8
  ret i64 %text
}

define i64 @heap.text_of_code(i64 %code) #0 {
  %block = call i64 @heap.take(i64 24)
  %head = inttoptr i64 %block to ptr
  store i64 68719476737, ptr %head, align 8
  %cell.p = getelementptr i8, ptr %head, i32 8
  store i64 0, ptr %cell.p, align 8
  %code32 = trunc i64 %code to i32
  %code.p = getelementptr i8, ptr %head, i32 16
  store i32 %code32, ptr %code.p, align 4
  ret i64 %block
}

define i64 @heap.text_of_codes(i64 %list) #0 {
  %list.head = inttoptr i64 %list to ptr
  %length.p = getelementptr i8, ptr %list.head, i32 12
  %length32 = load i32, ptr %length.p, align 4
  %length = zext i32 %length32 to i64
  %data.p = getelementptr i8, ptr %list.head, i32 8
  %data.32 = load i32, ptr %data.p, align 4
  %data = inttoptr i32 %data.32 to ptr
  %size = shl i64 %length, 2
  %block = call i64 @heap.take(i64 %size)
  %codes = inttoptr i64 %block to ptr
  %text = call i64 @heap.view(i64 %length, i64 %block, i32 0)
  %some = icmp ne i32 %length32, 0
  br i1 %some, label %body, label %done
body:
  %index = phi i32 [ 0, %0 ], [ %following, %body ]
  %source = getelementptr i64, ptr %data, i32 %index
  %code = load i64, ptr %source, align 8
  %code32 = trunc i64 %code to i32
  %target = getelementptr i32, ptr %codes, i32 %index
  store i32 %code32, ptr %target, align 4
  %following = add i32 %index, 1
  %more = icmp ult i32 %following, %length32
  br i1 %more, label %body, label %done
done:
  ret i64 %text
}

define i64 @heap.text_part(i64 %text, i64 %start, i64 %stop) #0 {
  %head = inttoptr i64 %text to ptr
  %distance.p = getelementptr i8, ptr %head, i32 4
  %distance32 = load i32, ptr %distance.p, align 4
  %distance = sext i32 %distance32 to i64
  %codes = add i64 %text, %distance
  %skipped = shl i64 %start, 2
  %first = add i64 %codes, %skipped
  %length = sub i64 %stop, %start
  %cell.p = getelementptr i8, ptr %head, i32 8
  %cell = load i32, ptr %cell.p, align 8
  %part = call i64 @heap.view(i64 %length, i64 %first, i32 %cell)
  ret i64 %part
}

define void @heap.print(i64 %text) #0 {
  %before = load i64, ptr @heap.printed, align 8
  %first = icmp eq i64 %before, 0
  br i1 %first, label %alone, label %behind
alone:
  store i64 %text, ptr @heap.printed, align 8
  ret void
behind:
  %whole = call i64 @heap.concat(i64 %before, i64 %text)
  store i64 %whole, ptr @heap.printed, align 8
  ret void
}

define i64 @heap.concat(i64 %left, i64 %right) #0 {
  %left.head = inttoptr i64 %left to ptr
  %right.head = inttoptr i64 %right to ptr
  %left32 = load i32, ptr %left.head, align 8
  %right32 = load i32, ptr %right.head, align 8
  %no.right = icmp eq i32 %right32, 0
  br i1 %no.right, label %only.left, label %has.right
only.left:
  ret i64 %left
has.right:
  %no.left = icmp eq i32 %left32, 0
  br i1 %no.left, label %only.right, label %both
only.right:
  ret i64 %right
both:
  %left.length = zext i32 %left32 to i64
  %right.length = zext i32 %right32 to i64
  %length = add i64 %left.length, %right.length
  %left.size = shl i64 %left.length, 2
  %right.size = shl i64 %right.length, 2
  %left.distance.p = getelementptr i8, ptr %left.head, i32 4
  %left.distance32 = load i32, ptr %left.distance.p, align 4
  %left.distance = sext i32 %left.distance32 to i64
  %left.codes = add i64 %left, %left.distance
  %end = add i64 %left.codes, %left.size
  %right.distance.p = getelementptr i8, ptr %right.head, i32 4
  %right.distance32 = load i32, ptr %right.distance.p, align 4
  %right.distance = sext i32 %right.distance32 to i64
  %right.codes = add i64 %right, %right.distance
  %right.p = inttoptr i64 %right.codes to ptr
  %right.size32 = trunc i64 %right.size to i32
  %cell.p = getelementptr i8, ptr %left.head, i32 8
  %cell32 = load i32, ptr %cell.p, align 8
  %celled = icmp ne i32 %cell32, 0
  br i1 %celled, label %look, label %fresh
look:
  %cell = inttoptr i32 %cell32 to ptr
  %free32 = load i32, ptr %cell, align 8
  %free = zext i32 %free32 to i64
  %room.p = getelementptr i8, ptr %cell, i32 4
  %room32 = load i32, ptr %room.p, align 4
  %room = zext i32 %room32 to i64
  %is.last = icmp eq i64 %free, %end
  %after = add i64 %end, %right.size
  %fits = icmp ule i64 %after, %room
  %in.place = and i1 %is.last, %fits
  br i1 %in.place, label %append, label %fresh
append:
  %end.p = inttoptr i64 %end to ptr
  call void @llvm.memcpy.p0.p0.i32(ptr align 4 %end.p, ptr align 4 %right.p, i32 %right.size32, i1 false)
  %after32 = trunc i64 %after to i32
  store i32 %after32, ptr %cell, align 8
  %longer = call i64 @heap.view(i64 %length, i64 %left.codes, i32 %cell32)
  ret i64 %longer
fresh:
  %slack = phi i64 [ 8, %both ], [ %length, %look ]
  %slack.size = shl i64 %slack, 2
  %size = add i64 %left.size, %right.size
  %whole = add i64 %size, %slack.size
  %bytes = add i64 %whole, 24
  %block = call i64 @heap.take(i64 %bytes)
  %head = inttoptr i64 %block to ptr
  %length32 = trunc i64 %length to i32
  store i32 %length32, ptr %head, align 8
  %distance.p = getelementptr i8, ptr %head, i32 4
  store i32 24, ptr %distance.p, align 4
  %new.cell = add i64 %block, 16
  %new.cell32 = trunc i64 %new.cell to i32
  %new.cell.p = getelementptr i8, ptr %head, i32 8
  store i32 %new.cell32, ptr %new.cell.p, align 8
  %codes = add i64 %block, 24
  %new.free = add i64 %codes, %size
  %new.free32 = trunc i64 %new.free to i32
  %new.free.p = getelementptr i8, ptr %head, i32 16
  store i32 %new.free32, ptr %new.free.p, align 8
  %new.room = add i64 %new.free, %slack.size
  %new.room32 = trunc i64 %new.room to i32
  %new.room.p = getelementptr i8, ptr %head, i32 20
  store i32 %new.room32, ptr %new.room.p, align 4
  %codes.p = inttoptr i64 %codes to ptr
  %left.p = inttoptr i64 %left.codes to ptr
  %left.size32 = trunc i64 %left.size to i32
  call void @llvm.memcpy.p0.p0.i32(ptr align 4 %codes.p, ptr align 4 %left.p, i32 %left.size32, i1 false)
  %behind = add i64 %codes, %left.size
  %behind.p = inttoptr i64 %behind to ptr
  call void @llvm.memcpy.p0.p0.i32(ptr align 4 %behind.p, ptr align 4 %right.p, i32 %right.size32, i1 false)
  ret i64 %block
}

define i32 @heap.text_order(i64 %left, i64 %right) #0 {
  %left.head = inttoptr i64 %left to ptr
  %right.head = inttoptr i64 %right to ptr
  %left.length = load i32, ptr %left.head, align 8
  %right.length = load i32, ptr %right.head, align 8
  %left.distance.p = getelementptr i8, ptr %left.head, i32 4
  %left.distance = load i32, ptr %left.distance.p, align 4
  %left.codes = getelementptr i8, ptr %left.head, i32 %left.distance
  %right.distance.p = getelementptr i8, ptr %right.head, i32 4
  %right.distance = load i32, ptr %right.distance.p, align 4
  %right.codes = getelementptr i8, ptr %right.head, i32 %right.distance
  %shorter = call i32 @llvm.umin.i32(i32 %left.length, i32 %right.length)
  br label %head
head:
  %index = phi i32 [ 0, %0 ], [ %following, %same ]
  %more = icmp ult i32 %index, %shorter
  br i1 %more, label %body, label %lengths
body:
  %left.p = getelementptr i32, ptr %left.codes, i32 %index
  %left.code = load i32, ptr %left.p, align 4
  %right.p = getelementptr i32, ptr %right.codes, i32 %index
  %right.code = load i32, ptr %right.p, align 4
  %differs = icmp ne i32 %left.code, %right.code
  br i1 %differs, label %found, label %same
same:
  %following = add i32 %index, 1
  br label %head
lengths:
  br label %found
found:
  %a = phi i32 [ %left.code, %body ], [ %left.length, %lengths ]
  %b = phi i32 [ %right.code, %body ], [ %right.length, %lengths ]
  %greater = icmp ugt i32 %a, %b
  %less = icmp ult i32 %a, %b
  %one = zext i1 %greater to i32
  %minus = zext i1 %less to i32
  %order = sub i32 %one, %minus
  ret i32 %order
}

define i32 @heap.text_equal(i64 %left, i64 %right) #0 {
  %identical = icmp eq i64 %left, %right
  br i1 %identical, label %equal, label %measure
measure:
  %left.head = inttoptr i64 %left to ptr
  %right.head = inttoptr i64 %right to ptr
  %left.length = load i32, ptr %left.head, align 8
  %right.length = load i32, ptr %right.head, align 8
  %alike = icmp eq i32 %left.length, %right.length
  br i1 %alike, label %compare, label %differs
compare:
  %left.distance.p = getelementptr i8, ptr %left.head, i32 4
  %left.distance = load i32, ptr %left.distance.p, align 4
  %left.codes = getelementptr i8, ptr %left.head, i32 %left.distance
  %right.distance.p = getelementptr i8, ptr %right.head, i32 4
  %right.distance = load i32, ptr %right.distance.p, align 4
  %right.codes = getelementptr i8, ptr %right.head, i32 %right.distance
  %even = and i32 %left.length, -2
  br label %head
head:
  %index = phi i32 [ 0, %compare ], [ %following, %same ]
  %more = icmp ult i32 %index, %even
  br i1 %more, label %pair, label %rest
pair:
  %left.p = getelementptr i32, ptr %left.codes, i32 %index
  %left.pair = load i64, ptr %left.p, align 4
  %right.p = getelementptr i32, ptr %right.codes, i32 %index
  %right.pair = load i64, ptr %right.p, align 4
  %unequal = icmp ne i64 %left.pair, %right.pair
  br i1 %unequal, label %differs, label %same
same:
  %following = add i32 %index, 2
  br label %head
rest:
  %odd = icmp ult i32 %even, %left.length
  br i1 %odd, label %last, label %equal
last:
  %left.last.p = getelementptr i32, ptr %left.codes, i32 %even
  %left.last = load i32, ptr %left.last.p, align 4
  %right.last.p = getelementptr i32, ptr %right.codes, i32 %even
  %right.last = load i32, ptr %right.last.p, align 4
  %last.differs = icmp ne i32 %left.last, %right.last
  br i1 %last.differs, label %differs, label %equal
equal:
  ret i32 1
differs:
  ret i32 0
}
"""
