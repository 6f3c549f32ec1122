//! `assent-deploy fund`: gives accounts what they pay their transactions with.

use anyhow::bail;
use assent_client::Account;
use assent_client::chain::Chain;
use assent_client::native::{Amount, transfer};
use clap::Args;
use subxt::ext::futures::future::join_all;
use subxt_signer::sr25519::Keypair;

/// Whom to give how much.
#[derive(Debug, Args)]
pub struct Gift {
    /// Account to give it to: SS58 (5…) or 0x and 64 hex digits. Repeat it for several.
    #[arg(long, required = true, value_name = "ADDRESS", value_parser = account)]
    to: Vec<Account>,
    /// How much each gets, in units, for example 2.5.
    #[arg(long, value_name = "UNITS", default_value = "10", value_parser = amount)]
    amount: Amount,
}

/// Gives what was asked for, and prints what every account has when it is final.
pub async fn run(chain: &Chain, signer: &Keypair, gift: &Gift) -> anyhow::Result<()> {
    let gifts = gift.to.iter().map(|to| transfer(chain, signer, *to, gift.amount));
    // Whoever has got it is told, also when it failed for another one.
    let mut failures = Vec::new();
    for (to, given) in gift.to.iter().zip(join_all(gifts).await) {
        match given {
            Ok(block) => {
                let has = Amount::from_base_units(chain.free_balance(to).await?);
                println!("{to} got {} units in block {block} and has {has}", gift.amount);
            }
            Err(error) => failures.push(format!("{to}: {error}")),
        }
    }
    if !failures.is_empty() {
        bail!("{}", failures.join("; "));
    }
    Ok(())
}

fn account(text: &str) -> Result<Account, String> {
    text.trim().parse().map_err(|error| format!("it {error}"))
}

fn amount(text: &str) -> Result<Amount, String> {
    match text.trim().parse::<Amount>() {
        Ok(amount) if amount.base_units() == 0 => Err("nothing would be given".to_owned()),
        Ok(amount) => Ok(amount),
        Err(error) => Err(error.to_string()),
    }
}
