//! Stands before the JSON-RPC server and turns web pages away.
//!
//! The server itself only tells a browser not to show its answers to a page, and for a WebSocket a
//! browser does not even ask: any page could open one to this machine and sign as //Alice. Whatever
//! comes from a page has the header `Origin`, which a page cannot leave out; programs do not send it.
//! So the first lines of a request are read here, and passed on only when they have no origin, or an
//! allowed one.
//!
//! The server listens behind, at [`BEHIND`], where it answers to no browser: its own check of `Host`
//! knows it as localhost, 127.0.0.1 and [::1] only, and a page would have to name that address.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::TcpStream,
    time::timeout,
};

/// Where a server behind a gate listens.
pub const BEHIND: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
/// The first lines of a request are no longer.
const HEAD_LIMIT: usize = 16 * 1024;
/// How long they may take.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long to wait when the system takes no more connections.
const BACK_OFF: Duration = Duration::from_millis(100);

/// An address that is listened on, and whom it lets in.
pub struct Gate {
    listener: TcpListener,
    address: SocketAddr,
    rules: Rules,
}

/// Whom a gate lets in.
struct Rules {
    /// Origins of the pages that may ask.
    origins: Vec<String>,
    /// By which names the server may be called: a page cannot reach it by a name of its own that leads
    /// to this machine.
    hosts: [String; 3],
}

/// Why a request is refused: the status line and what it says.
#[derive(Debug, PartialEq, Eq)]
struct Refusal(&'static str, &'static str);

const MALFORMED: Refusal = Refusal("400 Bad Request", "not a request of HTTP/1.1");
const NO_PAGES: Refusal = Refusal(
    "403 Forbidden",
    "this node answers no web pages of this origin; allow it with --rpc-cors",
);
const OTHER_HOST: Refusal = Refusal(
    "403 Forbidden",
    "this node answers to localhost, 127.0.0.1 and [::1] only; --rpc-cors all lets everybody in",
);

impl Gate {
    /// Takes an address; pages of these origins are let in, and everything that is no page.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub fn new(address: SocketAddr, origins: Vec<String>) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let hosts = ["localhost", "127.0.0.1", "[::1]"];
        let hosts = hosts.map(|host| format!("{host}:{}", address.port()));
        Ok(Self { listener, address, rules: Rules { origins, hosts } })
    }

    /// Where it listens, with the actual port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Passes on to the server at `server` whoever is let in, for as long as it is polled.
    pub async fn open(self, server: SocketAddr) {
        let listener = match tokio::net::TcpListener::from_std(self.listener) {
            Ok(listener) => listener,
            Err(error) => {
                eprintln!("JSON-RPC at {} ends: {error}", self.address);
                return;
            }
        };
        let rules = Arc::new(self.rules);
        loop {
            match listener.accept().await {
                Ok((client, _)) => {
                    let rules = rules.clone();
                    // Either side may leave at any moment: that is no error of the node.
                    tokio::spawn(async move { pass(client, server, &rules).await.ok() });
                }
                // Too many open files, or a client that was gone at once.
                Err(_) => tokio::time::sleep(BACK_OFF).await,
            }
        }
    }
}

/// Reads a client's first lines, and passes everything on or refuses.
async fn pass(mut client: TcpStream, server: SocketAddr, rules: &Rules) -> io::Result<()> {
    let (head, rest) = timeout(HEAD_TIMEOUT, read_head(&mut client)).await??;
    match judge(&head, rules, server) {
        Ok(head) => {
            let mut server = TcpStream::connect(server).await?;
            // Small requests and answers go at once, not with the next acknowledgement.
            client.set_nodelay(true)?;
            server.set_nodelay(true)?;
            server.write_all(&[head.as_bytes(), &rest].concat()).await?;
            copy_bidirectional(&mut client, &mut server).await?;
        }
        Err(Refusal(status, reason)) => {
            let length = reason.len();
            let answer = format!(
                "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\
                 Connection: close\r\n\r\n{reason}"
            );
            client.write_all(answer.as_bytes()).await?;
            client.shutdown().await?;
        }
    }
    Ok(())
}

/// The first lines, with the empty one at their end, and what was read beyond them.
async fn read_head(client: &mut TcpStream) -> io::Result<(String, Vec<u8>)> {
    const END: &[u8] = b"\r\n\r\n";
    let mut bytes = Vec::new();
    loop {
        if let Some(at) = bytes.windows(END.len()).position(|window| window == END) {
            let rest = bytes.split_off(at + END.len());
            // What is not text has no origin that could be allowed; it is refused as malformed.
            return Ok((String::from_utf8(bytes).unwrap_or_default(), rest));
        }
        if bytes.len() > HEAD_LIMIT || client.read_buf(&mut bytes).await? == 0 {
            return Ok((String::new(), Vec::new()));
        }
    }
}

/// The first lines as the server gets them: it knows itself by another port, and a connection is for
/// one request, so that none comes past this. Only a WebSocket goes on.
fn judge(head: &str, rules: &Rules, server: SocketAddr) -> Result<String, Refusal> {
    let mut lines = head.strip_suffix("\r\n\r\n").ok_or(MALFORMED)?.split("\r\n");
    let first = lines.next().unwrap_or_default();
    // The server would take a line break that is only a half for one, and two of a header.
    if head.replace("\r\n", "").contains(['\r', '\n', '\0']) || !first.ends_with(" HTTP/1.1") {
        return Err(MALFORMED);
    }
    let mut passed = format!("{first}\r\nHost: 127.0.0.1:{}\r\n", server.port());
    let (mut host, mut upgrade, mut connection) = (None, false, None);
    for line in lines {
        let (name, value) = line.split_once(':').ok_or(MALFORMED)?;
        let value = value.trim();
        if name.is_empty() || name.contains([' ', '\t']) {
            return Err(MALFORMED);
        }
        match name.to_ascii_lowercase().as_str() {
            "host" if host.is_none() => host = Some(value),
            "host" => return Err(MALFORMED),
            "connection" => connection = Some(value),
            "origin" if !rules.origins.iter().any(|allowed| allowed == value) => {
                return Err(NO_PAGES);
            }
            other => {
                upgrade |= other == "upgrade" && value.eq_ignore_ascii_case("websocket");
                passed.push_str(line);
                passed.push_str("\r\n");
            }
        }
    }
    let host = host.ok_or(MALFORMED)?;
    if !rules.hosts.iter().any(|known| known.eq_ignore_ascii_case(host)) {
        return Err(OTHER_HOST);
    }
    let connection = connection.filter(|_| upgrade).unwrap_or("close");
    passed.push_str(&format!("Connection: {connection}\r\n\r\n"));
    Ok(passed)
}
