//! Where the gateway listens: an IP address with a port, or a Unix socket.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::config::arguments::Arguments;
use crate::config::mistakes::Mistakes;
use crate::config::setting::{ADMIN_LISTEN, LISTEN, SOCKET_GROUP, Setting};

/// The prefix of a Unix socket's path.
const UNIX: &str = "unix:";
/// The longest path of a Unix socket on Linux, in bytes.
const MAX_PATH_BYTES: usize = 107;

/// Where to listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// An IP address with a port.
    Tcp(SocketAddr),
    /// A Unix socket.
    Unix(SocketFile),
}

/// The file of a Unix socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketFile {
    /// Its path.
    pub path: PathBuf,
    /// The id of the group that may connect; `None` for the group of this process.
    pub group: Option<u32>,
}

impl Listen {
    /// The IP address and port, if it is one.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        match self {
            Listen::Tcp(address) => Some(*address),
            Listen::Unix(_) => None,
        }
    }

    /// Whether only programs of this machine can connect.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.address().is_none_or(|address| address.ip().is_loopback())
    }

    /// Parses an address or `unix:PATH`.
    ///
    /// # Errors
    /// What is wrong and what to write.
    fn parse(text: &str, example: &str) -> Result<Listen, String> {
        let Some(path) = text.strip_prefix(UNIX) else {
            return text.parse().map(Listen::Tcp).map_err(|_| {
                format!("is not an IP address with a port: write it like {example}, or unix:PATH for a Unix socket")
            });
        };
        if cfg!(not(unix)) {
            return Err("is a Unix socket, which this system does not have: write an IP address".to_owned());
        }
        if path.is_empty() || path.ends_with('/') || path.contains('\0') {
            return Err(
                "is not the path of a file: write it like unix:/run/zoho-backup-proxy/socket".to_owned()
            );
        }
        if path.len() > MAX_PATH_BYTES {
            return Err(format!("is longer than {MAX_PATH_BYTES} bytes: choose a shorter path"));
        }
        Ok(Listen::Unix(SocketFile { path: path.into(), group: None }))
    }
}

/// As it is written in the setting.
impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Listen::Tcp(address) => address.fmt(f),
            Listen::Unix(SocketFile { path, .. }) => write!(f, "{UNIX}{}", path.display()),
        }
    }
}

/// Reads where to serve readers. The group is looked up for a Unix socket only.
pub fn read_listen(given: &Arguments, mistakes: &mut Mistakes) -> Option<Listen> {
    let text = given.listen.as_deref().unwrap_or(LISTEN.default);
    let listen = mistakes.check(parse(&LISTEN, text, LISTEN.default));
    let Some(name) = given.socket_group.as_deref() else { return listen };
    match listen? {
        Listen::Unix(socket) => {
            let group = find_group(name).map_err(|problem| SOCKET_GROUP.wrong(name, &problem));
            Some(Listen::Unix(SocketFile { group: Some(mistakes.check(group)?), ..socket }))
        }
        // An address has no group. The setting may stay when the address is changed.
        address @ Listen::Tcp(_) => Some(address),
    }
}

/// Reads where to serve the administrator's pages: on this machine only, or nowhere.
pub fn read_admin_listen(given: &Arguments, mistakes: &mut Mistakes) -> Option<Option<Listen>> {
    const EXAMPLE: &str = "127.0.0.1:8096";
    let Some(text) = given.admin_listen.as_deref() else { return Some(None) };
    let listen = mistakes.check(parse(&ADMIN_LISTEN, text, EXAMPLE))?;
    if !listen.is_local() {
        let problem = format!(
            "can be reached from other machines: use the loopback interface, as in {EXAMPLE}, or unix:PATH"
        );
        return mistakes.add(ADMIN_LISTEN.wrong(text, &problem));
    }
    Some(Some(listen))
}

fn parse<D>(setting: &Setting<D>, text: &str, example: &str) -> Result<Listen, String> {
    Listen::parse(text, example).map_err(|problem| setting.wrong(text, &problem))
}

/// The id of a group, given by its name or its id.
#[cfg(unix)]
fn find_group(name: &str) -> Result<u32, String> {
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    match nix::unistd::Group::from_name(name) {
        Ok(Some(group)) => Ok(group.gid.as_raw()),
        Ok(None) => Err("is not a group of this machine: create it, or choose another".to_owned()),
        Err(error) => Err(format!("cannot be looked up: {}", error.desc())),
    }
}

#[cfg(not(unix))]
fn find_group(_: &str) -> Result<u32, String> {
    Err("is a group, which this system does not have: unset it".to_owned())
}
