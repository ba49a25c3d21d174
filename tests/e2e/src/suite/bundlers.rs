//! The package in an app, as bundlers build and serve it.

use anyhow::Result;

use crate::page::Page;
use crate::servers::vite::Vite;
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("package bundlers",
    "what Vite builds shows the widget in its language" => vite,
    "what webpack builds shows the widget in its language" => webpack,
    "what webpack builds with relative URLs shows the widget, and says which origin a policy lacks" => webpack_relative,
    "what Rollup builds shows the widget in its language" => rollup,
    "what Rollup builds as no module shows the widget in its language" => rollup_iife,
    "what esbuild builds shows the widget in its language" => esbuild,
    "a script that is no module says what to change" => no_module,
    "Vite's development server shows the widget from its optimised packages" => vite_8,
    "Vite 7's development server shows the widget where its optimisation excludes it" => vite_7,
    "Vite 7's development server says what to change where its optimisation has it" => vite_7_optimised,
);

const PACKAGE: &str = "zoho-backup-status";
const MODULE: &str = "type=module";

/// A script that is no module.
const CLASSIC: &str = "defer";

/// Where Vite keeps what it optimises, unless an app says otherwise.
const CACHES: &str = ".vite";

/// Where Nuxt has it.
const CACHES_OF_NUXT: &str = ".cache/vite";

/// The beginning of the warning that goes with each failure to load the wasm, before or after it.
const NO_LANGUAGES: &str = "the folder lang is not beside the script";

fn page(kind: &str, script: &str) -> Page {
    Page::new(format!("<body><script {kind} src=\"{script}\"></script>")).without_widget()
}

async fn open(session: &mut Session, kind: &str, script: &str) -> Result<()> {
    session.open(page(kind, script)).await
}

async fn shows(session: &mut Session, kind: &str, script: &str) -> Result<()> {
    open(session, kind, script).await?;
    session
        .wait(
            "document.querySelector('#w')?.verdict
               && seen(w, 'label') === 'Zoho CRM-Backup' && seen(w, 'badge') === 'Geplant'",
        )
        .await?;
    session.no_errors().await
}

async fn vite(session: &mut Session) -> Result<()> {
    shows(session, MODULE, "{files}/built/vite/main.js").await
}

async fn webpack(session: &mut Session) -> Result<()> {
    shows(session, CLASSIC, "{files}/built/webpack/main.js").await
}

async fn webpack_relative(session: &mut Session) -> Result<()> {
    const SCRIPT: &str = "{files}/built/webpack-relative/main.js";
    shows(session, CLASSIC, SCRIPT).await?;
    let policy = "script-src {files} 'wasm-unsafe-eval'; connect-src {api}";
    session.open(page(CLASSIC, SCRIPT).policy(policy)).await?;
    session.wait("__record.console.length === 2").await?;
    let missing = format!("Add {} to its connect-src", session.files.origin());
    session.expect_console_in_any_order(&[NO_LANGUAGES, &missing]).await
}

async fn rollup(session: &mut Session) -> Result<()> {
    shows(session, MODULE, "{files}/built/rollup/main.js").await
}

async fn rollup_iife(session: &mut Session) -> Result<()> {
    shows(session, CLASSIC, "{files}/built/rollup-iife/main.js").await
}

async fn esbuild(session: &mut Session) -> Result<()> {
    shows(session, MODULE, "{files}/built/esbuild/main.js").await
}

async fn no_module(session: &mut Session) -> Result<()> {
    open(session, CLASSIC, "{files}/built/esbuild-iife/main.js").await?;
    session.wait("__record.console.length === 1").await?;
    session
        .expect_console(&["a bundler has emptied import.meta. Load the script by <script type=\"module\">"])
        .await
}

async fn serves(session: &mut Session, version: &str, excluded: &str) -> Result<Vite> {
    let vite = Vite::start(&session.packages, version, excluded, CACHES).await?;
    shows(session, MODULE, &format!("{}/main.js", vite.origin())).await?;
    Ok(vite)
}

/// Whether the page has loaded the script from the optimised packages.
const IS_OPTIMISED: &str = "performance.getEntriesByType('resource')
    .some(({ name }) => name.includes('/deps/zoho-backup-status.js'))";

async fn vite_8(session: &mut Session) -> Result<()> {
    let _server = serves(session, "vite", "").await?;
    session.wait(IS_OPTIMISED).await
}

async fn vite_7(session: &mut Session) -> Result<()> {
    let _server = serves(session, "vite-7", PACKAGE).await?;
    session.wait(&format!("!{IS_OPTIMISED}")).await
}

async fn vite_7_optimised(session: &mut Session) -> Result<()> {
    let advice = "Add optimizeDeps: { exclude: [\"zoho-backup-status\"] } to Vite's configuration.";
    for caches in [CACHES, CACHES_OF_NUXT] {
        let vite = Vite::start(&session.packages, "vite-7", "", caches).await?;
        open(session, MODULE, &format!("{}/main.js", vite.origin())).await?;
        session.wait("__record.console.length === 2").await?;
        session.expect_console_in_any_order(&[NO_LANGUAGES, advice]).await?;
    }
    Ok(())
}
