//! The project's chores: `cargo xtask serve | test | size | package | bench`.

mod bench;
mod border;
mod browsers;
mod command;
mod css;
mod example;
mod glue;
mod group;
mod join;
mod js;
mod package;
mod serve;
mod size;
mod table;
mod test;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's chores. They install what they need and do not find
#[derive(Parser)]
#[command(bin_name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Serve the demo page against the sandbox, rebuilt whenever a file changes
    ///
    /// Builds and starts the sandbox and Trunk, prints the page's address, and stops both on Ctrl-C.
    Serve(serve::Options),
    /// Run every check in order, or one part of them
    ///
    /// Format, lints, documentation, native tests, headless tests, the release bundle, whole pages in three browser
    /// engines against that bundle, and the byte budget. Stops at the first step that fails.
    Test(test::Options),
    /// Weigh the release bundle against the byte budget
    ///
    /// Builds it and prints raw, gzip and brotli bytes of every file that a host's page loads. Fails when it
    /// is over budget.
    Size,
    /// Build the release and print the lines that embed it
    ///
    /// Leaves the files for a host in target/package, in a folder of their version, and prints the script tag with its
    /// integrity, which covers the wasm, too.
    Package(package::Options),
    /// Measure how fast something is, beside something well known
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Join glue, element and style into zoho-backup-status.js: Trunk's post_build hook, not for hand use
    Join,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().chore {
        Chore::Serve(options) => serve::run(&options),
        Chore::Test(options) => test::run(&options),
        Chore::Size => size::run(),
        Chore::Package(options) => package::run(&options),
        Chore::Bench(bench) => bench::run(&bench),
        Chore::Join => join::run(),
    };
    let Err(error) = outcome else { return ExitCode::SUCCESS };
    // Not by returning it: RUST_BACKTRACE would bury the remedy under our own stack.
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
