//! Where a request comes from. What a header says of that counts only if a proxy that is named wrote it.

use std::{
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The proxies in front of the service, as addresses or networks. What they say in `X-Forwarded-For` is believed;
/// what anybody else says there is not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies(Vec<IpNet>);

/// A text that names no proxy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no address and no network: give 10.0.0.7, 10.0.0.0/24 or fd00::/8")]
pub struct NoProxy(String);

impl Proxies {
    /// None: the address of the connection is the client's.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// From addresses and networks.
    ///
    /// # Errors
    /// [`NoProxy`].
    pub fn read<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, NoProxy> {
        let read = |text: &str| {
            let address = || IpAddr::from_str(text).map(IpNet::from);
            text.parse().or_else(|_| address()).map_err(|_| NoProxy(text.to_owned()))
        };
        texts.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client's address: of the chain of proxies, from the last one on, the first address that is none of them.
    /// What was written further down the chain, the client may have made up.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let lines = headers.get_all(FORWARDED_FOR).iter().rev();
        let mut hops = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
        while self.has(client) {
            match hops.next().map(|hop| hop.trim().parse::<IpAddr>()) {
                Some(Ok(hop)) => client = hop.to_canonical(),
                Some(Err(_)) | None => break,
            }
        }
        client
    }
}

/// An address of IPv4; of IPv6 the 64 bits that a network has, since a host may choose the others.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(proxies: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let proxies = Proxies::read(proxies.iter().copied()).unwrap();
        let headers = forwarded.iter().map(|line| (FORWARDED_FOR, line.parse().unwrap())).collect();
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_a_named_proxy_says_where_a_request_comes_from() {
        assert_eq!(client(&[], "192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(client(&["10.0.0.1"], "192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(client(&["10.0.0.1"], "10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        // The client made the first one up.
        let made_up = "203.0.113.9, 198.51.100.7";
        assert_eq!(client(&["10.0.0.1"], "10.0.0.1", &[made_up]), "198.51.100.7");
        assert_eq!(
            client(&["10.0.0.1"], "10.0.0.1", &["203.0.113.9", "198.51.100.7"]),
            "198.51.100.7"
        );
        let two = "203.0.113.9, 198.51.100.7, 10.0.0.2";
        assert_eq!(client(&["10.0.0.0/24"], "10.0.0.1", &[two]), "198.51.100.7");
        // A proxy that says nothing, or nonsense, is the client.
        assert_eq!(client(&["10.0.0.1"], "10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client(&["10.0.0.1"], "10.0.0.1", &["unknown"]), "10.0.0.1");
        assert_eq!(client(&["10.0.0.1"], "::ffff:10.0.0.1", &["2001:db8::1"]), "2001:db8::1");
    }

    #[test]
    fn addresses_of_one_network_are_one() {
        let network = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("192.0.2.1"), "192.0.2.1");
    }

    #[test]
    fn a_proxy_that_cannot_be_read_is_named() {
        let error = Proxies::read(["10.0.0.1", "proxy.example"]).unwrap_err().to_string();
        assert!(error.contains("`proxy.example`") && error.contains("10.0.0.0/24"), "{error}");
    }
}
