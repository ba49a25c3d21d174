//! Which proxy URLs get a head start, and which are refused: the page's side of `www/proxy-url-cases.json`.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::page::Page;
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("proxy URL",
    "a head start is sent exactly where the table of cases says, and refusals are shown" => table,
);

const CASES: &str = include_str!("../../../../www/proxy-url-cases.json");
const ENGLISH: &str = include_str!("../../../../words/src/english.txt");
const WASM: &str = "/widget_bg.wasm";

#[derive(Deserialize)]
struct Case {
    name: String,
    page: String,
    refusal: Option<String>,
}

/// The sentence that is shown for a refusal.
fn cause(refusal: &str) -> Result<&'static str> {
    let prefix = format!("cause.bad-url.{refusal} = ");
    ENGLISH.lines().find_map(|line| line.strip_prefix(&prefix)).context("a refusal without a sentence")
}

async fn table(session: &mut Session) -> Result<()> {
    session.files.hold(WASM);
    let page = format!(
        "<script>
           window.asked = [];
           const real = fetch;
           window.fetch = (...request) => {{
             if (/widget_bg.wasm|scenarios$/.test(request[0])) return real(...request);
             asked.push(request[0]);
             return new Promise(() => {{}});
           }};
           // The test's page is itself http, so cases of an https page are left to core's own test.
           window.cases = {CASES}.filter(({{ page }}) => page === 'http');
           const resolved = (url) => {{
             const {{ href }} = new URL(url.trim(), document.baseURI);
             return href.split('#')[0];
           }};
           for (const row of cases) {{
             if (row.paddedTo) row.url += 'x'.repeat(row.paddedTo - resolved(row.url).length);
             row.element = document.createElement('zoho-backup-status');
             if (row.url != null) row.element.setAttribute('proxy-url', row.url);
             document.documentElement.append(row.element);
           }}
           window.expected = [...new Set(cases.filter(({{ headStart }}) => headStart).map(({{ url }}) => resolved(url)))];
         </script>"
    );
    session.open(Page::new(page)).await?;
    session.wait("asked.length >= expected.length").await?;
    session.barrier().await?;
    let (asked, expected): (Vec<String>, Vec<String>) = session.eval("[asked, expected]").await?;
    let sorted = |mut urls: Vec<String>| {
        urls.sort();
        urls
    };
    ensure!(sorted(asked.clone()) == sorted(expected.clone()), "asked {asked:?} instead of {expected:?}");

    session.files.release(WASM);
    session.wait("cases.every(({ element }) => element.verdict)").await?;
    let shown: Vec<(Option<String>, Option<String>)> = session
        .eval(
            "cases.map(({ element: { verdict: { fault } } }) => [fault?.kind ?? null, fault?.cause ?? null])",
        )
        .await?;
    let cases: Vec<Case> = serde_json::from_str(CASES)?;
    let cases: Vec<_> = cases.into_iter().filter(|case| case.page == "http").collect();
    ensure!(cases.len() == shown.len(), "{} cases, {} elements", cases.len(), shown.len());
    for (Case { name, refusal, .. }, (kind, shown)) in cases.iter().zip(shown) {
        match refusal {
            Some(refusal) => {
                let is_shown =
                    kind.as_deref() == Some("bad-url") && shown.as_deref() == Some(cause(refusal)?);
                ensure!(is_shown, "{name}: {kind:?} {shown:?} instead of {refusal}");
            }
            None => ensure!(kind.is_none(), "{name}: {kind:?} {shown:?}, although it is no refusal"),
        }
    }
    session.no_errors().await
}
