//! All parts of Assent, started in order and wired together.

use crate::{
    indexer::Places,
    node::Node,
    postgres::Postgres,
    process::Process,
    scene::{account, regulator},
};
use anyhow::{Context, Result, bail, ensure};
use assent_client::{
    Account, bundle::Metadata, chain::Chain, contract::Contract, manifest::Manifest, timing::Timing,
};
use assent_deploy::plan::{self, Bundles, Options};
use nix::sys::signal::Signal;
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::ExitStatus,
    time::{Duration, Instant},
};
use subxt_signer::sr25519::dev;

/// How long things wait in the contracts of a stack: long enough that a slow machine is in time,
/// short enough that a story can wait for it.
pub const TIMING: Timing = Timing {
    delay_ms: 4_000,
    reward_period_ms: 8_000,
    emergency_window_ms: 12_000,
    review_ms: 15_000,
    cooldown_ms: 6_000,
    answer_ms: 8_000,
    compliance_ms: 8_000,
};
/// What an API key has to be for: to read who is admitted, and what is done with whose health data.
pub const HEALTH_READ: &str = "health:read";
/// To read what accounts own, owe and are owed.
pub const ACCOUNTS_READ: &str = "accounts:read";
/// More requests a minute than any story sends, which asks until the mirror shows something.
const REQUESTS: &str = "1000000";
/// How long a part may take to start. Generous: the first blocks compile the runtime and contracts.
const START: Duration = Duration::from_secs(120);
/// How long the mirror may take to show what the chain has finalized.
const MIRROR: Duration = Duration::from_secs(60);

/// A running Assent: everything in it is real, and gone on drop.
pub struct Stack {
    /// JSON-RPC of the node.
    pub node_url: String,
    /// Connection to the node.
    pub chain: Chain,
    /// What was deployed.
    pub manifest: Manifest,
    /// The REST API, without a slash at the end.
    pub api_url: String,
    /// API key of the regulator, who sees all that the API has.
    pub api_key: String,
    /// The database server.
    pub postgres: Postgres,
    http: reqwest::Client,
    api: Process,
    indexer: Option<Process>,
    node: Process,
    indexer_starts: usize,
    // Last: the folder goes after the processes that write into it.
    folder: tempfile::TempDir,
}

impl Stack {
    /// Starts Postgres and the node, deploys the committed bundles, starts indexer and API. Calls
    /// `progress` with a sentence before each step.
    pub async fn start(api_listen: &str, progress: impl Fn(&str)) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("assent-stack-").tempdir()?;

        progress("Starting a private Postgres");
        let postgres = Postgres::start().await?;

        progress("Starting the node: a development chain on a free port");
        // An empty block every second: a story that waits for a time does not wait for much more.
        let Node { url: node_url, process: node } = Node::start(folder.path(), &[]).await?;
        let chain = Chain::connect(&node_url).await?;

        progress("Deploying the contracts");
        let manifest_path = folder.path().join("manifest.json");
        let manifest = deploy(&chain, &manifest_path).await?;

        progress("Starting the indexer");
        let places = Places {
            node: node_url.clone(),
            database: postgres.url(),
            manifest: manifest_path.clone(),
        };
        let indexer = places.spawn(&["run"], &folder.path().join("indexer.log"))?;

        progress("Starting the API");
        let log = folder.path().join("api.log");
        let settings = [
            ["--listen", api_listen],
            ["--requests-per-minute", REQUESTS],
            ["--address-requests-per-minute", REQUESTS],
        ];
        let mut api = places.spawn_api(settings.as_flattened(), &log)?;
        let api_url = api.wait_for_line("Listening on ", START).await?;
        let api_key =
            make_api_key(&places, account(&regulator()), &[HEALTH_READ, ACCOUNTS_READ]).await?;
        let http = reqwest::Client::builder().timeout(Duration::from_secs(10)).build()?;

