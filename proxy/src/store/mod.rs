//! What the gateway remembers: what Zoho's answers said over time, when tokens were requested, and which alerts there are.
//! Never the requester, and never a secret.
//!
//! Readers cost no disk read: what is committed is in memory, too. The gateway serves on whatever becomes of the disk.

mod alert_table;
mod alerts;
pub mod database;
pub mod lock;
pub mod problem;
mod queue;
pub mod schema;
pub mod sighting;
pub mod stored_alert;

use std::fmt;
use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared as FutureShared};
use tokio::task::spawn_blocking;
use zoho_backup_core::history::{History, Observation};
use zoho_backup_core::instant::Timestamp;

use self::database::{Database, Entry, HISTORY, Opened, Prepare};
use self::lock::DirectoryLock;
use self::problem::StoreProblem;
use self::queue::{Queue, add_readings};
use self::sighting::Reading;
use self::stored_alert::StoredAlert;

/// A write, which several wait for.
type Write = FutureShared<BoxFuture<'static, ()>>;

/// What the gateway remembers. Clones share it.
#[derive(Clone)]
pub struct Store(Arc<Shared>);

struct Shared {
    folder: PathBuf,
    keep: Duration,
    prepare: Box<Prepare>,
    queue: Mutex<Queue>,
    /// The write that has not begun to take from the queue. There is one at most: a disk that hangs must not use up the
    /// threads of the process.
    waiting: Mutex<Option<Write>>,
    /// Locked while the disk is used, so only off the async threads.
    held: Mutex<Held>,
    /// Locked before the queue where both are.
    view: Mutex<View>,
}

/// What this process holds of the state directory.
#[derive(Default)]
struct Held {
    // In this order they are dropped: the lock last.
    database: Option<Database>,
    lock: Option<DirectoryLock>,
    /// Nothing is written any more.
    is_closed: bool,
}

/// What is committed, and how the store is.
#[derive(Default)]
struct View {
    readings: Vec<Reading>,
    renewals: Vec<Timestamp>,
    /// Those that are not on the disk yet, too.
    alerts: Vec<StoredAlert>,
    problem: Option<StoreProblem>,
    moved_aside: Option<PathBuf>,
}

