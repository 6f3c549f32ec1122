//! A development chain, whose keys everybody has, is for its own machine and its own programs alone.

use anyhow::{Context, Result, ensure};
use assent_e2e::{
    node::Node,
    process::{Process, program},
};
use nix::sys::signal::Signal;
use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs::{self, Permissions},
    io::{Read as _, Write as _},
    net::TcpStream,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::Command,
    time::Duration,
};

const PAGE: &str = "https://example.org";

/// An answer to a raw HTTP request: the head, in lower case, and the body.
struct Answer {
    head: String,
    body: String,
}

/// Sends `POST /` with a call of JSON-RPC, or whatever `first_line` says, with these headers.
fn ask(node: &Node, first_line: &str, headers: &[(&str, &str)], body: &str) -> Result<Answer> {
    let address = node.url.strip_prefix("ws://").context("a ws:// URL")?;
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut request = format!("{first_line} HTTP/1.1\r\n");
    if !body.is_empty() {
        request.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    if !headers.iter().any(|(name, _)| *name == "Host") {
        request.push_str(&format!("Host: {address}\r\n"));
    }
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{request}\r\n{body}").as_bytes())?;
    // Until the head is complete, and as much of the body as it announces.
    let (mut bytes, mut part) = (Vec::new(), [0u8; 4096]);
    loop {
        let read = stream.read(&mut part)?;
        bytes.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, rest)) = text.split_once("\r\n\r\n") {
            let head = head.to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length = length.map_or(Ok(0), str::parse::<usize>)?;
            if rest.len() >= length || read == 0 {
                return Ok(Answer { head, body: rest.to_owned() });
            }
        }
        ensure!(read > 0, "the connection ended: {text}");
    }
}

fn call(node: &Node, method: &str, origin: Option<&str>) -> Result<Answer> {
    let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":[]}}"#);
    let mut headers = vec![("Content-Type", "application/json")];
    headers.extend(origin.map(|origin| ("Origin", origin)));
    ask(node, "POST /", &headers, &body)
}

/// What a browser does before it lets a page send JSON.
fn preflight(node: &Node, origin: &str) -> Result<Answer> {
    let headers = [
        ("Origin", origin),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type"),
    ];
    ask(node, "OPTIONS /", &headers, "")
}

/// What opens a WebSocket; a browser asks nobody whether a page may.
fn upgrade(node: &Node, origin: Option<&str>) -> Result<Answer> {
    let mut headers = vec![
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    headers.extend(origin.map(|origin| ("Origin", origin)));
    ask(node, "GET /", &headers, "")
}

#[track_caller]
fn assert_status(answer: &Answer, status: &str) {
    let expected = format!("http/1.1 {status} ");
    assert!(answer.head.starts_with(&expected), "no {status}: {}\n{}", answer.head, answer.body);
}

/// The local addresses, in the kernel's hexadecimal, on which a process listens.
fn listening(process: u32) -> Result<Vec<String>> {
    let mut sockets = BTreeSet::new();
    for descriptor in fs::read_dir(format!("/proc/{process}/fd"))?.flatten() {
        // A descriptor may be closed meanwhile.
        let target = fs::read_link(descriptor.path()).unwrap_or_default();
        let target = target.to_string_lossy().into_owned();
        sockets.extend(
            target.strip_prefix("socket:[").map(|rest| rest.trim_end_matches(']').to_owned()),
        );
    }
    let mut addresses = Vec::new();
    for (table, listens) in [("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07")] {
        let path = Path::new("/proc").join(process.to_string()).join("net").join(table);
        for line in fs::read_to_string(path).unwrap_or_default().lines().skip(1) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [_, local, _, state, _, _, _, _, _, inode, ..] = fields[..] else { continue };
            if state == listens && sockets.contains(inode) {
                addresses.push(format!("{table} {local}"));
            }
        }
    }
    Ok(addresses)
}

