//! Command line of the node.

use crate::service;
use clap::Parser;
use polkadot_sdk::*;
use sc_cli::{Cors, DatabasePruningMode, RpcMethods, SubstrateCli, TransactionPoolType};
use std::{
    fs::DirBuilder,
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

/// The chain spec of the development chain, with the runtime in it. `make runtime` writes it.
const DEV_SPEC: &[u8] = include_bytes!("../../specs/dev.json");

/// Where a node listens for others unless --port says otherwise.
const DEFAULT_P2P_PORT: u16 = 30333;

/// The longest answer to a request unless --rpc-max-response-size says otherwise, MiB. A contract can fill
/// a block with 20 MB of events, which are twice as long in hexadecimal digits: the SDK's 15 MiB would keep
/// such a block from whoever indexes the chain.
const LONGEST_ANSWER: &str = "64";

/// Runs a node of an Assent chain.
///
/// Example: assent-node --dev --tmp --rpc-port 9944
///
/// Everybody can sign as the administrator of a development chain, //Alice. So --dev listens on this
/// machine only, also for other nodes, refuses unsafe RPC methods and lets no web page in, unless
/// --listen-addr, --rpc-methods unsafe or --rpc-cors say otherwise.
#[derive(Debug, Parser)]
#[command(mut_arg("rpc_max_response_size", |arg| arg.default_value(LONGEST_ANSWER)))]
struct Cli {
    #[command(subcommand)]
    subcommand: Option<Subcommand>,

    /// Seal an empty block after this many seconds without one, so that time moves (--dev only).
    #[arg(long, value_name = "SECONDS", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..))]
    dev_block_seconds: u64,

    /// Keep the compiled runtime in this folder, so that the next start compiles nothing. What is in it is
    /// run: a folder that others may write to is refused.
    #[arg(long, value_name = "FOLDER")]
    runtime_cache: Option<PathBuf>,

    #[command(flatten)]
    run: sc_cli::RunCmd,
}

#[derive(Debug, clap::Subcommand)]
enum Subcommand {
    /// Make, insert and inspect keys.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),
    /// Print a chain spec.
    ExportChainSpec(sc_cli::ExportChainSpecCmd),
    /// Delete the database of a chain.
    PurgeChain(sc_cli::PurgeChainCmd),
}

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Assent node".into()
    }

    fn impl_version() -> String {
        env!("CARGO_PKG_VERSION").into()
    }

    fn description() -> String {
        env!("CARGO_PKG_DESCRIPTION").into()
    }

    fn author() -> String {
        "The Assent developers".into()
    }

    fn support_url() -> String {
        "the issue tracker of this repository".into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn executable_name() -> String {
        env!("CARGO_PKG_NAME").into()
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
        match id {
            "dev" => Ok(Box::new(service::ChainSpec::from_json_bytes(DEV_SPEC)?)),
            "" => Err("no chain named: pass --dev, or --chain <file> with a chain spec".into()),
            path => Ok(Box::new(service::ChainSpec::from_json_file(path.into())?)),
        }
    }
}

/// Parses the arguments and does what they ask for.
pub fn run() -> sc_cli::Result<()> {
    let mut cli = Cli::from_args();
    match &cli.subcommand {
        Some(Subcommand::Key(cmd)) => return cmd.run(&cli),
        Some(Subcommand::ExportChainSpec(cmd)) => {
            let spec = cli.load_spec(&cmd.chain)?;
            return cmd.run(spec);
        }
        Some(Subcommand::PurgeChain(cmd)) => {
            let runner = cli.create_runner(cmd)?;
            return runner.sync_run(|config| cmd.run(config.database));
        }
        None => {}
    }

    if !cli.run.shared_params.is_dev() {
        return Err(sc_cli::Error::Input(
            "only --dev is supported so far: this node has no consensus among several nodes yet"
                .into(),
        ));
    }
    // The indexer and auditors read the state of old blocks, so nothing is pruned unless asked for.
    let pruning = &mut cli.run.import_params.pruning_params;
    pruning.state_pruning.get_or_insert(DatabasePruningMode::Archive);
    keep_private(&mut cli.run)?;
    // A sealed block is final at once: there are no forks for the pool to follow, and the
    // fork-aware pool would add a tenth of a second to each block.
    cli.run.pool_config.pool_type = TransactionPoolType::SingleState;

    if let Some(folder) = &cli.runtime_cache {
        make_private(folder).map_err(|reason| {
            sc_cli::Error::Input(format!("--runtime-cache {}: {reason}", folder.display()))
        })?;
    }
    let runtime_cache = cli.runtime_cache.clone();
    let seal_every = std::time::Duration::from_secs(cli.dev_block_seconds);
    let runner = cli.create_runner(&cli.run)?;
    runner.run_node_until_exit(|mut config| async move {
        // A port that is taken is an error, not a reason to listen somewhere else.
        for endpoint in config.rpc.addr.iter_mut().flatten() {
            endpoint.retry_random_port = false;
        }
        let mut endpoints = config.rpc.addr.iter().flatten();
        let port = endpoints.next().map_or(config.rpc.port, |first| first.listen_addr.port());
        service::start_dev(config, seal_every, runtime_cache).map_err(|error| {
            let text = error.to_string();
            if text.contains("Address already in use") || text.contains("AddrInUse") {
                sc_cli::Error::Input(format!(
                    "JSON-RPC port {port} is taken: stop what listens there, or choose another with --rpc-port (0: any free one)"
                ))
            } else {
                error.into()
            }
        })
    })
}

/// Makes a folder for the owner alone, unless it is there; then others may not write to it.
fn make_private(folder: &Path) -> Result<(), String> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| format!("the folder cannot be made ({error})"))?;
    let metadata = folder.metadata().map_err(|error| error.to_string())?;
    if metadata.permissions().mode() & 0o022 != 0 {
        return Err("others may write to it, and what they put there would be run: \
                    take that from them (chmod go-w), or name another folder"
            .to_owned());
    }
    Ok(())
}

/// Everybody has the keys of a development chain, so nobody else gets near it unless asked for: other
/// machines reach no port of it, and web pages in a browser of this machine are turned away.
fn keep_private(run: &mut sc_cli::RunCmd) -> sc_cli::Result<()> {
    let network = &mut run.network_params;
    if network.listen_addr.is_empty() {
        let port = network.port.unwrap_or(DEFAULT_P2P_PORT);
        let loopback = format!("/ip4/127.0.0.1/tcp/{port}");
        let address = loopback.parse::<sc_service::config::Multiaddr>().map_err(|error| {
            sc_cli::Error::Input(format!("--port {port}: {loopback} cannot be read ({error})"))
        })?;
        network.listen_addr.push(address);
    }
    network.no_mdns = true;
    let rpc = &mut run.rpc_params;
    // Without a list, if only an empty one, --dev lets every page in.
    rpc.rpc_cors.get_or_insert(Cors::List(Vec::new()));
    if rpc.rpc_methods == RpcMethods::Auto {
        // By itself, the server takes whoever connects on this machine for its operator.
        rpc.rpc_methods = RpcMethods::Safe;
    }
    // The SDK's own server would say where it runs, though it is closed.
    run.shared_params.log.push("sc_rpc_server=warn".to_owned());
    Ok(())
}
