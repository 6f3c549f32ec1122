//! Reports on the real node: a file of several chunks is anchored, one of its chunks is proven on
//! chain, its parties sign, it is audited, corrected and revoked, all of which stays on record.

use anyhow::{Context, Result};
use assent_client::bundle::blake2_256;
use assent_e2e::{
    messages::{Hash, NewVersion, role},
    scene::{
        Scene, account, bytes32, check_provenance, column, commitment, doctor, ensure_from, hex32,
        hospital1, hospital2, patient, random, returned,
    },
    sealed::{PIECE_LEN, Sealed, open},
    stack::Stack,
    story::seal,
};
use assent_interface::reports;
use assent_merkle::{CHUNK_LEN, Sha2, challenge, chunk_proof, leaf_hash};
use parity_scale_codec::Encode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    time::Duration,
};
use subxt_signer::sr25519::Keypair;

#[tokio::test(flavor = "multi_thread")]
async fn a_report_of_many_chunks_is_proven_signed_corrected_and_revoked() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut scene = Scene::new(&stack)?;
    for (key, roles) in
        [(patient(), role::DATA_OWNER), (doctor(), role::PROVIDER), (hospital1(), role::PROVIDER)]
    {
        scene.admit(&key, roles).await?;
    }
    // Four whole chunks and a last one that is shorter.
    let scan = write(stack.folder().join("scan.bin"), 4 * PIECE_LEN + 1_000)?;
    let correction = write(stack.folder().join("correction.bin"), 2 * PIECE_LEN)?;
    let contract = scene.contract("reports")?.address;
    let domain = blake2_256(&[stack.manifest.genesis_hash.0, contract.0].concat());
    assert_eq!(scene.view::<Hash>("reports", reports::DOMAIN, ()).await?, domain);
    let (id, key, heads) = (commitment(b"series")?, random()?, vec![[0; 32]]);
    let mut series = Series { domain, id, key, heads };

    anchor(&stack, &mut scene, &mut series, &scan).await?;
    prove(&scene, &series, &scan).await?;
    sign(&stack, &mut scene, &series).await?;
    supersede(&stack, &mut scene, &mut series, &correction).await?;
    audit(&stack, &mut scene, &series, &scan).await?;
    revoke(&stack, &mut scene, &series).await
}

/// A series as its owner knows it.
struct Series {
    /// What every head begins with: BLAKE2b-256 of the genesis hash and the contract's account.
    domain: Hash,
    id: Hash,
    /// What the first version's file is encrypted with.
    key: [u8; 32],
    /// The zero hash, and the heads of the versions.
    heads: Vec<Hash>,
}

impl Series {
    fn path(&self) -> String {
        format!("/v1/reports/{}/{}", account(&patient()), hex32(self.id))
    }
}

/// A file whose pieces differ.
fn write(path: PathBuf, length: usize) -> Result<PathBuf> {
    let bytes: Vec<u8> = (0..length).map(|n| (n % 251).to_le_bytes()[0]).collect();
    std::fs::write(&path, bytes)?;
    Ok(path)
}

/// The version that follows in the series.
fn next(series: &Series, file: &Path, key: &[u8; 32]) -> Result<NewVersion> {
    let sealed = seal(file, key)?;
    Ok(NewVersion {
        series: series.id,
        sequence: u32::try_from(series.heads.len())?,
        previous: *series.heads.last().context("the zero hash")?,
        root: sealed.root,
        chunks: sealed.chunks,
        byte_length: sealed.byte_length,
        metadata: commitment(b"metadata")?,
        patient: Some(account(&patient())),
        doctor: account(&doctor()),
    })
}

/// The head, as the contract documents it.
fn head_of(series: &Series, version: &NewVersion) -> Hash {
    Sha256::digest((series.domain, account(&patient()), version).encode()).into()
}

