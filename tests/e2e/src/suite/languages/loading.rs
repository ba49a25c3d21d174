//! When the sentences come, and what is shown until then.

use anyhow::{Context, Result, ensure};

use super::steps::{WATCH, available, file, is_in, seen, texts};
use crate::page::{Page, element_with};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("languages",
    "the file is asked for while the wasm is on its way" => in_parallel,
    "a card is drawn in its language, and never in English before" => at_once,
    "mount() draws in the language of its option, and never in English before" => mounted,
    "a file that has not come after a second: English, whole, until it comes" => late,
    "a missing file: English, one line on the console, and another look after five minutes" => missing,
    "an altered file is refused" => altered,
    "what a page's own fetch returns in its place is refused" => replaced_fetch,
    "a change of language shows no third one in between" => changed,
    "a page without a language has that of the browser" => of_the_browser,
    "a strict policy needs nothing for it" => policy,
);

const WASM: &str = "/widget_bg.wasm";

fn scheduled(attributes: &str) -> String {
    element_with("w", "scheduled", attributes)
}

/// What the root and the label say in this language.
fn marked(tag: &str) -> String {
    format!("{tag} {}", texts(tag).plain("label"))
}

async fn in_parallel(session: &mut Session) -> Result<()> {
    session.files.hold(WASM);
    session.open(Page::new(format!("<section lang=de>{}</section>", scheduled("")))).await?;
    session.api_sees("the request for the data", |requests| !requests.is_empty()).await?;
    session.wait(&format!("(await fetch('{{files}}/{}')).ok", "custom-elements.json")).await?;
    ensure!(session.files.count(&file("de")) == 1, "{:?}", session.files.requests());
    session.files.release(WASM);
    session.run("window.w = widget();").await?;
    is_in(session, "de", "de").await?;
    ensure!(session.files.count(&file("de")) == 1, "it is asked for once");
    session.no_errors().await
}

async fn at_once(session: &mut Session) -> Result<()> {
    for tag in ["ja", "ar"] {
        session.files.hold(&file(tag));
        session.open(Page::new(format!("<div lang={tag}>{}</div>", scheduled(""))).fake_clock()).await?;
        session.run(WATCH).await?;
        session.wait("__record.responses === undefined || true").await?;
        session.barrier().await?;
        session.advance(999).await?;
        session.barrier().await?;
        ensure!(seen(session).await?.is_empty(), "{:?}", seen(session).await?);
        session.files.release(&file(tag));
        session.wait("(await __clock.settle(), __seen.size > 0)").await?;
        is_in(session, tag, tag).await?;
        let seen = seen(session).await?;
        ensure!(seen == [marked(tag)], "{seen:?}");
    }
    session.no_errors().await
}

async fn mounted(session: &mut Session) -> Result<()> {
    session.open(Page::new("<div id=place></div>").without_widget()).await?;
    session
        .run(&format!(
            "const {{ mount }} = await import('{{files}}/zoho-backup-status.js');
             window.place = widget('#place');
             const attach = place.attachShadow;
             place.attachShadow = function (options) {{
               const root = attach.call(this, options);
               window.w = this;
               window.__seen = new Set();
               new MutationObserver(() => {{
                 const shown = root.querySelector('.widget');
                 const label = shown?.querySelector('[part=label]');
                 if (label) __seen.add(`${{shown.lang}} ${{oneLine(label.textContent)}}`);
               }}).observe(root, {{ attributes: true, childList: true, characterData: true, subtree: true }});
               return root;
             }};
             window.handle = await mount(place, {{ proxyUrl: '{}', lang: 'fr' }});",
            session.url("scheduled")
        ))
        .await?;
    is_in(session, "fr", "fr").await?;
    ensure!(seen(session).await? == [marked("fr")], "{:?}", seen(session).await?);
    session.run("handle.update({ lang: 'es' });").await?;
    is_in(session, "es", "es").await?;
    ensure!(seen(session).await? == [marked("fr"), marked("es")], "{:?}", seen(session).await?);
    session.no_errors().await
}

async fn late(session: &mut Session) -> Result<()> {
    session.files.hold(&file("de"));
    session.open(Page::new(scheduled("lang=de-AT")).fake_clock()).await?;
    session.run(WATCH).await?;
    session.barrier().await?;
    session.advance(1_000).await?;
    session.settled("#w").await?;
    is_in(session, "en", "en").await?;
    let whole: String = session.eval("w.shadowRoot.querySelector('.card').innerText").await?;
    ensure!(whole.contains("Next run in") && whole.contains("Checked"), "{whole}");
    session.files.release(&file("de"));
    is_in(session, "de", "de-AT").await?;
    let seen = seen(session).await?;
    ensure!(seen == [marked("en"), marked("de").replacen("de", "de-AT", 1)], "{seen:?}");
    session.no_errors().await
}

