use serde_json::{Value, json};

use super::*;

const NOW: i64 = 1_795_867_200_000;
const LIFETIME: Duration = Duration::from_secs(300);

fn now() -> Moment {
    Moment::from_ms(NOW).unwrap()
}

fn access() -> Access {
    Access { account: Account([7; 32]), session: SessionId([9; 16]) }
}

fn key(first: u8) -> SigningKey {
    let mut seed = [3; 32];
    seed[0] = first;
    SigningKey::of(&seed)
}

fn issuer_with(key: SigningKey, others: &[PublicKey]) -> Issuer {
    Issuer::new("https://consent.example/", "assent", LIFETIME, key, others)
}

fn issuer() -> Issuer {
    issuer_with(key(1), &[])
}

fn issued() -> String {
    issuer().issue(access(), now()).unwrap().0.expose_secret().to_owned()
}

fn verify(token: &str) -> Result<Access, TokenError> {
    issuer().verifier().verify(&token.into(), now())
}

/// base64url without padding, as RFC 4648 has it.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut word = [0; 3];
        word[..chunk.len()].copy_from_slice(chunk);
        let word = u32::from_be_bytes([0, word[0], word[1], word[2]]);
        for digit in 0..=chunk.len() {
            text.push(char::from(DIGITS[(word >> (18 - 6 * digit) & 63) as usize]));
        }
    }
    text
}

fn header() -> Value {
    json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": key(1).public().id() })
}

fn claims() -> Value {
    json!({
        "iss": "https://consent.example/",
        "aud": "assent",
        "sub": access().account,
        "sid": access().session,
        "iat": NOW / 1_000,
        "exp": NOW / 1_000 + 300,
    })
}

fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| base64(&serde_json::to_vec(value).unwrap());
    format!("{}.{}", part(header), part(claims))
}

/// Signed by hand, by the key that is trusted.
fn signed(header: &Value, claims: &Value) -> String {
    let body = unsigned(header, claims);
    let mut seed = [3; 32];
    seed[0] = 1;
    let signature = ed25519_zebra::SigningKey::from(seed).sign(body.as_bytes());
    format!("{body}.{}", base64(&<[u8; 64]>::from(signature)))
}

#[test]
fn a_token_says_who_signed_in_until_it_expires() {
    let (token, end) = issuer().issue(access(), now()).unwrap();
    assert_eq!(end, now().after(LIFETIME));
    let verify = |at| issuer().verifier().verify(&token, at);
    assert_eq!(verify(now()), Ok(access()));
    assert_eq!(verify(end.before(Duration::from_millis(1))), Ok(access()));
    assert_eq!(verify(end), Err(TokenError::Expired));
    assert_eq!(verify(end.after(LIFETIME)), Err(TokenError::Expired));
    assert_eq!(self::verify(&signed(&header(), &claims())), Ok(access()), "a token by hand");
}

#[test]
fn a_key_is_changed_without_a_token_being_lost() {
    let old = issuer_with(key(1), &[key(2).public()]);
    let new = issuer_with(key(2), &[key(1).public()]);
    for (made_by, read_by) in [(&old, &new), (&new, &old)] {
        let (token, _) = made_by.issue(access(), now()).unwrap();
        assert_eq!(read_by.verifier().verify(&token, now()), Ok(access()));
    }
    let later = issuer_with(key(2), &[]);
    let (token, _) = old.issue(access(), now()).unwrap();
    assert_eq!(later.verifier().verify(&token, now()), Err(TokenError::Invalid));
    let reader = Verifier::new("https://consent.example/", "assent", &[key(1).public()]);
    assert_eq!(reader.verify(&token, now()), Ok(access()), "a service without signing keys");
}

