//! Why nothing is remembered.

use std::fmt;
use std::io;
use std::path::Path;

/// Why nothing is remembered, for an administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreProblem {
    /// Another process uses the folder.
    Taken,
    /// The file is of a newer program. It is left alone.
    Newer {
        /// The version of its schema.
        version: i64,
    },
    /// The file is damaged, or is no history.
    Corrupt(String),
    /// Folder or file cannot be used: a full disk, a file system that is read-only, a missing permission.
    Unusable(String),
}

impl StoreProblem {
    /// The problem with this file or folder.
    #[must_use]
    pub fn of_file(path: &Path, error: &io::Error) -> StoreProblem {
        StoreProblem::Unusable(format!("{}: {error}", path.display()))
    }
}

impl From<rusqlite::Error> for StoreProblem {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        match error.sqlite_error_code() {
            Some(DatabaseCorrupt | NotADatabase) => StoreProblem::Corrupt(error.to_string()),
            _ => StoreProblem::Unusable(error.to_string()),
        }
    }
}

impl fmt::Display for StoreProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreProblem::Taken => f.write_str(
                "another gateway uses the state directory: give each its own; until then this one neither watches nor \
                 remembers",
            ),
            StoreProblem::Newer { version } => write!(
                f,
                "the history is of a newer program (version {version} of its schema), and is left alone: install that \
                 program, or use another state directory"
            ),
            StoreProblem::Corrupt(problem) => write!(f, "the history is damaged: {problem}"),
            StoreProblem::Unusable(problem) => {
                write!(f, "{problem}: check the disk's space and the permissions of the state directory")
            }
        }
    }
}

impl std::error::Error for StoreProblem {}
