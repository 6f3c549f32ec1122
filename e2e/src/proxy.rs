//! A TCP proxy that stands before a server and can be cut: what its client sees of a network that fails.

use anyhow::Result;
use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// Hands connections of the loopback interface on to a server; gone on drop, with all connections.
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

struct Shared {
    target: Mutex<SocketAddr>,
    /// Whether new connections are taken.
    open: AtomicBool,
    /// How often it was cut.
    cuts: watch::Sender<u64>,
    /// How many connections it carries.
    live: AtomicUsize,
}

impl Proxy {
    /// A proxy on a free port, before the server at this port of the loopback interface.
    pub async fn before(target: u16) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared {
            target: Mutex::new(local(target)),
            open: AtomicBool::new(true),
            cuts: watch::Sender::new(0),
            live: AtomicUsize::new(0),
        });
        let accepting = tokio::spawn(accept(listener, shared.clone()));
        Ok(Self { port, shared, accepting })
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// New connections go to this port from now on.
    pub fn lead_to(&self, target: u16) {
        *self.shared.target.lock().unwrap_or_else(PoisonError::into_inner) = local(target);
    }

    /// How many connections it carries.
    pub fn connections(&self) -> usize {
        self.shared.live.load(Ordering::SeqCst)
    }

    /// Whether it carries any.
    pub fn is_in_use(&self) -> bool {
        self.connections() > 0
    }

    /// Breaks every connection, wherever it is in what it carries, and takes no new one until
    /// [`Self::mend`]. Says how many broke.
    pub fn cut(&self) -> usize {
        self.shared.open.store(false, Ordering::SeqCst);
        let broken = self.connections();
        self.shared.cuts.send_modify(|cuts| *cuts += 1);
        broken
    }

    /// Takes connections again.
    pub fn mend(&self) {
        self.shared.open.store(true, Ordering::SeqCst);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut();
    }
}

fn local(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        // What cannot be accepted was gone before it came here.
        if let Ok((client, _)) = listener.accept().await {
            let shared = shared.clone();
            tokio::spawn(async move { carry(client, &shared).await });
        }
    }
}

/// Carries a connection until one end closes it or the proxy is cut. Dropping the sockets breaks it.
async fn carry(mut client: TcpStream, shared: &Shared) {
    let mut cuts = shared.cuts.subscribe();
    // Asked after the subscription: no cut passes between the two.
    if !shared.open.load(Ordering::SeqCst) {
        return;
    }
    let target = *shared.target.lock().unwrap_or_else(PoisonError::into_inner);
    let Ok(mut server) = TcpStream::connect(target).await else { return };
    // Without it each small message waits for the acknowledgement of the one before.
    for socket in [&client, &server] {
        socket.set_nodelay(true).ok();
    }
    shared.live.fetch_add(1, Ordering::SeqCst);
    tokio::select! {
        // How it ended does not matter: its client and its server see it.
        _ = copy_bidirectional(&mut client, &mut server) => {}
        _ = cuts.changed() => {}
    }
    shared.live.fetch_sub(1, Ordering::SeqCst);
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    /// A server that says again what it hears, first its own letter.
    async fn echo(letter: u8) -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            loop {
                let (mut socket, _) = listener.accept().await.unwrap();
                tokio::spawn(async move {
                    socket.write_all(&[letter]).await.unwrap();
                    let (mut read, mut write) = socket.split();
                    tokio::io::copy(&mut read, &mut write).await.ok();
                });
            }
        });
        port
    }

    async fn ask(socket: &mut TcpStream) -> std::io::Result<u8> {
        socket.write_all(b"?").await?;
        socket.read_u8().await
    }

    #[tokio::test]
    async fn it_carries_until_it_is_cut_and_again_once_it_is_mended_to_wherever_it_leads() {
        let proxy = Proxy::before(echo(b'a').await).await.unwrap();
        let connect = || TcpStream::connect((Ipv4Addr::LOCALHOST, proxy.port()));
        let mut socket = connect().await.unwrap();
        assert_eq!(socket.read_u8().await.unwrap(), b'a');
        assert_eq!(ask(&mut socket).await.unwrap(), b'?');
        assert_eq!(proxy.connections(), 1);

        assert_eq!(proxy.cut(), 1);
        assert!(ask(&mut socket).await.is_err(), "the connection broke");
        let mut refused = connect().await.unwrap();
        assert!(refused.read_u8().await.is_err(), "no new one is carried");
        assert_eq!(proxy.connections(), 0);

        proxy.lead_to(echo(b'b').await);
        proxy.mend();
        let mut socket = connect().await.unwrap();
        assert_eq!(socket.read_u8().await.unwrap(), b'b');
        assert_eq!(ask(&mut socket).await.unwrap(), b'?');
    }
}
