//! A program and all processes that it starts: they end together.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// How long a program may take to end after SIGTERM.
const GRACE: Duration = Duration::from_secs(3);

/// A running program and its descendants: a process group of their own, where the system has them.
#[must_use = "the program is stopped when its group is dropped"]
pub struct ProcessGroup {
    child: Child,
}

impl ProcessGroup {
    /// Starts `command`. Ctrl-C does not reach it; dropping the group ends it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(command: &mut Command) -> Result<Self> {
        // A process in the background must not wait for the terminal's input.
        command.stdin(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command
            .spawn()
            .with_context(|| format!("`{}` cannot be started", command.get_program().to_string_lossy()))?;
        Ok(Self { child })
    }

    /// The program's exit status, once it has ended.
    ///
    /// # Errors
    /// When the system cannot report it.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        #[cfg(unix)]
        {
            use nix::sys::signal::Signal;
            signal(&self.child, Signal::SIGTERM);
            let deadline = Instant::now() + GRACE;
            while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(20));
            }
            // Also when the program itself has ended: its descendants may still run.
            signal(&self.child, Signal::SIGKILL);
        }
        // Both fail only if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends `signal` to everything in the child's group.
#[cfg(unix)]
fn signal(child: &Child, signal: nix::sys::signal::Signal) {
    if let Ok(id) = i32::try_from(child.id()) {
        // It fails only if the group is empty.
        let _ = nix::sys::signal::killpg(nix::unistd::Pid::from_raw(id), signal);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_the_program_started_ends_with_it() {
        let started = Instant::now();
        let mut shell = Command::new("sh");
        shell.args(["-c", "sleep 60 & echo started; wait"]).stdout(Stdio::piped());
        let mut group = ProcessGroup::start(&mut shell).unwrap();
        let mut output = group.child.stdout.take().unwrap();
        output.read_exact(&mut [0; 8]).unwrap();
        drop(group);
        // The pipe ends with the last process that holds it.
        output.read_to_end(&mut Vec::new()).unwrap();
        assert!(started.elapsed() < Duration::from_secs(30));
    }
}
