//! API keys of those who play in the story, for whoever wants to ask the API as one of them.

use crate::{
    scene::{account, hospital1, patient, regulator, second_emitter},
    stack::{ACCOUNTS_READ, HEALTH_READ, Stack},
};
use anyhow::{Context, Result};
use std::{
    fs::{File, Permissions},
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

/// Makes an API key for the patient, hospital 1, the steelworks and the regulator, and writes them into a file as
/// a shell reads variables. The file is for the eyes of its owner only, also if it was there before.
pub async fn write_keys(stack: &Stack, path: &Path) -> Result<()> {
    let hint =
        || format!("cannot write API keys into {}: name another file with --keys", path.display());
    let mut options = File::options();
    let mut file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .with_context(hint)?;
    file.set_permissions(Permissions::from_mode(0o600)).with_context(hint)?;
    for (name, key) in [
        ("PATIENT_KEY", patient()),
        ("HOSPITAL_KEY", hospital1()),
        ("STEELWORKS_KEY", second_emitter()),
        ("REGULATOR_KEY", regulator()),
    ] {
        let secret = stack.make_api_key(account(&key), &[HEALTH_READ, ACCOUNTS_READ]).await?;
        writeln!(file, "{name}={secret}").with_context(hint)?;
    }
    Ok(())
}