/// Asserts that the API shows all that was anchored.
fn assert_shows(item: &Value, series: &Series, version: &NewVersion) {
    let expected = json!({
        "series": hex32(version.series),
        "sequence": version.sequence,
        "owner": account(&patient()).to_string(),
        "previous": hex32(version.previous),
        "head": hex32(head_of(series, version)),
        "root": hex32(version.root),
        "chunks": version.chunks,
        "byte_length": version.byte_length,
        "metadata": hex32(version.metadata),
        "patient": version.patient.map(|patient| patient.to_string()),
        "doctor": version.doctor.to_string(),
    });
    for (field, value) in expected.as_object().into_iter().flatten() {
        assert_eq!(&item[field], value, "{field}");
    }
}

async fn anchor(stack: &Stack, scene: &mut Scene, series: &mut Series, file: &Path) -> Result<()> {
    let owner = patient();
    let version = next(series, file, &series.key)?;
    assert_eq!(version.chunks, 5);
    for (wrong, expected) in [
        (NewVersion { sequence: 2, ..version }, "WrongSequence"),
        (NewVersion { previous: [1; 32], ..version }, "WrongPrevious"),
        (NewVersion { chunks: 0, ..version }, "InvalidChunks"),
        (NewVersion { doctor: account(&owner), ..version }, "SameParty"),
    ] {
        assert_eq!(
            scene.refusal("reports", &owner, reports::ANCHOR, (account(&owner), wrong)).await?,
            expected
        );
    }
    let refusal =
        scene.refusal("reports", &owner, reports::SUPERSEDE, (account(&owner), version)).await?;
    assert_eq!(refusal, "NothingToSupersede");

    let done = scene.call("reports", &owner, reports::ANCHOR, (account(&owner), version)).await?;
    let anchored = scene.event("reports", &done, "Anchored")?;
    assert_eq!(bytes32(&anchored["head"])?, head_of(series, &version));
    series.heads.push(head_of(series, &version));
    let shown = scene.items(stack, &series.path()).await?;
    assert_eq!(shown.len(), 1);
    assert_shows(&shown[0], series, &version);
    assert_eq!(shown[0]["status"], json!("valid"));
    ensure_from(&shown[0], &done)?;

    // Whoever copies it has a series of his own with it, and nobody's signature.
    let follows = next(series, file, &series.key)?;
    let refusal = scene
        .refusal("reports", &hospital1(), reports::ANCHOR, (account(&hospital1()), follows))
        .await?;
    assert_eq!(refusal, "WrongSequence");
    scene.call("reports", &hospital1(), reports::ANCHOR, (account(&hospital1()), version)).await?;
    let copied = (account(&owner), account(&hospital1()), series.id, 1u32, series.heads[1]);
    let refusal = scene.refusal("reports", &owner, reports::COUNTERSIGN, copied).await?;
    assert_eq!(refusal, "UnknownVersion");
    // It says whom it is about: he sees the claims, and signs or does not.
    let of = account(&owner);
    assert_eq!(scene.items(stack, &format!("/v1/reports?patient={of}")).await?, [0; 0]);
    let claims = scene.items(stack, &format!("/v1/reports?claimed_patient={of}")).await?;
    assert_eq!(claims.len(), 2);
    Ok(())
}

/// Whoever is given one chunk and its proof needs nothing else of the file.
async fn prove(scene: &Scene, series: &Series, file: &Path) -> Result<()> {
    const INDEX: u64 = 2;
    let sealed = || anyhow::Ok(Sealed::new(File::open(file)?, &series.key)?);
    let proven = chunk_proof(sealed()?, CHUNK_LEN, INDEX)?.context("the file has the chunk")?;
    let mut chunk = vec![0; CHUNK_LEN];
    let mut reader = sealed()?;
    for _ in 0..=INDEX {
        reader.read_exact(&mut chunk)?;
    }
    assert_eq!(leaf_hash::<Sha2>(&chunk), proven.leaf);

    let verify = async |index: u64, leaf: Hash, proof: Vec<Hash>| {
        let args = (account(&patient()), series.id, 1u32, index, leaf, proof);
        scene.view::<bool>("reports", reports::VERIFY_CHUNK, args).await
    };
    let (leaf, proof) = (proven.leaf, proven.proof);
    assert!(verify(INDEX, leaf, proof.clone()).await?);
    assert!(!verify(INDEX + 1, leaf, proof.clone()).await?, "another place");
    assert!(!verify(INDEX, [1; 32], proof.clone()).await?, "another chunk");
    assert!(!verify(INDEX, leaf, proof[1..].to_vec()).await?, "a proof that is too short");
    assert!(!verify(INDEX, leaf, vec![[0; 32]; 65]).await?, "a proof longer than any");

    let piece = open(&series.key, INDEX, false, &chunk).context("the chunk opens")?;
    let start = usize::try_from(INDEX)? * PIECE_LEN;
    assert_eq!(piece, std::fs::read(file)?[start..start + PIECE_LEN]);
    Ok(())
}