        let stack = Self {
            node_url,
            chain,
            manifest,
            api_url,
            api_key,
            postgres,
            http,
            api,
            indexer: Some(indexer),
            node,
            indexer_starts: 1,
            folder,
        };
        // A mirror may be ready and some seconds behind: what was just deployed has to be in it.
        stack.ready().await?;
        stack.mirrored(stack.chain.at_finalized().await?.block_number()).await?;
        Ok(stack)
    }

    /// A contract of the manifest, by name.
    pub fn contract(&self, name: &str) -> Result<Contract> {
        let entry =
            self.manifest.contracts.get(name).with_context(|| format!("no contract {name}"))?;
        let metadata = Metadata::load(self.manifest.metadata_path(entry))?;
        Ok(Contract::new(self.chain.clone(), entry.address, metadata))
    }

    /// Where the manifest lies.
    pub fn manifest_path(&self) -> PathBuf {
        self.folder.path().join("manifest.json")
    }

    /// A folder that lives as long as the stack.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Kills the indexer with SIGKILL, wherever it is.
    pub fn kill_indexer(&mut self) -> Result<()> {
        self.indexer.take().context("the indexer is not running")?.kill()
    }

    /// Asks the indexer to end (SIGTERM) and gives its exit status.
    pub async fn stop_indexer(&mut self) -> Result<ExitStatus> {
        let mut indexer = self.indexer.take().context("the indexer is not running")?;
        indexer.stop(Signal::SIGTERM, Duration::from_secs(20)).await
    }

    /// Starts the indexer again.
    pub fn start_indexer(&mut self) -> Result<()> {
        let log = self.folder.path().join(format!("indexer-{}.log", self.indexer_starts));
        self.indexer_starts += 1;
        self.indexer = Some(self.places().spawn(&["run"], &log)?);
        Ok(())
    }

    /// Where an indexer finds what it needs.
    pub fn places(&self) -> Places {
        Places {
            node: self.node_url.clone(),
            database: self.postgres.url(),
            manifest: self.manifest_path(),
        }
    }

    /// Runs a command of the indexer to its end: how it ended, and what it said.
    pub async fn indexer(&self, arguments: &[&str]) -> Result<(ExitStatus, String)> {
        self.places().run(arguments, &self.log("command")).await
    }

    /// Where a program of this name may log.
    pub fn log(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.log"))
    }

    /// Whether all processes run still.
    pub fn all_running(&mut self) -> bool {
        let indexer = self.indexer.as_mut().is_some_and(Process::is_running);
        self.node.is_running() && self.api.is_running() && indexer
    }

    /// What the node, the indexers and the API have logged; for a failing test.
    pub fn logs(&self) -> String {
        let mut text = String::new();
        for entry in std::fs::read_dir(self.folder.path()).into_iter().flatten().flatten() {
            if entry.path().extension().is_some_and(|extension| extension == "log") {
                let log = std::fs::read_to_string(entry.path()).unwrap_or_default();
                text.push_str(&format!("==== {}\n{log}\n", entry.path().display()));
            }
        }
        text
    }

    /// GETs a path of the API as the regulator, who sees all: status and JSON body.
    pub async fn get(&self, path: &str) -> Result<(u16, Value)> {
        self.get_as(&self.api_key, path).await
    }

    /// The same as who has this API key or access token.
    pub async fn get_as(&self, credentials: &str, path: &str) -> Result<(u16, Value)> {
        let request = self.http.get(format!("{}{path}", self.api_url));
        answer(request.bearer_auth(credentials)).await.with_context(|| format!("GET {path}"))
    }

    /// The same as nobody in particular.
    pub async fn get_as_nobody(&self, path: &str) -> Result<(u16, Value)> {
        let request = self.http.get(format!("{}{path}", self.api_url));
        answer(request).await.with_context(|| format!("GET {path}"))
    }

    /// POSTs to a path of the API as nobody in particular: status and JSON body, null if it has none.
    pub async fn post(&self, path: &str, body: &Value) -> Result<(u16, Value)> {
        let request = self.http.post(format!("{}{path}", self.api_url)).json(body);
        answer(request).await.with_context(|| format!("POST {path}"))
    }

    /// POSTs a file to a path of the API as the holder of this key: status and JSON body.
    pub async fn post_file(&self, key: &str, path: &str, file: Vec<u8>) -> Result<(u16, Value)> {
        let request = self.http.post(format!("{}{path}", self.api_url)).bearer_auth(key).body(file);
        answer(request).await.with_context(|| format!("POST {path}"))
    }

    /// Makes an API key of an account for these scopes, as an operator does.
    pub async fn make_api_key(&self, of: Account, scopes: &[&str]) -> Result<String> {
        make_api_key(&self.places(), of, scopes).await
    }

    /// GETs a path of the API as the regulator that must answer 200.
    pub async fn ok(&self, path: &str) -> Result<Value> {
        match self.get(path).await? {
            (200, body) => Ok(body),
            (status, body) => bail!("GET {path} answered {status}: {body}"),
        }
    }

    /// Waits until the API says that it is ready.
    pub async fn ready(&self) -> Result<()> {
        let deadline = Instant::now() + MIRROR;
        loop {
            let (status, body) = self.get("/readyz").await?;
            if status == 200 {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("the API is not ready: {body}\n{}", self.logs());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until the mirror holds the block at `height`.
    pub async fn mirrored(&self, height: u64) -> Result<()> {
        let deadline = Instant::now() + MIRROR;
        loop {
            let (status, body) = self.get("/v1/status").await?;
            if status == 200 && body["watermark"]["block_number"].as_u64() >= Some(height) {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("the mirror did not reach block {height}: {body}\n{}", self.logs());
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }
}

/// Sends a request: status and JSON body, null if it has none.
async fn answer(request: reqwest::RequestBuilder) -> Result<(u16, Value)> {
    let response = request.send().await?;
    let status = response.status().as_u16();
    let body = response.bytes().await?;
    if body.is_empty() {
        return Ok((status, Value::Null));
    }
    Ok((status, serde_json::from_slice(&body).context("no JSON")?))
}

/// Has the API make a key of an account for these scopes. Nothing else has it, and no log.
async fn make_api_key(places: &Places, of: Account, scopes: &[&str]) -> Result<String> {
    let of = of.to_string();
    let mut arguments = vec!["key", "create", "--account", &of, "--name", "a story"];
    for &scope in scopes {
        arguments.extend(["--scope", scope]);
    }
    let written = places.run_api(&arguments).await.context("no API key was made")?;
    // It stands there alone, so that a script can take it as it is.
    let key = written.trim_end();
    ensure!(key.starts_with("assent-key-") && !key.contains('\n'), "that is no API key");
    Ok(key.to_owned())
}

/// The committed bundles.
pub fn artifacts() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).join("contracts/artifacts")
}

/// Deploys the committed bundles as the development chain's first account.
pub async fn deploy(chain: &Chain, manifest: &Path) -> Result<Manifest> {
    let options = Options {
        network: "dev".into(),
        artifacts: artifacts(),
        manifest: manifest.into(),
        timing: TIMING,
    };
    let bundles = Bundles::load(&options.artifacts)?;
    Ok(plan::apply(chain, &dev::alice(), &bundles, &options).await?.manifest)
}
