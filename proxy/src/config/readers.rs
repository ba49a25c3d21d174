//! Who may read the answers, and by which hosts: the allowed origins and the gateway's own hosts.

use std::net::SocketAddr;

use crate::config::arguments::Arguments;
use crate::config::mistakes::Mistakes;
use crate::config::setting::{ALLOW_ANY_ORIGIN, ALLOWED_HOSTS, ALLOWED_ORIGINS};
use crate::config::values::{switch, without_secrets};
use crate::origin::{Origins, check_origin};
use crate::own_host::OwnHost;

/// The names of the loopback interface. No other site can have them.
const LOOPBACK_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Reads the allowed origins.
pub fn read_origins(given: &Arguments, mistakes: &mut Mistakes) -> Option<Origins> {
    let mut listed = Vec::new();
    for origin in entries(&given.allowed_origins) {
        let checked = match origin {
            "*" => Err(format!("means any origin: list each, or use {ALLOW_ANY_ORIGIN}")),
            _ => check_origin(origin),
        };
        let checked = checked.map_err(|problem| ALLOWED_ORIGINS.wrong(without_secrets(origin), &problem));
        listed.extend(mistakes.check(checked));
    }
    let any = mistakes.check(switch(&ALLOW_ANY_ORIGIN, given.dangerously_allow_any_origin.as_deref()))?;
    match (any, listed.is_empty()) {
        (true, true) => Some(Origins::Any),
        (true, false) => {
            mistakes.add(format!("{ALLOWED_ORIGINS} and {ALLOW_ANY_ORIGIN} are both set: unset one of them"))
        }
        (false, _) => Some(Origins::Listed(listed)),
    }
}

/// The names by which clients address a listener: those of the loopback interface, and its own address.
#[must_use]
pub fn hosts_of(listen: Option<SocketAddr>) -> Vec<OwnHost> {
    let mut hosts: Vec<_> = LOOPBACK_NAMES.into_iter().filter_map(|name| OwnHost::new(name).ok()).collect();
    let listen = listen.and_then(|address| OwnHost::of_address(address.ip()));
    hosts.extend(listen.filter(|host| !hosts.contains(host)));
    hosts
}

/// Reads the gateway's own hosts: the loopback names, the address to listen on if it is valid, and those of the setting.
pub fn read_own_hosts(
    given: &Arguments,
    listen: Option<SocketAddr>,
    mistakes: &mut Mistakes,
) -> Option<Vec<OwnHost>> {
    // It may be any address of this machine, so the gateway does not know its own.
    let any_address = listen.filter(|address| address.ip().is_unspecified());
    if let (None, Some(address)) = (entries(&given.allowed_hosts).next(), any_address) {
        return mistakes.add(ALLOWED_HOSTS.missing(&format!(
            "a gateway that listens on {address} must know its own names, or other sites could point theirs at it"
        )));
    }
    let mut hosts = hosts_of(listen);
    for host in entries(&given.allowed_hosts) {
        let checked =
            OwnHost::new(host).map_err(|problem| ALLOWED_HOSTS.wrong(without_secrets(host), &problem));
        hosts.extend(mistakes.check(checked));
    }
    Some(hosts)
}

/// The entries of a list, without white space around them and without empty ones.
fn entries(list: &[String]) -> impl Iterator<Item = &str> {
    list.iter().map(|entry| entry.trim()).filter(|entry| !entry.is_empty())
}
