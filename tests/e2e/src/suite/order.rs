//! The order of requests: data and wasm are fetched side by side, each once.

use anyhow::{Context, Result, ensure};

use crate::page::Page;
use crate::runner::Test;
use crate::session::Session;

pub const TESTS: &[Test] = crate::tests!("order",
    "the data is asked for before the wasm has arrived, once" => data_before_wasm,
    "the skeleton is there before the wasm, without a word" => skeleton_before_wasm,
);

const SCRIPT: &str = "/zoho-backup-status.js";
const WASM: &str = "/widget_bg.wasm";

async fn data_before_wasm(session: &mut Session) -> Result<()> {
    session.files.hold(WASM);
    session.open(Page::of("scheduled")).await?;
    session
        .api_sees("the request for the data while the wasm is held back", |requests| !requests.is_empty())
        .await?;
    session.files.release(WASM);
    session.settled("#scheduled").await?;
    session.barrier().await?;

    let requests = session.requests("scheduled")?;
    ensure!(requests == 1, "the data was asked for {requests} times");
    for file in [SCRIPT, WASM] {
        let times = session.files.times_asked(file);
        ensure!(times == 1, "{file} was asked for {times} times");
    }
    print_order(session)?;
    session.no_errors().await
}

fn print_order(session: &Session) -> Result<()> {
    let mut seen: Vec<_> = session.files.asked().into_iter().map(|asked| (asked.at, asked.path)).collect();
    seen.extend(
        session.api()?.record().of("scheduled").into_iter().map(|request| (request.at, request.path)),
    );
    seen.sort();
    let start = seen.first().context("nothing was asked for")?.0;
    for (at, path) in seen {
        println!("        {:4} ms  {path}", (at - start).as_millis());
    }
    println!("        (the wasm was held back until the data had been asked for)");
    Ok(())
}

async fn skeleton_before_wasm(session: &mut Session) -> Result<()> {
    session.files.hold(WASM);
    session.open(Page::of("scheduled")).await?;
    session.wait("widget().shadowRoot").await?;
    let visible: bool = session.eval("visible(widget())").await?;
    ensure!(visible, "nothing is on screen before the wasm");
    let words: String = session.eval("oneLine(widget().shadowRoot.textContent)").await?;
    ensure!(words.is_empty(), "the skeleton speaks: {words}");
    session.files.release(WASM);
    session.settled("#scheduled").await.map(drop)
}
