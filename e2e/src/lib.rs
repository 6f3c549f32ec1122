//! The whole of Assent on one machine, for real: a private Postgres, a node, the contracts on it,
//! the indexer and the API, all on free ports and gone on drop; and the stories played on it. Beside
//! them what measures the indexer and what disturbs it.

pub mod agree;
pub mod bench;
pub mod faults;
pub mod indexer;
pub mod interrupt;
pub mod messages;
pub mod native;
pub mod node;
pub mod postgres;
pub mod process;
pub mod proxy;
pub mod scene;
pub mod sealed;
pub mod stack;
pub mod story;
pub mod together;
pub mod tools;
