//! The node of an Assent chain.
//!
//! It carries no runtime of its own: it runs the one in the chain spec. `--dev` starts a private
//! chain that seals a block as soon as there is a transaction and finalizes it at once.
#![expect(
    clippy::result_large_err,
    reason = "the SDK's own error types; they are made once, when the node cannot start"
)]

mod cli;
mod dev_seal;
mod rpc;
mod runtime_api;
mod service;

fn main() -> polkadot_sdk::sc_cli::Result<()> {
    cli::run()
}
