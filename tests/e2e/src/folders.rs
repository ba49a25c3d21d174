//! What the tests serve besides their own pages.

use std::path::PathBuf;

use clap::Args;

/// The folders that the chores have filled.
#[derive(Args, Debug)]
pub struct Folders {
    /// The built bundle
    #[arg(long, default_value = "dist")]
    pub dist: PathBuf,
    /// The built example app of Leptos
    #[arg(long, default_value = "target/leptos-example")]
    pub example: PathBuf,
    /// The folder with axe.min.js, which `cargo xtask test e2e` fetches
    #[arg(long, default_value = "target/axe-core/node_modules/axe-core")]
    pub axe_core: PathBuf,
    /// The folder with the installed package, and with the apps that use it
    #[arg(long, default_value = "target/packages")]
    pub packages: PathBuf,
}
