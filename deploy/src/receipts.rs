//! `assent-deploy receipt`: the commitment to a bank's receipt.

use std::path::PathBuf;

use anyhow::Context as _;
use assent_client::receipt::{Receipt, ReceiptKeys};
use clap::Args;

/// An entry in an account at a bank, as the bank's statement has it.
#[derive(Debug, Args)]
pub struct Entry {
    /// File of the treasury's receipt keys, for its eyes only. A line holds the first value date that a
    /// key is for, a space, and 64 hexadecimal digits, which `openssl rand -hex 32` makes; what follows a
    /// # is a comment. Older keys stay in it.
    #[arg(long, env = "ASSENT_RECEIPT_KEYS", value_name = "FILE")]
    keys: PathBuf,
    /// The bank that keeps the account, by its BIC of 8 or 11 characters (ISO 9362).
    #[arg(long)]
    bic: String,
    /// The bank's own reference for the entry (ISO 20022 AcctSvcrRef), of at most 35 characters; not the
    /// one of whoever paid.
    #[arg(long, value_name = "TEXT")]
    reference: String,
    /// The entry's value date.
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: String,
}

/// Prints it, without a node.
pub fn run(entry: &Entry) -> anyhow::Result<()> {
    let Entry { keys: path, bic, reference, date } = entry;
    let receipt = Receipt::new(bic, reference, date)?;
    let place = || format!("--keys {}", path.display());
    let keys = ReceiptKeys::load(path).with_context(place)?;
    println!("{}", keys.commitment(&receipt).with_context(place)?);
    Ok(())
}
