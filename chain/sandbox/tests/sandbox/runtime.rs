//! What the pallets demand of the runtime that they are in.

use assent_runtime::AllPalletsWithSystem;
use assent_sandbox::Sandbox;
use polkadot_sdk::frame_support::traits::IntegrityTest as _;

#[test]
fn the_runtime_passes_the_checks_of_its_pallets() {
    // How large calls may be, and that contracts cannot exhaust a node's memory: they panic.
    Sandbox::new().state(AllPalletsWithSystem::integrity_test);
}
