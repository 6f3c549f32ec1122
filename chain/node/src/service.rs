//! Puts the parts of the node together.

use crate::{
    dev_seal, rpc,
    runtime_api::{AccountId, Block, Nonce, RuntimeApi},
};
use futures::FutureExt;
use polkadot_sdk::*;
use sc_executor::{DEFAULT_HEAP_ALLOC_STRATEGY, HeapAllocStrategy, WasmExecutor};
use sc_network::Litep2pNetworkBackend;
use sc_service::{
    BuildNetworkParams, Configuration, SpawnTasksParams, TFullBackend, TFullClient, TaskManager,
    config::ExecutorConfiguration, error::Error as ServiceError,
};
use sp_runtime::traits::Block as BlockT;
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};
use substrate_frame_rpc_system::{System, SystemApiServer};

/// Chain specs have no extensions.
pub type ChainSpec = sc_service::GenericChainSpec;

type Executor = WasmExecutor<sp_io::SubstrateHostFunctions>;
type Client = TFullClient<Block, RuntimeApi, Executor>;
type Network = Litep2pNetworkBackend;

/// What runs the runtime; compiled ones are kept in `runtime_cache`, if there is one.
fn executor(config: &ExecutorConfiguration, runtime_cache: Option<PathBuf>) -> Executor {
    let heap = config.default_heap_pages.map_or(DEFAULT_HEAP_ALLOC_STRATEGY, |pages| {
        HeapAllocStrategy::Static { extra_pages: u32::try_from(pages).unwrap_or(u32::MAX) }
    });
    let builder = Executor::builder()
        .with_execution_method(config.wasm_method)
        .with_onchain_heap_alloc_strategy(heap)
        .with_offchain_heap_alloc_strategy(heap)
        .with_max_runtime_instances(config.max_runtime_instances)
        .with_runtime_cache_size(config.runtime_cache_size);
    match runtime_cache {
        Some(folder) => builder.with_cache_path(folder).build(),
        None => builder.build(),
    }
}

/// Starts a private chain that seals a block at every transaction and an empty one after `idle`.
///
/// # Errors
/// When the database cannot be opened, a port is taken, or the chain spec's runtime does not run.
pub fn start_dev(
    mut config: Configuration,
    idle: Duration,
    runtime_cache: Option<PathBuf>,
) -> Result<TaskManager, ServiceError> {
    // Taken first: a port that is not to be had ends the start before anything is opened.
    let asked_for = config.rpc.addr.take().unwrap_or_default();
    config.rpc.addr = Some(asked_for.first().map(rpc::closed).into_iter().collect());
    let endpoints = rpc::listen(asked_for)?;
    let executor = executor(&config.executor, runtime_cache);
    let (client, backend, keystore, mut task_manager) =
        sc_service::new_full_parts::<Block, RuntimeApi, Executor>(&config, None, executor, vec![])?;
    let client: Arc<Client> = Arc::new(client);
    let backend: Arc<TFullBackend<Block>> = backend;
    let select_chain = sc_consensus::LongestChain::new(backend.clone());

    let pool = Arc::new(
        sc_transaction_pool::Builder::new(
            task_manager.spawn_essential_handle(),
            client.clone(),
            config.role.is_authority().into(),
        )
        .with_options(config.transaction_pool.clone())
        .with_prometheus(config.prometheus_registry())
        .build(),
    );
    let import_queue = sc_consensus_manual_seal::import_queue(
        Box::new(client.clone()),
        &task_manager.spawn_essential_handle(),
        config.prometheus_registry(),
    );

    let net_config = sc_network::config::FullNetworkConfiguration::<
        Block,
        <Block as BlockT>::Hash,
        Network,
    >::new(&config.network, config.prometheus_registry().cloned());
    let metrics = <Network as sc_network::NetworkBackend<Block, <Block as BlockT>::Hash>>::register_notification_metrics(
        config.prometheus_registry(),
    );
    let (network, system_rpc_tx, tx_handler_controller, sync_service, _bitswap) =
        sc_service::build_network(BuildNetworkParams {
            config: &config,
            net_config,
            client: client.clone(),
            transaction_pool: pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: None,
            block_relay: None,
            metrics,
            gap_sync_body_policy: None,
        })?;

    let proposer = sc_basic_authorship::ProposerFactory::new(
        task_manager.spawn_handle(),
        client.clone(),
        pool.clone(),
        config.prometheus_registry(),
        None,
    );
    let rpc_builder = {
        let (client, pool) = (client.clone(), pool.clone());
        Box::new(move |_| {
            let mut module = jsonrpsee::RpcModule::new(());
            let system = System::new(client.clone(), pool.clone());
            module
                .merge(SystemApiServer::<<Block as BlockT>::Hash, AccountId, Nonce>::into_rpc(
                    system,
                ))
                .map_err(|error| ServiceError::Application(Box::new(error)))?;
            Ok(module)
        })
    };
    let handlers = sc_service::spawn_tasks(SpawnTasksParams {
        config,
        client: client.clone(),
        backend,
        task_manager: &mut task_manager,
        keystore: keystore.keystore(),
        transaction_pool: pool.clone(),
        rpc_builder,
        network,
        system_rpc_tx,
        tx_handler_controller,
        sync_service,
        telemetry: None,
        tracing_execute_block: None,
    })?;

    let sealing =
        sc_consensus_manual_seal::run_manual_seal(sc_consensus_manual_seal::ManualSealParams {
            block_import: client.clone(),
            env: proposer,
            client,
            pool: pool.clone(),
            commands_stream: Box::pin(dev_seal::commands(pool, idle)),
            select_chain,
            consensus_data_provider: None,
            create_inherent_data_providers: |_, ()| async {
                Ok(sp_timestamp::InherentDataProvider::from_system_time())
            },
        });
    task_manager.spawn_essential_handle().spawn_blocking(
        "dev-seal",
        Some("block-authoring"),
        sealing.boxed(),
    );

    let methods = rpc::methods(&handlers)?;
    let addresses: Vec<_> = endpoints.iter().map(|endpoint| endpoint.address).collect();
    for endpoint in endpoints {
        task_manager.keep_alive(endpoint.serve(methods.clone())?);
    }
    if let Some(address) = addresses.into_iter().find(SocketAddr::is_ipv4) {
        announce(address);
    }
    Ok(task_manager)
}

/// Prints the one line that scripts wait for: from here on requests are answered.
fn announce(address: SocketAddr) {
    let ip = if address.ip().is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { address.ip() };
    println!("JSON-RPC is ready at ws://{}", SocketAddr::new(ip, address.port()));
}