async fn sign(stack: &Stack, scene: &mut Scene, series: &Series) -> Result<()> {
    let head = series.heads[1];
    let first = (account(&patient()), series.id, 1u32, head);
    let by = |signer: &Keypair| (account(signer), first);
    let stranger = by(&hospital1());
    let refusal = scene.refusal("reports", &hospital1(), reports::COUNTERSIGN, stranger).await?;
    assert_eq!(refusal, "NotParty");
    let other = (account(&doctor()), account(&patient()), series.id, 1u32, [1u8; 32]);
    let refusal = scene.refusal("reports", &doctor(), reports::COUNTERSIGN, other).await?;
    assert_eq!(refusal, "UnknownVersion", "nobody signs for what he has not seen");

    let done = scene.call("reports", &doctor(), reports::COUNTERSIGN, by(&doctor())).await?;
    let signed = scene.event("reports", &done, "Countersigned")?;
    assert_eq!(signed["party"], json!("Doctor"));
    let shown = scene.items(stack, &series.path()).await?;
    assert!(shown[0]["doctor_signed_at_ms"].is_u64(), "{shown:?}");
    assert_eq!(shown[0]["patient_signed_at_ms"], json!(null));
    ensure_from(&shown[0], &done)?;

    let own = by(&patient());
    let done = scene.call("reports", &patient(), reports::COUNTERSIGN, own).await?;
    let refusal = scene.refusal("reports", &patient(), reports::COUNTERSIGN, own).await?;
    assert_eq!(refusal, "AlreadySigned");
    let shown = scene.items(stack, &series.path()).await?;
    assert!(shown[0]["patient_signed_at_ms"].is_u64(), "{shown:?}");
    ensure_from(&shown[0], &done)
}

async fn supersede(
    stack: &Stack,
    scene: &mut Scene,
    series: &mut Series,
    file: &Path,
) -> Result<()> {
    let version = next(series, file, &random()?)?;
    assert_eq!(version.chunks, 2);
    let done = scene
        .call("reports", &patient(), reports::SUPERSEDE, (account(&patient()), version))
        .await?;
    series.heads.push(head_of(series, &version));
    let shown = scene.items(stack, &series.path()).await?;
    assert_eq!(column(&shown, "status"), [json!("superseded"), json!("valid")]);
    assert_eq!(column(&shown, "superseded_by"), [json!(2), json!(null)]);
    assert_shows(&shown[1], series, &version);
    assert_eq!(shown[1]["doctor_signed_at_ms"], json!(null), "signatures are for one version");
    for changed in &shown {
        ensure_from(changed, &done)?;
    }

    let linked = async |sequence: u32, previous: Hash, head: Hash| {
        let args = (account(&patient()), series.id, sequence, previous, head);
        scene.view::<bool>("reports", reports::VERIFY_LINK, args).await
    };
    let heads = &series.heads;
    assert!(linked(1, heads[0], heads[1]).await?);
    assert!(linked(2, heads[1], heads[2]).await?);
    assert!(!linked(2, heads[0], heads[2]).await?);
    assert!(!linked(3, heads[2], heads[2]).await?);
    Ok(())
}