async fn missing(session: &mut Session) -> Result<()> {
    session.files.fail(&file("it"));
    let both = [scheduled("lang=it"), element_with("other", "overdue", "lang=it")];
    session.open_with_fake_clock(both).await?;
    session.run("window.w = widget();").await?;
    is_in(session, "en", "en").await?;
    session.settled("#other").await?;
    session.expect_console(&["the folder lang is not beside the script"]).await?;
    // Looks again only after a while, and says nothing more.
    let asked = session.files.count(&file("it"));
    for milliseconds in [1_000, 290_000] {
        session.advance(milliseconds).await?;
        session.run("look('hidden'); look('visible'); await __clock.settle();").await?;
        session.barrier().await?;
    }
    ensure!(session.files.count(&file("it")) == asked, "it is asked for again too soon");
    session.advance(60_000).await?;
    session.run("look('hidden'); look('visible'); await __clock.settle();").await?;
    session.barrier().await?;
    ensure!(session.files.count(&file("it")) == asked + 1, "it is not asked for again");
    is_in(session, "en", "en").await?;
    session.files.recover(&file("it"));
    session.advance(400_000).await?;
    session.run("look('hidden'); look('visible'); await __clock.settle();").await?;
    session
        .wait(&format!("w.shadowRoot.querySelector('.widget').lang === '{}'", available("it")?.tag))
        .await?;
    session.expect_console(&[]).await?;
    session.no_errors().await
}

async fn altered(session: &mut Session) -> Result<()> {
    session.files.alter(&file("nl"));
    session.open(Page::new(scheduled("lang=nl"))).await?;
    session.run("window.w = widget();").await?;
    session.settled("#w").await?;
    is_in(session, "en", "en").await?;
    session.expect_console(&["the folder lang is not beside the script, unaltered"]).await?;
    session.no_errors().await
}

async fn replaced_fetch(session: &mut Session) -> Result<()> {
    for answer in [
        "new Response('')",
        "new Response('<!doctype html>')",
        "({ text: () => 7 })",
        "undefined",
        "Promise.reject()",
    ] {
        let own = format!(
            "<script>
               const native = fetch;
               window.fetch = (url, ...rest) => String(url).includes('/lang/') ? {answer} : native(url, ...rest);
             </script>{}",
            scheduled("lang=fr")
        );
        session.open(Page::new(own)).await?;
        session.settled("#w").await.with_context(|| answer)?;
        session.run("window.w = widget();").await?;
        is_in(session, "en", "en").await.with_context(|| answer)?;
        session.expect_console(&["the folder lang is not beside the script"]).await?;
    }
    session.no_errors().await
}

async fn changed(session: &mut Session) -> Result<()> {
    session.open(Page::new(scheduled("lang=de"))).await?;
    session.settled("#w").await?;
    session.run(WATCH).await?;
    is_in(session, "de", "de").await?;
    session.files.hold(&file("ar"));
    session.run("w.lang = 'ar';").await?;
    session.barrier().await?;
    is_in(session, "de", "de").await?;
    // Not even if it takes longer than the first one may.
    session.run("await new Promise((done) => setTimeout(done, 1_100)); w.label = '';").await?;
    is_in(session, "de", "de").await?;
    session.files.release(&file("ar"));
    is_in(session, "ar", "ar").await?;
    session.run("w.lang = 'de';").await?;
    is_in(session, "de", "de").await?;
    session.run("w.lang = 'en-GB';").await?;
    is_in(session, "en", "en-GB").await?;
    let english = marked("en").replacen("en", "en-GB", 1);
    let expected = [marked("de"), marked("ar"), english];
    let seen = seen(session).await?;
    // Language and texts change in one task, but one after the other.
    let mixed: Vec<_> = seen.iter().filter(|it| !expected.contains(it)).collect();
    ensure!(mixed.is_empty(), "{mixed:?}");
    ensure!(session.files.count(&file("de")) == 1, "a file is asked for once");
    session.no_errors().await
}

async fn of_the_browser(session: &mut Session) -> Result<()> {
    let page = format!(
        "<script>
           document.documentElement.removeAttribute('lang');
           Object.defineProperty(Navigator.prototype, 'language', {{ get: () => 'zh-CN' }});
         </script>{}",
        scheduled("")
    );
    session.open(Page::new(page)).await?;
    session.run("window.w = widget();").await?;
    is_in(session, "zh-Hans", "zh-CN").await
}

async fn policy(session: &mut Session) -> Result<()> {
    let strict = "default-src 'none'; script-src {files} 'wasm-unsafe-eval'; connect-src {files} {api}";
    session.open(Page::new(scheduled("lang=hi")).policy(strict)).await?;
    session.run("window.w = widget();").await?;
    is_in(session, "hi", "hi").await?;
    let violations = session.violations().await?;
    ensure!(violations.is_empty(), "{violations:?}");
    session.no_errors().await
}