/// Whether a call of JSON-RPC is answered at a port, given in hexadecimal.
fn answers_json_rpc(port: &str) -> Result<bool> {
    let port = u16::from_str_radix(port, 16)?;
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"system_chainType","params":[]}"#;
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    let request = format!(
        "POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut answer = Vec::new();
    // What speaks something else may say nothing, or hang up at any byte: no answer, no failure.
    let _ = stream.write_all(request.as_bytes()).and_then(|()| stream.read_to_end(&mut answer));
    Ok(String::from_utf8_lossy(&answer).contains("Development"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_development_node_listens_on_this_machine_only() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let node = Node::start(folder.path(), &[]).await?;
    let addresses = listening(node.process.id())?;
    let mut answers = 0;
    // JSON-RPC and what other nodes would speak with; IPv6 where the machine has it.
    assert!(addresses.len() >= 2, "{addresses:?}");
    for address in &addresses {
        let (_, address_and_port) = address.split_once(' ').context("table and address")?;
        let (ip, port) = address_and_port.split_once(':').context("address and port")?;
        // The kernel writes an address from its last byte on: 127.x.y.z, or ::1.
        let is_ipv4_loopback = ip.len() == 8 && ip.ends_with("7F");
        assert!(is_ipv4_loopback || ip == "00000000000000000000000001000000", "{address}");
        answers += u32::from(is_ipv4_loopback && answers_json_rpc(port)?);
    }
    // The one that is announced, and no other.
    assert_eq!(answers, 1, "{addresses:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_development_node_lets_programs_in_and_no_web_page() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let node = Node::start(folder.path(), &[]).await?;
    let own = call(&node, "system_chainType", None)?;
    assert_status(&own, "200");
    assert!(own.body.contains("Development"), "{}", own.body);
    assert_status(&upgrade(&node, None)?, "101");

    for origin in [PAGE, "http://localhost:3000", "null"] {
        assert_status(&call(&node, "system_chainType", Some(origin))?, "403");
        assert_status(&preflight(&node, origin)?, "403");
        assert_status(&upgrade(&node, Some(origin))?, "403");
    }
    // A page whose own name leads to this machine is told by the name.
    let rebound = [("Host", "example.org"), ("Content-Type", "application/json")];
    assert_status(&ask(&node, "POST /", &rebound, "{}")?, "403");
    // A second request on a connection that was let in is judged, too.
    let address = node.url.strip_prefix("ws://").context("a ws:// URL")?;
    let first = format!("GET /health HTTP/1.1\r\nHost: {address}\r\n\r\n");
    let second = format!(
        "GET /health HTTP/1.1\r\nHost: {address}\r\nOrigin: {PAGE}\r\nConnection: close\r\n\r\n"
    );
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.write_all(format!("{first}{second}").as_bytes())?;
    let mut answers = String::new();
    stream.read_to_string(&mut answers)?;
    let statuses: Vec<&str> =
        answers.split("HTTP/1.1 ").skip(1).filter_map(|answer| answer.get(..3)).collect();
    assert_eq!(statuses, ["200", "403"], "{answers}");

    let unsafe_method = call(&node, "author_rotateKeys", None)?;
    assert!(
        unsafe_method.body.contains("unsafe to be called externally"),
        "{}",
        unsafe_method.body
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_compiled_runtime_is_kept_where_nobody_else_may_write() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let cache = folder.path().join("cache");
    let option = format!("--runtime-cache={}", cache.display());
    let chain = format!("--base-path={}", folder.path().join("chain").display());
    let start = || -> Result<Process> {
        let args = ["--dev", "--rpc-port=0", "--port=0", "--no-prometheus", &chain, &option];
        let log = folder.path().join("node.log");
        Process::spawn("the node", &program("assent-node")?, &args.map(str::to_owned), &[], &log)
    };
    let mut node = start()?;
    node.wait_for_line("JSON-RPC is ready at ", Duration::from_secs(300)).await?;
    node.stop(Signal::SIGINT, Duration::from_secs(60)).await?;
    assert_eq!(fs::metadata(&cache)?.permissions().mode() & 0o777, 0o700);
    assert!(fs::read_dir(&cache)?.count() > 0, "nothing was kept");

    fs::set_permissions(&cache, Permissions::from_mode(0o777))?;
    let mut refused = start()?;
    refused.wait_for_line("--runtime-cache", Duration::from_secs(60)).await?;
    assert!(refused.output().contains("others may write to it"), "{}", refused.output());
    Ok(())
}

/// Nobody can read that in the state itself, which is what is committed.
#[test]
fn a_development_chain_begins_as_its_template_says() -> Result<()> {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../chain/specs");
    let committed: Value = serde_json::from_slice(&fs::read(specs.join("dev.json"))?)?;
    let code = committed["genesis"]["raw"]["top"]["0x3a636f6465"].as_str().context("no :code")?;
    let template = fs::read_to_string(specs.join("dev.template.json"))?;
    let folder = tempfile::tempdir()?;
    let (plain, raw) = (folder.path().join("plain.json"), folder.path().join("raw.json"));
    fs::write(&plain, template.replace(r#""code": "0x""#, &format!(r#""code": "{code}""#)))?;
    let exported = Command::new(program("assent-node")?)
        .args(["export-chain-spec", "--raw", "--chain"])
        .args([plain.as_path(), Path::new("--output"), &raw])
        .output()?;
    ensure!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    let made: Value = serde_json::from_slice(&fs::read(&raw)?)?;
    // Not with assert_eq!, which would print the code.
    assert!(made == committed, "run: make runtime");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_explicitly_is_done() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let more = ["--rpc-cors", PAGE, "--rpc-methods", "unsafe"];
    let node = Node::start(folder.path(), &more).await?;
    let page = call(&node, "system_chainType", Some(PAGE))?;
    assert_status(&page, "200");
    let allowed = format!("access-control-allow-origin: {PAGE}");
    assert!(page.head.lines().any(|line| line == allowed), "{}", page.head);
    assert_status(&preflight(&node, PAGE)?, "200");
    assert_status(&upgrade(&node, Some(PAGE))?, "101");
    let other = "https://example.com";
    assert_status(&call(&node, "system_chainType", Some(other))?, "403");
    assert_status(&upgrade(&node, Some(other))?, "403");
    let keys = call(&node, "author_rotateKeys", None)?;
    assert!(!keys.body.contains("unsafe to be called externally"), "{}", keys.body);

    let folder = tempfile::tempdir()?;
    let open = Node::start(folder.path(), &["--rpc-cors", "all"]).await?;
    assert_status(&upgrade(&open, Some(other))?, "101");
    Ok(())
}