/// An auditor has chunks shown to him that nobody could foresee, and puts on record that they were there.
async fn audit(stack: &Stack, scene: &mut Scene, series: &Series, file: &Path) -> Result<()> {
    const ASKED: u32 = 3;
    let auditor = hospital2();
    scene.admit(&auditor, role::AUDITOR).await?;
    let nonce = random()?;
    let committed: Hash = Sha256::digest(nonce).into();
    let of = (account(&patient()), series.id, 1u32, committed);
    let refusal = scene.refusal("reports", &doctor(), reports::OPEN_AUDIT, of).await?;
    assert_eq!(refusal, "NotAuditor");
    let opened = scene.call("reports", &auditor, reports::OPEN_AUDIT, of).await?;
    let number: u64 = returned(&opened)?;
    let shown = scene.api(stack, &format!("/v1/audits/{number}")).await?;
    assert_eq!(shown["status"], json!("open"), "{shown}");
    ensure_from(&shown, &opened)?;

    // The block whose hash decides comes after the commitment.
    let block = opened.block_number + 1;
    while stack.chain.finalized().await?.0 <= block {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let hash: Hash = stack.chain.at_number(block).await?.block_hash().0;
    let sealed = || anyhow::Ok(Sealed::new(File::open(file)?, &series.key)?);
    let mut evidence = Sha256::new();
    for index in challenge::<Sha2>(&nonce, &hash, 5, ASKED) {
        let proven = chunk_proof(sealed()?, CHUNK_LEN, index)?.context("the chunk is there")?;
        evidence.update((index, proven.leaf, &proven.proof).encode());
        let args = (account(&patient()), series.id, 1u32, index, proven.leaf, proven.proof);
        assert!(scene.view::<bool>("reports", reports::VERIFY_CHUNK, args).await?);
    }
    let evidence: Hash = evidence.finalize().into();
    let wrong = (number, [9u8; 32], hash, true, evidence);
    let refusal = scene.refusal("reports", &auditor, reports::RECORD_AUDIT, wrong).await?;
    assert_eq!(refusal, "WrongNonce");
    let record = (number, nonce, hash, true, evidence);
    let recorded = scene.call("reports", &auditor, reports::RECORD_AUDIT, record).await?;
    let shown = scene.listed(stack, &format!("/v1/audits/{number}")).await?;
    let (status, matches) = (&shown["status"], &shown["block_hash_matches"]);
    assert_eq!((status, matches), (&json!("passed"), &json!(true)));
    assert_eq!(shown["evidence"], json!(hex32(evidence)));
    ensure_from(&shown, &recorded)?;
    let of_series = format!("/v1/audits?owner={}", account(&patient()));
    assert_eq!(scene.items(stack, &of_series).await?, [shown]);
    Ok(())
}

async fn revoke(stack: &Stack, scene: &mut Scene, series: &Series) -> Result<()> {
    let reason = commitment(b"the wrong patient")?;
    let second = (account(&patient()), series.id, 2u32, reason);
    let refusal = scene.refusal("reports", &doctor(), reports::REVOKE, second).await?;
    assert_eq!(refusal, "NotAuthorized", "it is the patient's series");
    let done = scene.call("reports", &patient(), reports::REVOKE, second).await?;
    let refusal = scene.refusal("reports", &patient(), reports::REVOKE, second).await?;
    assert_eq!(refusal, "AlreadyRevoked");
    let signature = (account(&doctor()), account(&patient()), series.id, 2u32, series.heads[2]);
    let refusal = scene.refusal("reports", &doctor(), reports::COUNTERSIGN, signature).await?;
    assert_eq!(refusal, "AlreadyRevoked");

    // It stays on record, and so does what it corrected.
    let owner = account(&patient());
    let history = scene.api(stack, &series.path()).await?;
    let shown = scene.items(stack, &format!("/v1/reports?owner={owner}")).await?;
    assert_eq!(history["items"], json!(shown));
    // The patient signed for the first one only, which is his thereby.
    let signed = scene.items(stack, &format!("/v1/reports?patient={owner}")).await?;
    assert_eq!(signed, shown[..1]);
    assert_eq!(column(&shown, "status"), [json!("superseded"), json!("revoked")]);
    assert_eq!(shown[1]["revocation_reason"], json!(hex32(reason)));
    ensure_from(&shown[1], &done)?;
    assert_eq!(check_provenance(stack, &history).await?, 2);
    let revoked = scene.items(stack, &format!("/v1/reports?owner={owner}&status=revoked")).await?;
    assert_eq!(column(&revoked, "sequence"), [json!(2)]);
    let status = stack.ok("/v1/status").await?;
    assert_eq!(status["undecoded"], json!(0), "{status}");
    Ok(())
}
