//! A file of any size is hashed in the memory of one chunk. Alone in its file, since it counts all
//! that this program allocates.

use assent_merkle::{chunk_proof, chunked, verify_inclusion, Sha2, CHUNK_LEN};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    io::{Read, Result},
    sync::atomic::{AtomicUsize, Ordering},
};

/// The system's allocator, with the bytes that are allocated and the most that ever were.
struct Counting {
    now: AtomicUsize,
    most: AtomicUsize,
}

#[global_allocator]
static MEMORY: Counting = Counting { now: AtomicUsize::new(0), most: AtomicUsize::new(0) };

// SAFETY: every call is handed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = self.now.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        self.most.fetch_max(now, Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        self.now.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// A file that exists only while it is read.
struct Generated {
    left: usize,
    state: u64,
}

impl Generated {
    fn new(length: usize) -> Self {
        Self { left: length, state: 0x9e37_79b9_7f4a_7c15 }
    }
}

impl Read for Generated {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let length = buffer.len().min(self.left);
        for byte in &mut buffer[..length] {
            self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *byte = self.state.to_be_bytes()[0];
        }
        self.left -= length;
        Ok(length)
    }
}

/// What `work` gives, and how many bytes it had allocated at most.
fn measured<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = MEMORY.now.load(Ordering::Relaxed);
    MEMORY.most.store(before, Ordering::Relaxed);
    let result = work();
    (result, MEMORY.most.load(Ordering::Relaxed) - before)
}

#[test]
fn memory_does_not_grow_with_the_file() {
    const LENGTH: usize = 8 * 1024 * 1024 + 12_345;
    // A chunk, a proof, and what else runs beside the test.
    const LIMIT: usize = 2 * CHUNK_LEN;

    let (summary, memory) = measured(|| chunked(Generated::new(LENGTH), CHUNK_LEN).unwrap());
    assert_eq!((summary.chunks, summary.byte_length), (129, LENGTH as u64));
    assert!(memory < LIMIT, "{memory} bytes");

    for index in [0, 77, 128] {
        let prove = || chunk_proof(Generated::new(LENGTH), CHUNK_LEN, index).unwrap().unwrap();
        let (proven, memory) = measured(prove);
        assert!(memory < LIMIT, "{memory} bytes");
        assert_eq!(proven.summary, summary);
        let (root, proof) = (&summary.root, &proven.proof);
        assert!(verify_inclusion::<Sha2>(root, summary.chunks, index, &proven.leaf, proof));
    }
}
