//! How near a host is, as far as its name tells: browsers guard what is near against pages that are not.

use std::net::Ipv4Addr;

/// The address space of a host, from far to near, in the terms of the browsers' rules for local network access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AddressSpace {
    /// The internet, or a name that does not tell.
    Public,
    /// An address of a local network (RFC 1918, 4193, 6598, link-local, `.local`).
    Local,
    /// This computer.
    Loopback,
}

impl AddressSpace {
    /// Of a host as a URL parser normalises it: lower case, IPv6 in brackets.
    pub fn of(hostname: &str) -> AddressSpace {
        let hostname = hostname.strip_suffix('.').unwrap_or(hostname);
        if let Ok(address) = hostname.parse::<Ipv4Addr>() {
            return of_ipv4(address);
        }
        if hostname == "localhost" || hostname.ends_with(".localhost") || hostname == "[::1]" {
            AddressSpace::Loopback
        } else if hostname.ends_with(".local") || is_local_ipv6(hostname) {
            AddressSpace::Local
        } else {
            AddressSpace::Public
        }
    }
}

fn of_ipv4(address: Ipv4Addr) -> AddressSpace {
    let [first, second, ..] = address.octets();
    let is_shared = first == 100 && (64..128).contains(&second);
    if address.is_loopback() {
        AddressSpace::Loopback
    } else if address.is_private() || address.is_link_local() || is_shared {
        AddressSpace::Local
    } else {
        AddressSpace::Public
    }
}

/// `fc00::/7` and `fe80::/10`. (Parsing IPv6 whole would cost the widget a kilobyte.)
fn is_local_ipv6(hostname: &str) -> bool {
    // Only a first group of four digits can be one of these; URL parsers write no leading zeros.
    let Some((group, _)) = hostname.strip_prefix('[').and_then(|address| address.split_once(':')) else {
        return false;
    };
    let prefixes = ["fc", "fd", "fe8", "fe9", "fea", "feb"];
    group.len() == 4 && prefixes.iter().any(|prefix| group.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::AddressSpace::{self, Local, Loopback, Public};

    #[test]
    fn hosts_are_as_near_as_they_look() {
        let cases = [
            (
                Loopback,
                ["localhost", "crm.localhost", "localhost.", "127.0.0.1", "127.8.9.10", "[::1]"].as_slice(),
            ),
            (Local, &["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.10", "169.254.1.1"]),
            (
                Local,
                &[
                    "100.64.0.1",
                    "100.127.0.1",
                    "printer.local",
                    "[fc00::1]",
                    "[fd12:3456::1]",
                    "[fe80::1]",
                    "[febf::1]",
                ],
            ),
            (
                Public,
                &[
                    "proxy.example",
                    "localhost.example",
                    "notlocalhost",
                    "127.0.0.1.example",
                    "local",
                    "128.0.0.1",
                ],
            ),
            (
                Public,
                &["172.15.0.1", "172.32.0.1", "192.169.0.1", "100.63.0.1", "100.128.0.1", "9.9.9.9", "", "["],
            ),
            (Public, &["[::]", "[::2]", "[fc::1]", "[fec0::1]", "[2001:db8::1]", "[fe::1]"]),
        ];
        for (space, hostnames) in cases {
            for hostname in hostnames {
                assert_eq!(AddressSpace::of(hostname), space, "{hostname}");
            }
        }
    }

    #[test]
    fn nearer_is_greater() {
        assert!(Public < Local && Local < Loopback);
    }
}
