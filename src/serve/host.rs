//! Whose requests are answered: the `Host` header keeps foreign names out.
//!
//! A web page elsewhere can point a name of its own at 127.0.0.1 and read the unpublished portal
//! from the writer's browser (DNS rebinding). Such a request names the foreign host, so only hosts
//! that nobody can point elsewhere are answered.

use std::net::{IpAddr, Ipv6Addr};

/// The hosts that requests may name.
#[derive(Clone, Debug)]
pub struct Hosts {
    /// As given on the command line.
    given: String,
    /// Whether the server listens on all addresses of the machine.
    everywhere: bool,
}

impl Hosts {
    pub fn new(given: &str) -> Hosts {
        let given = unbracketed(given).to_ascii_lowercase();
        let everywhere = given.parse::<IpAddr>().is_ok_and(|ip| ip.is_unspecified());
        Hosts { given, everywhere }
    }

    /// Whether a request with this `Host` header is answered. The port is not looked at, so that a
    /// forwarded port works.
    pub fn allow(&self, header: &str) -> bool {
        let Some(host) = host_of(header) else { return false };
        let host = host.to_ascii_lowercase();
        if host == "localhost" || host == "127.0.0.1" || host == self.given {
            return true;
        }
        match host.parse::<IpAddr>() {
            // An address is no name, and can't be pointed elsewhere.
            Ok(ip) => self.everywhere || ip == IpAddr::V6(Ipv6Addr::LOCALHOST),
            Err(_) => false,
        }
    }
}

/// The host without its port and without the brackets of an IPv6 address.
fn host_of(header: &str) -> Option<&str> {
    let (host, rest) = match header.strip_prefix('[') {
        Some(inner) => inner.split_once(']')?,
        None => header.split_at(header.find(':').unwrap_or(header.len())),
    };
    let port = rest.strip_prefix(':').unwrap_or(rest);
    let is_port = port.is_empty() || port.parse::<u16>().is_ok();
    (is_port && !host.is_empty()).then_some(host)
}

/// A host as it is bound: `[::1]` and `::1` are the same.
pub fn unbracketed(host: &str) -> &str {
    host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_that_cannot_be_pointed_elsewhere_are_answered() {
        let hosts = Hosts::new("127.0.0.1");
        for good in [
            "localhost",
            "LOCALHOST:4000",
            "127.0.0.1:4000",
            "[::1]:4000",
            "[0:0::1]",
            "localhost:",
        ] {
            assert!(hosts.allow(good), "{good}");
        }
        for bad in [
            "",
            ":4000",
            "evil.example",
            "evil.example:4000",
            "localhost.evil.example",
            "127.0.0.1.evil.example:4000",
            "evil.example:4000@localhost",
            "localhost:4000@evil.example",
            "192.168.1.5:4000",
            "[::1",
            "[::1]evil.example",
            "[evil.example]:4000",
            "0.0.0.0:4000",
        ] {
            assert!(!hosts.allow(bad), "{bad}");
        }
    }

    #[test]
    fn the_given_host_is_answered_too() {
        assert!(Hosts::new("docs.internal").allow("Docs.Internal:4000"));
        assert!(Hosts::new("[fe80::1]").allow("[fe80::1]:4000"));
        let everywhere = Hosts::new("0.0.0.0");
        assert!(everywhere.allow("192.168.1.5:4000"));
        assert!(everywhere.allow("[fe80::1]"));
        assert!(!everywhere.allow("evil.example:4000"));
    }
}