#[test]
fn a_token_of_another_issuer_audience_or_kind_is_refused() {
    for (name, value) in [
        ("iss", json!("https://evil.example/")),
        ("aud", json!("others")),
        ("aud", json!(["others"])),
        ("sub", json!("5Grw")),
        ("sub", Value::Null),
        ("sid", json!("00")),
        ("exp", json!("9999999999")),
        ("exp", Value::Null),
        ("exp", json!(1e300)),
    ] {
        let mut claims = claims();
        claims[name] = value.clone();
        assert_eq!(verify(&signed(&header(), &claims)), Err(TokenError::Invalid), "{name} {value}");
    }
    for name in ["iss", "aud", "sub", "sid", "exp"] {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(name);
        assert_eq!(verify(&signed(&header(), &claims)), Err(TokenError::Invalid), "no {name}");
    }
    for (name, value) in [
        ("typ", json!("JWT")),
        ("typ", Value::Null),
        ("kid", json!("0000000000000000")),
        ("kid", json!("../../key")),
        ("kid", Value::Null),
        ("crit", json!(["exp"])),
    ] {
        let mut header = header();
        header[name] = value.clone();
        assert_eq!(verify(&signed(&header, &claims())), Err(TokenError::Invalid), "{name} {value}");
    }
}

#[test]
fn no_other_algorithm_is_taken() {
    let public = key(1).public().0;
    let hmac = |key: &[u8], message: &str| {
        // HMAC-SHA256 (RFC 2104) with a key of up to 64 bytes.
        let mut block = [0; 64];
        block[..key.len()].copy_from_slice(key);
        let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message);
        let outer = Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c));
        outer.chain_update(inner.finalize()).finalize()
    };
    for algorithm in ["HS256", "hs256", "none", "None", "ES256", "RS256", "PS256", "HS512", "eddsa"]
    {
        let mut header = header();
        header["alg"] = json!(algorithm);
        let body = unsigned(&header, &claims());
        // The public key as the secret of a keyed hash; no signature; the right key under another name.
        let confused = format!("{body}.{}", base64(&hmac(&public, &body)));
        let hexadecimal =
            format!("{body}.{}", base64(&hmac(hex::encode(public).as_bytes(), &body)));
        for token in [confused, hexadecimal, format!("{body}."), body, signed(&header, &claims())] {
            assert_eq!(verify(&token), Err(TokenError::Invalid), "{algorithm}: {token}");
        }
    }
    // A key that the token itself brings along is no key.
    let mut header = header();
    header["jwk"] = json!({ "kty": "OKP", "crv": "Ed25519", "x": base64(&key(2).public().0) });
    let body = unsigned(&header, &claims());
    let mut seed = [3; 32];
    seed[0] = 2;
    let own = ed25519_zebra::SigningKey::from(seed).sign(body.as_bytes());
    let token = format!("{body}.{}", base64(&<[u8; 64]>::from(own)));
    assert_eq!(verify(&token), Err(TokenError::Invalid));
}

#[test]
fn no_byte_of_a_token_can_be_changed() {
    let token = issued();
    assert_eq!(verify(&token), Ok(access()));
    for position in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert_eq!(verify(&changed), Err(TokenError::Invalid), "{position}: {changed}");
    }
    for other in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        format!("{token}."),
        format!("{token}A"),
        format!(" {token}"),
        format!("{token}="),
        token.replacen('.', "", 1),
        token[1..].to_owned(),
        "A".repeat(100_000),
    ] {
        assert_eq!(verify(&other), Err(TokenError::Invalid), "{other}");
    }
}

#[test]
fn a_signing_key_is_read_and_never_shown() {
    let digits = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    let key = SigningKey::read(&format!(" {digits}\n").into()).unwrap();
    // RFC 8032, test 1.
    let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    assert_eq!(hex::encode(key.public().0), public);
    assert!(!format!("{key:?}{:?}", issuer_with(key.clone(), &[])).contains(&digits[..8]));
    for wrong in ["", "secret", &digits[1..], &"0".repeat(64), &"ab".repeat(32)] {
        let error = SigningKey::read(&wrong.into()).unwrap_err().to_string();
        assert!(error.contains("openssl rand -hex 32"), "{error}");
        assert!(wrong.is_empty() || !error.contains(wrong), "{error}");
    }
    assert_ne!(SigningKey::generate().unwrap().public(), SigningKey::generate().unwrap().public());
}
