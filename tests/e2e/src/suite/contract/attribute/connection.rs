//! Attributes of the request. `refresh-interval` is tested with the feed.

use anyhow::{Result, ensure};

use crate::page::{Page, path};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("contract attribute",
    "proxy-url: is resolved against the document's base; invalid URLs are refused" => proxy_url,
    "proxy-url: blanks are refused, without a request" => blank_url,
    "credentials: cookies go to another origin only with include" => credentials,
);

async fn proxy_url(session: &mut Session) -> Result<()> {
    // The base of the document is the API's origin.
    let relative = path("scheduled");
    let page = format!(
        "<base href=\"{{api}}/\"><zoho-backup-status id=w proxy-url=\"{relative}\"></zoho-backup-status>"
    );
    session.open(Page::new(page)).await?;
    let verdict = session.settled("#w").await?;
    ensure!(verdict.state == "scheduled", "{verdict:?}");
    ensure!(session.requests("scheduled")? == 1, "{} requests", session.requests("scheduled")?);
    let reflects: bool = session.eval(&format!("widget().proxyUrl === '{relative}'")).await?;
    ensure!(reflects, "the property resolves the attribute");

    let long = format!("/{}", "x".repeat(2_048));
    for (url, says) in [
        ("ftp://proxy.example/", "neither https nor http"),
        ("javascript:alert(1)", "neither https nor http"),
        ("https://me@proxy.example/", "user name or password"),
        ("/backup?account=1&Access_Token=x", "a credential"),
        ("https://[proxy", "not a URL"),
        (&long, "2,048 characters"),
        ("", "No proxy URL"),
    ] {
        session
            .run(&format!("widget().proxyUrl = '{url}'; await new Promise(requestAnimationFrame);"))
            .await?;
        let verdict = session.settled("#w").await?;
        ensure!(verdict.state == "error" && verdict.fault_kind() == Some("bad-url"), "{url}: {verdict:?}");
        let cause = verdict.fault.and_then(|fault| fault.cause).unwrap_or_default();
        ensure!(cause.contains(says), "{url}: {cause}");
        let notice = session.text("#w", "notice").await?.unwrap_or_default();
        ensure!(notice.contains(says), "{url} shows {notice}");
    }
    session.expect_requests("scheduled", 1).await?;
    session.no_errors().await
}

async fn blank_url(session: &mut Session) -> Result<()> {
    // Resolved against the base, it would be the page's own address.
    let page = "<script>
           window.asked = [];
           const real = fetch;
           window.fetch = (...request) => { asked.push(String(request[0])); return real(...request); };
         </script>
         <zoho-backup-status id=w proxy-url=\"  \"></zoho-backup-status>";
    session.open(Page::new(page)).await?;
    let is_refused = async || -> Result<()> {
        let shown = session.settled("#w").await?;
        ensure!(shown.state == "error" && shown.fault_kind() == Some("bad-url"), "{shown:?}");
        session.barrier().await?;
        let asked: Vec<String> = session
            .eval("asked.filter((url) => !url.includes('widget_bg.wasm') && !url.endsWith('/scenarios'))")
            .await?;
        ensure!(asked.is_empty(), "{asked:?}");
        session.no_errors().await
    };
    is_refused().await?;
    // The same while the widget runs.
    session.run("widget('#w').label = 'Sales'; widget('#w').proxyUrl = ' \\t\\n ';").await?;
    is_refused().await?;
    session.run("await widget('#w').refresh();").await?;
    is_refused().await
}

/// A cookie of the page is valid for every port of `localhost`, which is another origin of the same site.
async fn credentials(session: &mut Session) -> Result<()> {
    for (credentials, sends) in [("include", true), ("same-origin", false), ("omit", false), ("", false)] {
        // A URL with a query gets no early request: the wasm sends it.
        for query in ["", "?by=wasm"] {
            session.api()?.record().clear();
            session.open(Page::new("").without_widget()).await?;
            session.run("document.cookie = 'session=secret';").await?;
            let api = session.api()?.origin().replace("127.0.0.1", "localhost");
            let url = format!("{api}{}{query}", path("scheduled"));
            let widget = format!(
                "<zoho-backup-status id=w proxy-url=\"{url}\" credentials=\"{credentials}\"></zoho-backup-status>"
            );
            session.open(Page::new(widget)).await?;
            let verdict = session.settled("#w").await?;
            ensure!(verdict.state == "scheduled", "{credentials}: {verdict:?}");
            let requests = session.api()?.record().of("scheduled");
            let [request] = requests.as_slice() else { anyhow::bail!("{} requests", requests.len()) };
            let cookie = request.headers.get("cookie").and_then(|cookie| cookie.to_str().ok());
            session.note(format!("{credentials:?}{query}: {}", cookie.unwrap_or("–")));
            ensure!(
                cookie.is_some_and(|cookie| cookie.contains("session=secret")) == sends,
                "{credentials}{query}: {cookie:?}"
            );
            ensure!(sends || cookie.is_none(), "{credentials}{query}: {cookie:?}");
            session.no_errors().await?;
        }
    }
    // The browser is used for further tests.
    session.run("document.cookie = 'session=; max-age=0';").await
}
