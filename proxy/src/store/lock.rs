//! The lock of the state directory: one process at a time watches and remembers.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::store::problem::StoreProblem;

/// The name of the file that is locked. It stays, and is empty.
pub const LOCK: &str = "lock";

/// The lock of a state directory. The system releases it at the end of the process, however that comes.
#[derive(Debug)]
pub struct DirectoryLock {
    file: File,
}

impl Drop for DirectoryLock {
    fn drop(&mut self) {
        // Closing the file would leave the lock to a child that was forked, and has not yet replaced itself. An error means
        // that the file was closed all the same.
        let _ = self.file.unlock();
    }
}

impl DirectoryLock {
    /// Takes the lock.
    ///
    /// # Errors
    /// When another process has it, or the file cannot be opened.
    pub fn take(folder: &Path) -> Result<DirectoryLock, StoreProblem> {
        let path = folder.join(LOCK);
        let unusable = |error| StoreProblem::of_file(&path, &error);
        let file = OpenOptions::new().create(true).write(true).truncate(false).open(&path);
        let file = file.map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(DirectoryLock { file }),
            Err(TryLockError::WouldBlock) => Err(StoreProblem::Taken),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }
}
