//! Every command of every README, as it stands there and in that order. What is not run says why, in a
//! comment of the Markdown that does not show.
//!
//! Three things are not as for a reader: the ports 8080 and 9944 are free ones, since somebody may use
//! those; the commands run in a folder that looks like the checkout, so that nothing is written there;
//! and cargo builds nothing ([`shell`]). For the demo stands what it does: its stories, and its file of keys.

use anyhow::{Context, Result, bail, ensure};
use assent_e2e::{
    postgres::Postgres,
    process::free_port,
    stack::{Stack, artifacts},
    story::{Story, bundled_report, write_keys},
    tools::{existing, in_path, node_modules, tools},
};
use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

mod markdown;
mod shell;
mod verdict;

use self::{
    markdown::{Block, Command, Mode},
    shell::Shell,
};

/// A section: a file, and a heading in it, or all of the file.
type Section = (&'static str, Option<&'static str>);

/// What is asked while the demo is up.
const DEMO: [Section; 2] = [("README.md", Some("Call the API")), ("api/README.md", None)];
/// What follows on each other where nothing runs yet.
const BY_HAND: [Section; 6] = [
    ("README.md", Some("Run the parts by hand")),
    ("docs/add-people.md", None),
    ("README.md", Some("Use cargo-contract")),
    ("deploy/README.md", None),
    ("contracts/README.md", None),
    ("mirror/README.md", None),
];
/// How many blocks are not run; each gives its reason.
const NOT_RUN: usize = 15;
/// What the READMEs have the demo name its file of keys: `DEMO_KEYS`.
const KEYS: &str = "demo-keys.env";
/// How long the mirror may be behind the chain, for whom an answer is repeated.
const MIRROR: Duration = Duration::from_secs(30);

fn root() -> Result<PathBuf> {
    let artifacts = artifacts();
    Ok(artifacts.ancestors().nth(2).context("the checkout")?.into())
}

/// The blocks of these sections, in order.
fn sections(wanted: &[Section]) -> Result<Vec<Block>> {
    let root = root()?;
    let mut found = Vec::new();
    for (file, heading) in wanted {
        let blocks = markdown::blocks(&root, file)?;
        let before = found.len();
        found.extend(blocks.into_iter().filter(|block| heading.is_none_or(|h| block.heading == h)));
        ensure!(found.len() > before, "no commands in {file} {}", heading.unwrap_or_default());
    }
    Ok(found)
}

#[test]
fn every_block_is_run_or_says_why_not() -> Result<()> {
    let root = root()?;
    let run: Vec<String> =
        sections(&[&DEMO[..], &BY_HAND].concat())?.iter().map(Block::place).collect();
    let mut not_run = Vec::new();
    for file in markdown::files(&root)? {
        for block in markdown::blocks(&root, &file)? {
            match &block.mode {
                Mode::NotRun(reason) => not_run.push(format!("{}: {reason}", block.place())),
                _ if run.contains(&block.place()) => {}
                _ => bail!("{} is in no session, and no comment says why", block.place()),
            }
        }
    }
    assert_eq!(not_run.len(), NOT_RUN, "{not_run:#?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_answers_what_the_readmes_ask() -> Result<()> {
    let command = format!("DEMO_LISTEN=127.0.0.1:8080 DEMO_KEYS={KEYS} make demo");
    for (file, _) in DEMO {
        let text = fs::read_to_string(root()?.join(file))?;
        ensure!(text.contains(&command), "{file} does not begin with `{command}`");
    }
    let ports = Ports::free()?;
    let stack = Stack::start(&format!("127.0.0.1:{}", ports.api), |_| {}).await?;
    Story::new(&stack, Box::new(|_| {}))?.play(&stack, &bundled_report()).await?;
    let folder = stack.folder();
    let keys = folder.join(KEYS);
    write_keys(&stack, &keys).await?;
    assert_eq!(fs::metadata(&keys)?.permissions().mode() & 0o777, 0o600);
    let mut shell = Shell::start(folder, &folder.join("outputs"), &[])?;
    play(&mut shell, &sections(&DEMO)?, &ports).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_readmes_lead_from_a_node_to_a_sale() -> Result<()> {
    for program in ["curl", "jq", "node", "openssl"] {
        in_path(program)?;
    }
    existing(tools()?.join("bin/cargo-contract"), "scripts/test-tools.sh")?;
    let (ports, postgres) = (Ports::free()?, Postgres::start().await?);
    let folder = tempfile::Builder::new().prefix("assent-readme-").tempdir()?;
    let checkout = folder.path().join("checkout");
    lay_out(&checkout)?;
    let node = format!("ws://127.0.0.1:{}", ports.node);
    let variables = [("DATABASE_URL", &*postgres.url()), ("ASSENT_NODE_URL", &node)];
    let mut shell = Shell::start(&checkout, &folder.path().join("outputs"), &variables)?;
    play(&mut shell, &sections(&BY_HAND)?, &ports).await
}

/// What stands for the two ports of the READMEs.
struct Ports {
    api: u16,
    node: u16,
}

impl Ports {
    fn free() -> Result<Self> {
        Ok(Self { api: free_port()?, node: free_port()? })
    }

    fn put_into(&self, text: &str) -> String {
        text.replace("8080", &self.api.to_string()).replace("9944", &self.node.to_string())
    }
}

/// What looks like the checkout to the commands. The examples are copies, because Node.js looks for
/// packages beside the file that a link leads to.
fn lay_out(checkout: &Path) -> Result<()> {
    let root = root()?;
    let (from, to) = (root.join("contracts/examples"), checkout.join("contracts/examples"));
    fs::create_dir_all(&to)?;
    symlink(artifacts(), checkout.join("contracts/artifacts"))?;
    for folder in ["e2e", "mirror"] {
        symlink(root.join(folder), checkout.join(folder))?;
    }
    for folder in ["", "javascript"] {
        fs::create_dir_all(to.join(folder))?;
        for file in fs::read_dir(from.join(folder))? {
            let file = file?;
            if file.file_type()?.is_file() {
                fs::copy(file.path(), to.join(folder).join(file.file_name()))?;
            }
        }
    }
    let packages = node_modules(&from.join("javascript"))?;
    Ok(symlink(packages, to.join("javascript/node_modules"))?)
}

/// Tells the shell what stands in the blocks; ends at the first command that does not do what its reader
/// expects.
async fn play(shell: &mut Shell, blocks: &[Block], ports: &Ports) -> Result<()> {
    for block in blocks {
        match &block.mode {
            Mode::NotRun(_) => {}
            Mode::Background(ready) => shell
                .background(&ports.put_into(&block.text), ready)
                .await
                .with_context(|| block.place())?,
            Mode::Run => {
                for command in block.commands() {
                    expect(shell, &command, ports).await?;
                }
            }
        }
    }
    Ok(())
}

/// Runs a command. The mirror is moments behind the chain, so what is asked of the API, by curl or a function of
/// the README that calls it, is asked again until the answer is there.
async fn expect(shell: &mut Shell, command: &Command, ports: &Ports) -> Result<()> {
    let deadline = Instant::now() + MIRROR;
    loop {
        let done = shell
            .run(&ports.put_into(&command.text))
            .await
            .with_context(|| command.place.clone())?;
        let Err(wrong) = verdict::judge(command, &done) else { return Ok(()) };
        let asks = command.text.contains("curl ") || command.text.contains("/v1/");
        if !asks || Instant::now() > deadline {
            bail!("{}: `{}` {wrong}:\n{}", command.place, command.text, done.output);
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
