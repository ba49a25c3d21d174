//! The gateway under load, compared with nginx that does the same: `cargo xtask bench proxy`.
//!
//! Timings are printed but not checked: they depend on the machine.

mod answers;
mod in_turn;
mod program;
mod widget_files;
mod wrk;

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

#[tokio::main]
async fn main() -> Result<()> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("load");
    fs::create_dir_all(&folder)?;
    answers::compare(&folder).await?;
    println!();
    widget_files::compare(&folder).await
}
