"""The message that a call takes and the answer that it gives, word by word (`ir/wire.py`).

Whatever a message says, nothing is read beyond it: who would is stopped as if memory had run out. `heap.begin` starts the arena of a call
with slots, beyond the guard that the host keeps behind the results.
"""

from __future__ import annotations

TEXT = """\
define i64 @wire.take_int() #0 {
  %cursor = load i32, ptr @wire.cursor, align 4
  %end = load i32, ptr @wire.end, align 4
  %over = icmp uge i32 %cursor, %end
  br i1 %over, label %none, label %some, !prof !0
some:
  %place = inttoptr i32 %cursor to ptr
  %word = load i64, ptr %place, align 8
  %after = add i32 %cursor, 8
  store i32 %after, ptr @wire.cursor, align 4
  ret i64 %word
none:
  call void @heap.exhausted()
  unreachable
}

define i64 @wire.take_text() #0 {
  %length = call i64 @wire.take_int()
  %cursor32 = load i32, ptr @wire.cursor, align 4
  %cursor = zext i32 %cursor32 to i64
  %end32 = load i32, ptr @wire.end, align 4
  %end = zext i32 %end32 to i64
  %left = sub i64 %end, %cursor
  %room = lshr i64 %left, 2
  %over = icmp ugt i64 %length, %room
  br i1 %over, label %none, label %some, !prof !0
some:
  %text = call i64 @heap.view(i64 %length, i64 %cursor, i32 0)
  %odd = add i64 %length, 1
  %words = lshr i64 %odd, 1
  %size = shl i64 %words, 3
  %after = add i64 %cursor, %size
  %after32 = trunc i64 %after to i32
  store i32 %after32, ptr @wire.cursor, align 4
  ret i64 %text
none:
  call void @heap.exhausted()
  unreachable
}

define void @wire.take_words(i64 %list, i64 %count) #0 {
  %cursor32 = load i32, ptr @wire.cursor, align 4
  %cursor = zext i32 %cursor32 to i64
  %end32 = load i32, ptr @wire.end, align 4
  %end = zext i32 %end32 to i64
  %left = sub i64 %end, %cursor
  %room = lshr i64 %left, 3
  %over = icmp ugt i64 %count, %room
  br i1 %over, label %none, label %some, !prof !0
some:
  ; The elements stay where they are: the message is the call's own.
  %head = inttoptr i64 %list to ptr
  %data.p = getelementptr i8, ptr %head, i32 8
  store i32 %cursor32, ptr %data.p, align 4
  %count32 = trunc i64 %count to i32
  %length.p = getelementptr i8, ptr %head, i32 12
  store i32 %count32, ptr %length.p, align 4
  %capacity.p = getelementptr i8, ptr %head, i32 16
  store i32 %count32, ptr %capacity.p, align 4
  %size = shl i32 %count32, 3
  %after = add i32 %cursor32, %size
  store i32 %after, ptr @wire.cursor, align 4
  ret void
none:
  call void @heap.exhausted()
  unreachable
}

define void @wire.give_words(i64 %list) #0 {
  %answer = load i64, ptr @wire.answer, align 8
  call void @heap.extend(i64 %answer, i64 %list, i64 1)
  ret void
}

define void @wire.give_floats(i64 %list) #0 {
  %answer = load i64, ptr @wire.answer, align 8
  %head = inttoptr i64 %answer to ptr
  %length.p = getelementptr i8, ptr %head, i32 12
  %before = load i32, ptr %length.p, align 4
  call void @heap.extend(i64 %answer, i64 %list, i64 1)
  %after = load i32, ptr %length.p, align 4
  %data.p = getelementptr i8, ptr %head, i32 8
  %data32 = load i32, ptr %data.p, align 4
  %data = inttoptr i32 %data32 to ptr
  br label %head.of.loop
head.of.loop:
  %index = phi i32 [ %before, %0 ], [ %following, %body ]
  %more = icmp ult i32 %index, %after
  br i1 %more, label %body, label %done
body:
  %place = getelementptr i64, ptr %data, i32 %index
  %bits = load i64, ptr %place, align 8
  %float = bitcast i64 %bits to double
  %unordered = fcmp uno double %float, 0.0
  %same = select i1 %unordered, i64 9221120237041090560, i64 %bits
  store i64 %same, ptr %place, align 8
  %following = add i32 %index, 1
  br label %head.of.loop
done:
  ret void
}

define void @wire.give_int(i64 %word) #0 {
  %answer = load i64, ptr @wire.answer, align 8
  %head = inttoptr i64 %answer to ptr
  %length.p = getelementptr i8, ptr %head, i32 12
  %length = load i32, ptr %length.p, align 4
  %capacity.p = getelementptr i8, ptr %head, i32 16
  %capacity = load i32, ptr %capacity.p, align 4
  %full = icmp eq i32 %length, %capacity
  br i1 %full, label %grow, label %put, !prof !0
grow:
  call void @heap.room(i64 %answer, i64 1, i64 1)
  br label %put
put:
  %data.p = getelementptr i8, ptr %head, i32 8
  %data.32 = load i32, ptr %data.p, align 4
  %data = inttoptr i32 %data.32 to ptr
  %place = getelementptr i64, ptr %data, i32 %length
  store i64 %word, ptr %place, align 8
  %after = add i32 %length, 1
  store i32 %after, ptr %length.p, align 4
  ret void
}

define void @wire.give_text(i64 %text) #0 {
  %text.head = inttoptr i64 %text to ptr
  %length32 = load i32, ptr %text.head, align 8
  %length = zext i32 %length32 to i64
  call void @wire.give_int(i64 %length)
  %empty = icmp eq i32 %length32, 0
  br i1 %empty, label %done, label %copy
copy:
  %odd = add i64 %length, 1
  %words = lshr i64 %odd, 1
  %answer = load i64, ptr @wire.answer, align 8
  call void @heap.room(i64 %answer, i64 %words, i64 1)
  %head = inttoptr i64 %answer to ptr
  %data.p = getelementptr i8, ptr %head, i32 8
  %data.32 = load i32, ptr %data.p, align 4
  %data = inttoptr i32 %data.32 to ptr
  %used.p = getelementptr i8, ptr %head, i32 12
  %used = load i32, ptr %used.p, align 4
  %words32 = trunc i64 %words to i32
  %after = add i32 %used, %words32
  store i32 %after, ptr %used.p, align 4
  %end = getelementptr i64, ptr %data, i32 %after
  %last = getelementptr i8, ptr %end, i32 -8
  store i64 0, ptr %last, align 8
  %target = getelementptr i64, ptr %data, i32 %used
  %distance.p = getelementptr i8, ptr %text.head, i32 4
  %distance = load i32, ptr %distance.p, align 4
  %source = getelementptr i8, ptr %text.head, i32 %distance
  %size = shl i32 %length32, 2
  call void @llvm.memcpy.p0.p0.i32(ptr align 4 %target, ptr align 4 %source, i32 %size, i1 false)
  br label %done
done:
  ret void
}

define i32 @wire.knows(i64 %number) #0 {
  %known = load i64, ptr @wire.known, align 8
  %head = inttoptr i64 %known to ptr
  %length.p = getelementptr i8, ptr %head, i32 12
  %length32 = load i32, ptr %length.p, align 4
  %length = zext i32 %length32 to i64
  %known.it = icmp ult i64 %number, %length
  %answer = zext i1 %known.it to i32
  ret i32 %answer
}

define i64 @wire.known_at(i64 %number) #0 {
  %known = load i64, ptr @wire.known, align 8
  %head = inttoptr i64 %known to ptr
  %length.p = getelementptr i8, ptr %head, i32 12
  %length32 = load i32, ptr %length.p, align 4
  %length = zext i32 %length32 to i64
  %over = icmp uge i64 %number, %length
  br i1 %over, label %none, label %some, !prof !0
some:
  %data.p = getelementptr i8, ptr %head, i32 8
  %data.32 = load i32, ptr %data.p, align 4
  %data = inttoptr i32 %data.32 to ptr
  %place = getelementptr i64, ptr %data, i64 %number
  %object = load i64, ptr %place, align 8
  ret i64 %object
none:
  call void @heap.exhausted()
  unreachable
}

define void @wire.remember(i64 %object) #0 {
  %number = load i64, ptr @wire.count, align 8
  %number32 = trunc i64 %number to i32
  %object.head = inttoptr i64 %object to ptr
  store i32 %number32, ptr %object.head, align 8
  %known = load i64, ptr @wire.known, align 8
  call void @heap.room(i64 %known, i64 1, i64 1)
  %head = inttoptr i64 %known to ptr
  %data.p = getelementptr i8, ptr %head, i32 8
  %data.32 = load i32, ptr %data.p, align 4
  %data = inttoptr i32 %data.32 to ptr
  %place = getelementptr i64, ptr %data, i64 %number
  store i64 %object, ptr %place, align 8
  %after = add i64 %number, 1
  store i64 %after, ptr @wire.count, align 8
  %after32 = trunc i64 %after to i32
  %length.p = getelementptr i8, ptr %head, i32 12
  store i32 %after32, ptr %length.p, align 4
  ret void
}

define i32 @wire.introduce(i64 %object) #0 {
  %head = inttoptr i64 %object to ptr
  %number = load i32, ptr %head, align 8
  %numbered = icmp sge i32 %number, 0
  br i1 %numbered, label %write, label %number.it
number.it:
  %next = load i64, ptr @wire.count, align 8
  %next32 = trunc i64 %next to i32
  store i32 %next32, ptr %head, align 8
  %after = add i64 %next, 1
  store i64 %after, ptr @wire.count, align 8
  br label %write
write:
  %given = phi i32 [ %number, %0 ], [ %next32, %number.it ]
  %given64 = zext i32 %given to i64
  call void @wire.give_int(i64 %given64)
  %introduced.p = getelementptr i8, ptr %head, i32 4
  %introduced = load i32, ptr %introduced.p, align 4
  store i32 1, ptr %introduced.p, align 4
  %first = xor i32 %introduced, 1
  ret i32 %first
}

define void @wire.begin(i32 %message, i32 %bytes) #0 {
  %pages = call i32 @llvm.wasm.memory.size.i32(i32 0)
  %limit = shl i32 %pages, 16
  store i32 %limit, ptr @heap.limit, align 4
  %whole = and i32 %bytes, -8
  %end = add i32 %message, %whole
  store i32 %message, ptr @wire.cursor, align 4
  store i32 %end, ptr @wire.end, align 4
  %least = add i32 %message, 16
  ; The answer's address goes where the message began.
  %behind = call i32 @llvm.umax.i32(i32 %end, i32 %least)
  %up = add i32 %behind, 15
  %top = and i32 %up, -16
  store i32 %top, ptr @heap.top, align 4
  store i64 0, ptr @wire.count, align 8
  %known = call i64 @heap.list(i64 0, i64 1)
  store i64 %known, ptr @wire.known, align 8
  %answer = call i64 @heap.list(i64 0, i64 1)
  store i64 %answer, ptr @wire.answer, align 8
  ret void
}

define void @wire.finish(i32 %message) #0 {
  %answer = load i64, ptr @wire.answer, align 8
  %head = inttoptr i64 %answer to ptr
  %data.p = getelementptr i8, ptr %head, i32 8
  %data32 = load i32, ptr %data.p, align 4
  %data = zext i32 %data32 to i64
  %length.p = getelementptr i8, ptr %head, i32 12
  %length32 = load i32, ptr %length.p, align 4
  %length = zext i32 %length32 to i64
  %size = shl i64 %length, 3
  %place = inttoptr i32 %message to ptr
  store i64 %data, ptr %place, align 8
  %second = getelementptr i8, ptr %place, i32 8
  store i64 %size, ptr %second, align 8
  ret void
}

define void @heap.begin(i32 %after) #0 {
  %pages = call i32 @llvm.wasm.memory.size.i32(i32 0)
  %limit = shl i32 %pages, 16
  store i32 %limit, ptr @heap.limit, align 4
  %up = add i32 %after, 4111
  %top = and i32 %up, -16
  store i32 %top, ptr @heap.top, align 4
  ret void
}
"""