/// How the store is, for an administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Why nothing is remembered.
    pub problem: Option<StoreProblem>,
    /// How many observations are committed.
    pub observations: usize,
    /// The new name of a damaged file that this process has moved aside.
    pub moved_aside: Option<String>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("folder", &self.0.folder).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the history in this folder, or begins one. Observations that ended longer ago than `keep` are removed. If it
    /// cannot be opened, that is tried again at every further entry. This blocks the thread.
    #[must_use]
    pub fn open(folder: &Path, keep: Duration) -> Store {
        Store::open_with(folder, keep, |_| Ok(()))
    }

    /// The same, with a connection that is set up beyond the usual.
    pub fn open_with(
        folder: &Path,
        keep: Duration,
        prepare: impl Fn(&rusqlite::Connection) -> rusqlite::Result<()> + Send + Sync + 'static,
    ) -> Store {
        let store = Store(Arc::new(Shared {
            folder: folder.to_owned(),
            keep,
            prepare: Box::new(prepare),
            queue: Mutex::default(),
            waiting: Mutex::default(),
            held: Mutex::default(),
            view: Mutex::default(),
        }));
        store.write(&mut lock(&store.0.held));
        store
    }

    /// Whether a gateway could use this folder. No history is begun or changed. This blocks the thread.
    ///
    /// # Errors
    /// Why it could not.
    pub fn check(folder: &Path) -> Result<(), StoreProblem> {
        let path = folder.join(format!("check-{}", std::process::id()));
        let written = OpenOptions::new().create_new(true).write(true).open(&path);
        written.map_err(|error| StoreProblem::of_file(folder, &error))?;
        fs::remove_file(&path).map_err(|error| StoreProblem::of_file(&path, &error))?;
        if !folder.join(HISTORY).exists() {
            return Ok(());
        }
        match Database::open_to_read(folder) {
            Err(problem @ StoreProblem::Newer { .. }) => Err(problem),
            // A gateway begins a new one.
            _ => Ok(()),
        }
    }

    /// Stores what an answer said. It returns at once; a blocking thread writes.
    pub fn record(&self, reading: Reading) {
        self.enqueue(Entry::Reading(reading));
        // Its task goes on by itself.
        drop(self.write_soon());
    }

    /// Stores that a token is about to be requested, by this machine's clock. When it returns, that is on the disk, if the
    /// disk can be written.
    pub async fn renewing(&self, at: Timestamp) {
        self.enqueue(Entry::Renewal(at));
        self.flush().await;
    }

    /// Removes a renewal that was stored, but not requested.
    pub async fn not_renewed(&self, at: Timestamp) {
        self.enqueue(Entry::NoRenewal(at));
        self.flush().await;
    }

    /// Writes what is not yet written, and opens the history if it is not open. Returns when that is done or has failed.
    pub async fn flush(&self) {
        self.write_soon().await;
    }

    /// The write that will take what is in the queue now.
    fn write_soon(&self) -> Write {
        let mut waiting = lock(&self.0.waiting);
        if let Some(write) = &*waiting {
            return write.clone();
        }
        let store = self.clone();
        let write = spawn_blocking(move || {
            let mut held = lock(&store.0.held);
            *lock(&store.0.waiting) = None;
            store.write(&mut held);
        });
        // An error means that it panicked, or that the runtime ends.
        let write = write.map(drop).boxed().shared();
        *waiting = Some(write.clone());
        write
    }

    /// Writes what is not yet written, and leaves the folder to others. What comes later is not stored.
    pub async fn close(&self) {
        let store = self.clone();
        let close = move || {
            let mut held = lock(&store.0.held);
            store.write(&mut held);
            *held = Held { is_closed: true, ..Held::default() };
        };
        let _ = spawn_blocking(close).await;
    }

    /// The observations, the oldest first: what is committed, and what waits for the disk.
    #[must_use]
    pub fn observations(&self) -> Vec<Observation> {
        let view = self.view();
        let mut readings = view.readings.clone();
        self.queue().add_to(&mut readings);
        readings.iter().map(Reading::observation).collect()
    }

    /// What is known of past runs, at this instant of Zoho's clock. `None` if nothing was seen, or if another process
    /// uses the folder. A run that has not started is missed when more than `overdue_after` has passed.
    #[must_use]
    pub fn history(&self, now: Timestamp, overdue_after: Duration) -> Option<History> {
        let observations = Some(self.observations()).filter(|all| !all.is_empty() && !self.is_taken())?;
        Some(History::of(&observations, now, overdue_after))
    }

    /// The last observation.
    #[must_use]
    pub fn last_observation(&self) -> Option<Observation> {
        let view = self.view();
        let mut last: Vec<_> = view.readings.last().cloned().into_iter().collect();
        self.queue().add_to(&mut last);
        last.last().map(Reading::observation)
    }

    /// When tokens were requested within the last hour, by this machine's clock.
    #[must_use]
    pub fn renewals(&self) -> Vec<Timestamp> {
        self.view().renewals.clone()
    }

    /// Whether another process uses the folder.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        self.view().problem == Some(StoreProblem::Taken)
    }

    /// How the store is.
    #[must_use]
    pub fn report(&self) -> Report {
        let view = self.view();
        let name = |path: &PathBuf| Some(path.file_name()?.to_string_lossy().into_owned());
        Report {
            problem: view.problem.clone(),
            observations: view.readings.len(),
            moved_aside: view.moved_aside.as_ref().and_then(name),
        }
    }

    /// Writes what is queued. This blocks the thread. It reports a problem once, and once that it is over.
    fn write(&self, held: &mut Held) {
        if held.is_closed {
            return;
        }
        let problem = self.try_write(held).err();
        if let Some(problem) = &problem {
            // Opened anew next time, as the connection may have seen too much.
            held.database = None;
            if *problem == StoreProblem::Taken {
                // The other process stores it.
                self.queue().clear();
            }
        }
        let mut view = self.view();
        match (&view.problem, &problem) {
            (Some(_), None) => tracing::info!("the history is kept again"),
            (old, Some(new)) if old.as_ref() != Some(new) => tracing::error!("no history is kept: {new}"),
            _ => {}
        }
        view.problem = problem;
    }

    fn try_write(&self, held: &mut Held) -> Result<(), StoreProblem> {
        if held.lock.is_none() {
            held.lock = Some(DirectoryLock::take(&self.0.folder)?);
        }
        let database = match &mut held.database {
            Some(database) => database,
            none => {
                let database = self.open_database()?;
                none.insert(database)
            }
        };
        let entries = self.queue().begin();
        if entries.is_empty() {
            return Ok(());
        }
        let has_other_rows = database.write(&entries, self.0.keep).inspect_err(|_| self.queue().failed())?;
        let readings = has_other_rows.then(|| database.readings()).transpose();
        let renewals = database.renewals();
        // At once, so that nobody sees what was written twice, or not at all.
        let mut view = self.view();
        self.queue().committed();
        let unread = match readings {
            Ok(Some(readings)) => {
                view.readings = readings;
                Ok(())
            }
            // What cannot be read back is on the disk all the same.
            other => {
                add_readings(&entries, &mut view.readings);
                other.map(drop)
            }
        };
        view.renewals = renewals?;
        Ok(unread?)
    }

    fn open_database(&self) -> Result<Database, StoreProblem> {
        let Opened { mut database, moved_aside } =
            Database::open(&self.0.folder, SystemTime::now(), &*self.0.prepare)?;
        if let Some(aside) = moved_aside {
            tracing::error!(
                "the history was damaged, or not one of this program: a new one is begun, and the old file is now {}",
                aside.display()
            );
            self.view().moved_aside = Some(aside);
            database.write(&self.committed(), self.0.keep)?;
        }
        let (readings, renewals, alerts) = (database.readings()?, database.renewals()?, database.alerts()?);
        let mut view = self.view();
        (view.readings, view.renewals) = (readings, renewals);
        view.merge_alerts(alerts);
        drop(view);
        Ok(database)
    }

    /// What this process knows to have been committed: a file that is damaged meanwhile takes nothing of it along.
    fn committed(&self) -> Vec<Entry> {
        let view = self.view();
        let renewals = view.renewals.iter().copied().map(Entry::Renewal);
        let alerts = view.alerts.iter().cloned().map(Entry::Alert);
        view.readings.iter().cloned().map(Entry::Reading).chain(renewals).chain(alerts).collect()
    }

    fn enqueue(&self, entry: Entry) {
        self.queue().push(entry);
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        lock(&self.0.queue)
    }

    fn view(&self) -> MutexGuard<'_, View> {
        lock(&self.0.view)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
