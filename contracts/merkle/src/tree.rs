//! Trees that are built leaf by leaf and never held in memory.

use crate::{node_hash, Hash, Sha256, MAX_PROOF_LEN};
use alloc::vec::Vec;
use core::marker::PhantomData;

/// A tree that grows leaf by leaf. It holds one hash for each of its levels, and the proof for one
/// index if it was asked for it beforehand.
#[derive(Debug, Clone)]
pub struct Tree<H> {
    /// The complete subtrees, by level: they are the ones in the binary number of leaves.
    peaks: [Option<Subtree>; MAX_PROOF_LEN],
    len: u64,
    /// The index that the proof is for.
    watched: Option<u64>,
    /// The proof as far as the subtree above the watched leaf, from below.
    proof: Vec<Hash>,
    hasher: PhantomData<H>,
}

/// A complete subtree.
#[derive(Debug, Clone, Copy)]
struct Subtree {
    root: Hash,
    /// Whether the watched leaf is in it.
    watched: bool,
}

impl<H: Sha256> Tree<H> {
    /// A tree without leaves.
    pub fn new() -> Self {
        Self {
            peaks: [None; MAX_PROOF_LEN],
            len: 0,
            watched: None,
            proof: Vec::new(),
            hasher: PhantomData,
        }
    }

    /// A tree without leaves that will give the proof for `index`.
    pub fn proving(index: u64) -> Self {
        Self { watched: Some(index), ..Self::new() }
    }

    /// Appends a leaf.
    ///
    /// # Panics
    ///
    /// With the 2^64th leaf, which nobody lives to see.
    pub fn push(&mut self, leaf: Hash) {
        let len = self.len.checked_add(1).expect("fewer than 2^64 leaves");
        let mut subtree = Subtree { root: leaf, watched: self.watched == Some(self.len) };
        // Adds one to the binary number: a carry joins two subtrees of the same level.
        for peak in &mut self.peaks {
            let Some(left) = peak.take() else {
                *peak = Some(subtree);
                break;
            };
            subtree = join::<H>(left, subtree, &mut self.proof);
        }
        self.len = len;
    }

    /// How many leaves there are.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is no leaf.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The root over the leaves so far; the hash of nothing if there are none.
    pub fn root(&self) -> Hash {
        self.join_peaks(&mut Vec::new()).map_or_else(|| H::hash(&[]), |tree| tree.root)
    }

    /// The proof for the index of [`Tree::proving`] in the tree over the leaves so far; `None` if it
    /// was made without one, or that leaf is not there yet.
    pub fn proof(&self) -> Option<Vec<Hash>> {
        let mut proof = self.proof.clone();
        self.join_peaks(&mut proof).filter(|tree| tree.watched).map(|_| proof)
    }

    /// The whole tree: each peak stands to the left of all smaller ones.
    fn join_peaks(&self, proof: &mut Vec<Hash>) -> Option<Subtree> {
        self.peaks.iter().flatten().copied().reduce(|right, left| join::<H>(left, right, proof))
    }
}

impl<H: Sha256> Default for Tree<H> {
    fn default() -> Self {
        Self::new()
    }
}

/// The proof for `index` in the tree over `leaves`, of which none is held; `None` if there are not so
/// many.
pub fn inclusion_proof<H: Sha256>(
    leaves: impl IntoIterator<Item = Hash>,
    index: u64,
) -> Option<Vec<Hash>> {
    let mut tree = Tree::<H>::proving(index);
    for leaf in leaves {
        tree.push(leaf);
    }
    tree.proof()
}

/// The tree over two; if the watched leaf is below one of them, the other belongs to its proof.
fn join<H: Sha256>(left: Subtree, right: Subtree, proof: &mut Vec<Hash>) -> Subtree {
    if left.watched {
        proof.push(right.root);
    } else if right.watched {
        proof.push(left.root);
    }
    Subtree {
        root: node_hash::<H>(&left.root, &right.root),
        watched: left.watched || right.watched,
    }
}
