//! A Unix socket to listen on: its file is created with its mode and group, and removed at the end.

use std::fs::{self, Metadata, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use socket2::{Domain, SockAddr, Socket, Type};
use tokio::net::{UnixListener, UnixStream};

use crate::config::listen::SocketFile;

/// The owner and the group may connect.
const MODE: u32 = 0o660;
/// How many connections may wait to be accepted, as of a TCP listener.
const BACKLOG: i32 = 1_024;

/// A Unix socket that listens. If it has created its file, dropping it removes the file.
#[derive(Debug)]
pub struct BoundSocket {
    listener: UnixListener,
    /// Removes the file when the socket is dropped.
    _created: Option<CreatedFile>,
}

/// The file of a socket, by its path and its number in the file system.
#[derive(Debug)]
struct CreatedFile {
    path: PathBuf,
    device: u64,
    inode: u64,
}

impl BoundSocket {
    /// Listens on a new socket file. A file that a gateway left behind is replaced.
    ///
    /// # Errors
    /// When something else is at that path, a program listens there, or the file cannot be created. The message names the
    /// path.
    pub fn bind(SocketFile { path, group }: &SocketFile) -> anyhow::Result<BoundSocket> {
        remove_left_over(path)?;
        let place = path.display();
        let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
        socket.bind(&SockAddr::unix(path)?).with_context(|| format!("{place} cannot be created"))?;
        // From here on the file is removed if anything fails.
        let created = CreatedFile::of(path)?;
        // Before it listens, so that nobody connects before the file has its group and mode.
        if let Some(group) = group {
            std::os::unix::fs::chown(path, None, Some(*group)).with_context(|| {
                format!("{place} cannot get the group {group}: let the gateway's user be in it")
            })?;
        }
        fs::set_permissions(path, Permissions::from_mode(MODE))
            .with_context(|| format!("{place} cannot get the mode {MODE:o}"))?;
        socket.listen(BACKLOG)?;
        socket.set_nonblocking(true)?;
        Ok(BoundSocket { listener: UnixListener::from_std(socket.into())?, _created: Some(created) })
    }

    /// A socket that another program has created, and will remove.
    ///
    /// # Errors
    /// When it cannot be used without blocking.
    pub fn inherit(listener: std::os::unix::net::UnixListener) -> io::Result<BoundSocket> {
        listener.set_nonblocking(true)?;
        Ok(BoundSocket { listener: UnixListener::from_std(listener)?, _created: None })
    }

    /// Accepts the next connection.
    ///
    /// # Errors
    /// When it cannot be accepted.
    pub async fn accept(&self) -> io::Result<UnixStream> {
        self.listener.accept().await.map(|(stream, _)| stream)
    }

    /// Where it listens: `unix:` and the path.
    #[must_use]
    pub fn place(&self) -> String {
        let address = self.listener.local_addr().ok();
        let path = address.as_ref().and_then(|address| address.as_pathname());
        format!("unix:{}", path.unwrap_or(Path::new("")).display())
    }
}

impl CreatedFile {
    fn of(path: &Path) -> io::Result<CreatedFile> {
        let metadata = fs::symlink_metadata(path)?;
        Ok(CreatedFile { path: path.to_owned(), device: metadata.dev(), inode: metadata.ino() })
    }
}

impl Drop for CreatedFile {
    fn drop(&mut self) {
        let is_own = |found: Metadata| (found.dev(), found.ino()) == (self.device, self.inode);
        // Another gateway may have put its own there.
        if fs::symlink_metadata(&self.path).is_ok_and(is_own) {
            // If that fails, the next gateway replaces it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Removes the socket file of a program that has ended.
fn remove_left_over(path: &Path) -> anyhow::Result<()> {
    let place = path.display();
    let found = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        found => found.with_context(|| format!("{place} cannot be looked at"))?,
    };
    ensure!(found.file_type().is_socket(), "{place} exists and is not a socket: it is not replaced");
    if is_live(path).with_context(|| format!("it is not known whether a program listens on {place}"))? {
        let problem = format!("another program listens on {place}: stop it first");
        return Err(io::Error::new(ErrorKind::AddrInUse, problem).into());
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed.with_context(|| format!("{place} was left behind and cannot be removed")),
    }
}

/// Whether a program accepts connections on this socket. It does not block: the program's queue may be full.
fn is_live(path: &Path) -> io::Result<bool> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    match socket.connect(&SockAddr::unix(path)?) {
        Ok(()) => Ok(true),
        Err(error) => match error.kind() {
            ErrorKind::WouldBlock => Ok(true),
            ErrorKind::ConnectionRefused | ErrorKind::NotFound => Ok(false),
            _ => Err(error),
        },
    }
}
