"""heap.rs: the memory in which the objects of one call lie."""

HEAP = """\
//! The memory behind a call's message or results, in which everything lies that the call makes.
//!
//! Safety: the module has one thread, and the host writes nothing while a call runs.

#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;

/// Blocks come in powers of two; what is freed is given out again.
struct Arena {
    top: Cell<usize>,
    free: [Cell<usize>; 32],
}

unsafe impl Sync for Arena {}

#[allow(clippy::declare_interior_mutable_const)]
const NOTHING: Cell<usize> = Cell::new(0);

#[global_allocator]
static ARENA: Arena = Arena {
    top: Cell::new(usize::MAX),
    free: [NOTHING; 32],
};

/// Forgets what earlier calls made; the memory begins at an address from now on.
#[allow(dead_code)]
pub(crate) fn begin(address: usize) {
    ARENA.top.set((address + 15) & !15);
    ARENA.free.iter().for_each(|block| block.set(0));
}

fn size(layout: &Layout) -> usize {
    layout.size().max(16).next_power_of_two()
}

unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let size = size(&layout);
        let block = &self.free[size.trailing_zeros() as usize];
        if block.get() != 0 {
            let found = block.get() as *mut u8;
            block.set(*(found as *const usize));
            return found;
        }
        let start = self.top.get();
        let end = start.saturating_add(size);
        if end > core::arch::wasm32::memory_size(0) << 16 {
            return std::ptr::null_mut();
        }
        self.top.set(end);
        start as *mut u8
    }

    unsafe fn dealloc(&self, found: *mut u8, layout: Layout) {
        let block = &self.free[size(&layout).trailing_zeros() as usize];
        *(found as *mut usize) = block.get();
        block.set(found as usize);
    }

    unsafe fn realloc(&self, found: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        let (before, after) = (size(&layout), bytes.max(16).next_power_of_two());
        if after <= before {
            return found;
        }
        // The last block grows where it is.
        let end = found as usize + after;
        if found as usize + before == self.top.get()
            && end <= core::arch::wasm32::memory_size(0) << 16
        {
            self.top.set(end);
            return found;
        }
        let moved = self.alloc(Layout::from_size_align_unchecked(bytes, layout.align()));
        if !moved.is_null() {
            std::ptr::copy_nonoverlapping(found, moved, layout.size());
            self.dealloc(found, layout);
        }
        moved
    }
}
"""
