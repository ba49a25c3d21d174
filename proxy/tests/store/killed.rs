//! A process that is killed while it writes: all that was committed is there, and nothing else is needed.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread::sleep;

use zoho_backup_core::history::{Observation, Seen};

use super::*;
use crate::folder::Folder;

const VARIABLE: &str = "TEST_STORE_TO_WRITE";
const KILLS: u64 = 50;

/// The process that is killed: it prints each reading after it is committed. In the test run itself it does nothing.
#[tokio::test]
async fn writes_until_it_is_killed() {
    let Some(folder) = env::var_os(VARIABLE) else { return };
    let store = open(Path::new(&folder));
    let first = store.observations().len() as i64;
    for job in first.. {
        for second in 0..3 {
            record(&store, [reading_of(Some(&job.to_string()), "SCHEDULED", job * 3 + second)]).await;
            assert_eq!(store.report().problem, None);
            println!("committed {job} {second}");
        }
    }
}

#[test]
fn what_is_committed_survives_a_kill_at_any_instant() {
    let folder = Folder::new();
    let mut committed = (-1, 2);
    let mut lines_in_all = 0;
    for kill in 0..KILLS {
        let mut child = Command::new(env::current_exe().expect("this program"))
            .args(["--exact", "killed::writes_until_it_is_killed", "--nocapture"])
            .env(VARIABLE, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut lines =
            BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let number = |line: String| -> Option<(i64, i64)> {
            let (job, second) = line.split_once("committed ")?.1.split_once(' ')?;
            Some((job.parse().ok()?, second.parse().ok()?))
        };
        let first = lines.by_ref().find_map(number).expect("it writes");
        assert!(first > committed, "{first:?} after {committed:?}");
        // Spread over the steps of a write, in microseconds.
        sleep(Duration::from_micros(kill * 7_919 % 20_011));
        child.kill().expect("it runs");
        child.wait().expect("its end");
        let rest: Vec<_> = lines.filter_map(number).collect();
        lines_in_all += 1 + rest.len();
        committed = rest.last().copied().unwrap_or(first);

        let store = open(folder.path());
        assert_eq!((store.report().problem, store.report().moved_aside), (None, None), "kill {kill}");
        let observations = store.observations();
        for (number, Observation { first, last, seen }) in observations.iter().enumerate() {
            let Seen::Backup { job: Some(job), .. } = seen else { panic!("a backup") };
            let number = number as i64;
            assert_eq!((job.parse(), *first), (Ok(number), at(number * 3)), "kill {kill}");
            let is_last = number + 1 == observations.len() as i64;
            assert!(is_last || *last == at(number * 3 + 2), "kill {kill}: nothing between is lost");
        }
        // The last may be one more than was printed.
        let end = observations.last().expect("an observation").last;
        let told = at(committed.0 * 3 + committed.1);
        assert!(
            end == told || end == told.after(Duration::from_secs(1)),
            "kill {kill}: {end:?} {committed:?}"
        );
        let index = (end.as_millis() - at(0).as_millis()) / 1_000;
        committed = (index / 3, index % 3);
        drop(store);
        if committed.1 < 2 {
            // The next process begins a new job.
            let last = reading_of(Some(&committed.0.to_string()), "SCHEDULED", committed.0 * 3 + 2);
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            let store = open(folder.path());
            runtime.block_on(async {
                record(&store, [last]).await;
                store.close().await;
            });
            committed.1 = 2;
        }
    }
    println!("{lines_in_all} commits, {KILLS} kills, {} observations", committed.0 + 1);
}
