//! The project's chores: `cargo xtask serve | test | size | package | screenshots | bench`.

mod bench;
mod bundle;
mod command;
mod disk;
mod package;
mod serve;
mod table;
mod test;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use bundle::{join, size};

/// The project's chores. They install the programs they need
#[derive(Parser)]
#[command(bin_name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Serve the demo page with the sandbox as its proxy, and rebuild it when a file changes
    ///
    /// Builds and starts the sandbox and Trunk, prints the page's URL, and stops both on Ctrl-C.
    Serve(serve::Options),
    /// Run every check, or one part of them
    ///
    /// In this order: format, licences of dependencies, rules of the repository, lints, documentation, native tests,
    /// headless tests, the release bundle and the package of npm, whole pages in three browser engines against that bundle,
    /// and the byte budget. Stops at the first step that fails.
    Test(test::Options),
    /// Compare the size of the release bundle with the byte budget
    ///
    /// Builds it and prints the size of every file that a host's page loads: raw, after gzip and after brotli. Fails
    /// if the total exceeds the budget.
    Size,
    /// Build the release and print the lines that embed it
    ///
    /// Writes the files that a host serves to target/npm, in a folder named for the version, and the same as an archive
    /// for npm. Prints the script tag with its integrity, which covers the wasm too, the line that preloads the wasm, and
    /// the element with a picture of the badge in its slot.
    Package(package::Options),
    /// Make the pictures of every state in docs/looks/
    ///
    /// Builds the release bundle and opens it in Chromium: light, dark, right to left, 240 pixels wide, and in forced
    /// colours.
    Screenshots,
    /// Measure speed, compared with well-known programs
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Join glue, sources and style sheet into zoho-backup-status.js (Trunk's post_build hook, not for use by hand)
    Join,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().chore {
        Chore::Serve(options) => serve::run(&options),
        Chore::Test(options) => test::run(&options),
        Chore::Size => size::run(),
        Chore::Package(options) => package::run(&options),
        Chore::Screenshots => test::screenshots(),
        Chore::Bench(bench) => bench::run(&bench),
        Chore::Join => join::run(),
    };
    let Err(error) = outcome else { return ExitCode::SUCCESS };
    // Not returned from main: with RUST_BACKTRACE set, the remedy would be lost under a backtrace.
    eprintln!("error: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Arguments::command().debug_assert();
    }
}
