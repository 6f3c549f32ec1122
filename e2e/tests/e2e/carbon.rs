//! Carbon units on the real node: classes, projects and batches with serial numbers of their own;
//! units that are split, moved, and used for good; accounts that are frozen; a pause. What the
//! contract says is what the API shows at every step.

use anyhow::Result;
use assent_e2e::{
    messages::role,
    native::endow,
    scene::{Scene, account, doctor, emitter, hospital1, newcomers, registry},
    stack::Stack,
};
use serde_json::{Value, json};
use subxt_signer::sr25519::Keypair;

mod issuing;
mod stops;
mod units;

#[tokio::test(flavor = "multi_thread")]
async fn units_are_issued_split_moved_and_used_for_good() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut scene = Scene::new(&stack)?;
    endow(&stack, &newcomers()).await?;
    for key in [registry(), emitter(), hospital1(), doctor()] {
        scene.admit(&key, role::TRADER).await?;
    }
    let project = issuing::project(&stack, &mut scene).await?;
    let batches = issuing::batches(&stack, &mut scene, project).await?;
    units::split_and_redeem(&stack, &mut scene, batches[0]).await?;
    units::together(&stack, &mut scene, batches).await?;
    units::operator(&stack, &mut scene, batches[0]).await?;
    stops::freeze(&stack, &mut scene, batches[0]).await?;
    stops::suspend(&stack, &mut scene, batches[0]).await?;
    stops::pause(&stack, &mut scene, batches[0]).await
}

fn address(of: &Keypair) -> Value {
    json!(account(of).to_string())
}
