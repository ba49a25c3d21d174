//! The attributes: what they do, given at first and changed later, and what their properties give.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::page::{Page, element, path};
use crate::runner::Test;
use crate::session::Session;
use crate::suite::embed::with_next_run_in;
use crate::suite::{DAY, HOUR, MINUTE, SECOND};

// `refresh-interval` is among the tests of the feed.
pub const TESTS: &[Test] = crate::tests!("contract attribute",
    "proxy-url: relative to the document's base; refused where it may not be asked" => proxy_url,
    "overdue-after: how long a run is due; negative is 0, no number the default" => overdue_after,
    "countdown: auto, minute, second, off" => countdown,
    "countdown: of a run that is overdue" => countdown_overdue,
    "countdown: off shows none of a run that is due" => countdown_off_when_due,
    "time-zone: given, changed, inherited, unknown" => time_zone,
    "hour-cycle: given, changed, inherited" => hour_cycle,
    "lang: given, changed, inherited, unknown" => lang,
    "theme: auto follows the page's color-scheme, light and dark do not" => theme,
    "variant: switches between card and badge" => variant,
    "label: names the heading and the group" => label,
    "href: makes the heading a link, but never to a script" => href,
    "credentials: cookies go to another origin only with include" => credentials,
    "words and numbers that are unknown warn once each" => warnings,
    "a word and a zone that are unknown warn once per page, removed and put back too" => warned_once,
    "properties: defaults, reflection, numbers" => reflection,
);

async fn reads(session: &Session, mode: &str, expected: Option<&str>) -> Result<()> {
    session.run(&format!("widget('#w').countdown = '{mode}';")).await?;
    let text = session.text("#w", "countdown").await?;
    println!("        {mode}: {}", text.as_deref().unwrap_or("–"));
    ensure!(text.as_deref() == expected, "{mode}: {text:?} instead of {expected:?}");
    Ok(())
}

async fn countdown(session: &mut Session) -> Result<()> {
    for (ahead, auto, minute, second) in [
        (DAY + 2 * HOUR + 3 * MINUTE + 4 * SECOND, "1 day, 3 hr", "1 day, 2 hr, 4 min", "1 day 02:03:04"),
        (3 * HOUR + 20 * MINUTE + 10 * SECOND, "3 hr, 21 min", "3 hr, 21 min", "03:20:10"),
        (12 * MINUTE + 34 * SECOND, "12:34", "13 min", "00:12:34"),
        (5 * SECOND, "00:05", "less than a minute", "00:00:05"),
    ] {
        with_next_run_in(session, ahead).await?;
        for (mode, length) in [("auto", auto), ("minute", minute), ("second", second)] {
            reads(session, mode, Some(&format!("Next run in {length}"))).await?;
        }
        reads(session, "off", None).await?;
        // In any case, and taken away again.
        reads(session, " SECOND ", Some(&format!("Next run in {second}"))).await?;
        session.run("widget('#w').countdown = null;").await?;
        let text = session.text("#w", "countdown").await?;
        ensure!(text == Some(format!("Next run in {auto}")), "by default {text:?}");
    }
    session.no_errors().await
}

async fn countdown_overdue(session: &mut Session) -> Result<()> {
    with_next_run_in(session, 0).await?;
    session.advance(DAY + 2 * HOUR + 3 * MINUTE + 4 * SECOND).await?;
    session.shows("#w", "overdue").await?;
    for (mode, length) in
        [("auto", "1 day, 2 hr"), ("minute", "1 day, 2 hr, 3 min"), ("second", "1 day 02:03:04")]
    {
        reads(session, mode, Some(&format!("Overdue by {length}"))).await?;
    }
    reads(session, "off", None).await?;
    session.no_errors().await
}

async fn countdown_off_when_due(session: &mut Session) -> Result<()> {
    with_next_run_in(session, 0).await?;
    session.advance(SECOND).await?;
    session.shows("#w", "due").await?;
    let text = session.text("#w", "countdown").await?;
    ensure!(text.is_some(), "nothing says that it is due");
    reads(session, "off", None).await?;
    session.no_errors().await
}

/// How light the background of each widget's card is, and its text: 0 is black, 1 is white.
async fn lightness(session: &Session, id: &str) -> Result<(f64, f64)> {
    session
        .eval(&format!(
            "['backgroundColor', 'color'].map((name) => {{
               const colour = getComputedStyle(parts(widget('#{id}'), 'card')[0])[name];
               const [red, green, blue] = colour.match(/[\\d.]+/g).map(Number);
               return (red + green + blue) / 3 / 255;
             }})"
        ))
        .await
}

async fn is_light(session: &Session, id: &str, light: bool) -> Result<()> {
    let (background, text) = lightness(session, id).await?;
    let expected = if light { background > 0.9 && text < 0.3 } else { background < 0.2 && text > 0.7 };
    ensure!(expected, "{id}: background {background:.2}, text {text:.2}");
    Ok(())
}

async fn theme(session: &mut Session) -> Result<()> {
    let one =
        |id: &str, theme: &str| element("scheduled").replace("id=\"scheduled\"", &format!("id={id} {theme}"));
    let elements = [
        one("default", ""),
        one("auto", "theme=auto"),
        one("light", "theme=light"),
        one("dark", "theme=dark"),
    ];
    session.open(Page::new(format!("<div id=box>{}</div>", elements.concat()))).await?;
    for id in ["#default", "#auto", "#light", "#dark"] {
        session.settled(id).await?;
    }
    for (scheme, light) in [("normal", true), ("dark", false), ("light", true), ("only dark", false)] {
        for place in ["document.documentElement", "document.querySelector('#box')"] {
            session.run(&format!("{place}.style.colorScheme = '{scheme}';")).await?;
            is_light(session, "default", light).await?;
            is_light(session, "auto", light).await?;
            is_light(session, "light", true).await?;
            is_light(session, "dark", false).await?;
            session.run(&format!("{place}.style.colorScheme = '';")).await?;
        }
    }
    // A badge in a theme of its own can be read on a page of the other one.
    session
        .run("document.documentElement.style.colorScheme = 'dark'; widget('#light').variant = 'badge';")
        .await?;
    is_light(session, "light", true).await?;
    session.run("document.documentElement.style.colorScheme = ''; widget('#light').variant = null;").await?;
    session.run("widget('#light').theme = 'dark'; widget('#dark').theme = null;").await?;
    is_light(session, "light", false).await?;
    is_light(session, "dark", true).await?;
    session.no_errors().await
}

/// A statement that gives `w` a document whose next run is at 16:28:45 UTC of an October's Tuesday.
const OCTOBER: &str = "await customElements.whenDefined('zoho-backup-status');
    window.w ??= widget('#w');
    w.data = { backup: { id: '1', status: 'SCHEDULED', rrule: 'RRULE:FREQ=DAILY',
                         scheduled_date: '2030-10-15T21:58:45+05:30' } };
    await w.ready;";

/// What stands for the next run must contain these words, and none of those.
async fn next_run(session: &Session, words: &[&str], others: &[&str]) -> Result<()> {
    let text: String = session
        .eval("oneLine(parts(w, 'next-run')[0].querySelector('time').innerText)")
        .await
        .context("no next run is shown")?;
    println!("        {text}");
    for word in words {
        ensure!(text.contains(word), "{text} has no {word}");
    }
    for word in others {
        ensure!(!text.contains(word), "{text} has {word}");
    }
    Ok(())
}

/// A widget in two shadow roots, whose outer host stands in a section with these attributes.
async fn inherits(session: &Session, attributes: &str) -> Result<()> {
    session
        .open(Page::new(format!(
            "<section {attributes}><div id=outer></div></section><section id=other></section>"
        )))
        .await?;
    session
        .run(&format!(
            "window.w = document.createElement('zoho-backup-status');
             const inner = document.createElement('div');
             document.querySelector('#outer').attachShadow({{ mode: 'open' }}).append(inner);
             inner.attachShadow({{ mode: 'closed' }}).append(w);
             {OCTOBER}"
        ))
        .await
}

async fn time_zone(session: &mut Session) -> Result<()> {
    inherits(session, "time-zone=Asia/Kolkata").await?;
    next_run(session, &["Tue", "15", "9:58"], &[]).await?;
    session.run("w.timeZone = 'Pacific/Kiritimati';").await?;
    next_run(session, &["Wed", "16", "6:28"], &[]).await?;
    session.run("w.timeZone = 'America/New_York';").await?;
    next_run(session, &["Tue", "15", "12:28"], &["9:58"]).await?;
    session.run("w.timeZone = null;").await?;
    next_run(session, &["9:58"], &["12:28"]).await?;
    session.run("document.querySelector('#other').append(w);").await?;
    // The browser's own.
    next_run(session, &["4:28", "UTC"], &[]).await?;
    session.run("w.timeZone = 'Mars/Base';").await?;
    next_run(session, &["4:28", "UTC"], &[]).await?;
    session.no_errors().await
}

async fn hour_cycle(session: &mut Session) -> Result<()> {
    inherits(session, "hour-cycle=h23").await?;
    next_run(session, &["16:28"], &["PM"]).await?;
    session.run("w.hourCycle = 'h12';").await?;
    next_run(session, &["4:28", "PM"], &["16:28"]).await?;
    session.run("w.hourCycle = null;").await?;
    next_run(session, &["16:28"], &["PM"]).await?;
    session.run("document.querySelector('#other').append(w);").await?;
    next_run(session, &["4:28", "PM"], &[]).await?;
    session.no_errors().await
}

async fn lang(session: &mut Session) -> Result<()> {
    inherits(session, "lang=de").await?;
    next_run(session, &["Di", "15. Okt", "16:28"], &["Tue"]).await?;
    session.run("w.lang = 'en-GB';").await?;
    next_run(session, &["Tue", "15 Oct 2030", "16:28"], &["Di"]).await?;
    session.run("w.lang = 'en-US';").await?;
    next_run(session, &["Tue", "Oct 15, 2030", "4:28"], &[]).await?;
    session.run("w.removeAttribute('lang');").await?;
    next_run(session, &["Di", "15. Okt"], &[]).await?;
    session.run("document.querySelector('#other').append(w);").await?;
    // The page says lang=en.
    next_run(session, &["Tue", "Oct 15, 2030"], &[]).await?;
    session.run("w.lang = 'not_a_language';").await?;
    next_run(session, &["Tue", "Oct 15, 2030"], &[]).await?;
    session.no_errors().await
}

async fn label(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled")).await?;
    session.settled("#scheduled").await?;
    for (given, shown) in [
        ("null", "Zoho CRM backup"),
        ("'Sales – EU'", "Sales – EU"),
        ("'<b>Sales</b> & \"more\"'", "<b>Sales</b> & \"more\""),
        ("'   '", "Zoho CRM backup"),
    ] {
        for variant in ["card", "badge"] {
            session.run(&format!("widget().variant = '{variant}'; widget().label = {given};")).await?;
            let name: String = session.eval("parts(widget(), 'card')[0].getAttribute('aria-label')").await?;
            ensure!(name == shown, "{variant}: {given} is named {name}");
        }
        session.run("widget().variant = 'card';").await?;
        let label = session.text("#scheduled", "label").await?;
        ensure!(label.as_deref() == Some(shown), "{given} shows {label:?}");
    }
    ensure!(session.requests("scheduled")? == 1, "a label is no ground for another request");
    session.no_errors().await
}

async fn variant(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled")).await?;
    session.settled("#scheduled").await?;
    let details = ["label", "reason", "next-run", "schedule", "details", "freshness"];
    let shapes = [("card", true), ("badge", false), ("card", true), ("badge", false)];
    for (variant, has_details) in shapes {
        session.run(&format!("widget().variant = '{variant}';")).await?;
        for part in ["badge", "countdown"] {
            ensure!(session.text("#scheduled", part).await?.is_some(), "the {variant} has no {part}");
        }
        for part in details {
            let shown = session.text("#scheduled", part).await?.is_some();
            ensure!(shown == has_details, "the {variant}'s {part} is shown: {shown}");
        }
        let cards: usize = session.eval("parts(widget(), 'card').length").await?;
        ensure!(cards == 1, "{cards} cards");
        let (height, display): (f64, String) = session
            .eval("[widget().getBoundingClientRect().height, getComputedStyle(widget()).display]")
            .await?;
        println!("        {variant}: {height} px, {display}");
        let in_line = display == "inline-block" && height < 40.0;
        ensure!(in_line != has_details, "{variant}: {height} px, {display}");
    }
    session.run("widget().variant = null;").await?;
    ensure!(session.text("#scheduled", "reason").await?.is_some(), "the default is the card");
    ensure!(session.requests("scheduled")? == 1, "a variant is no ground for another request");
    ensure!(session.events().await?.len() == 1, "a variant is no news");
    session.no_errors().await
}

async fn warnings(session: &mut Session) -> Result<()> {
    let wrong = [
        ("countdown", "fast"),
        ("theme", "pink"),
        ("variant", "tile"),
        ("hour-cycle", "h99"),
        ("credentials", "maybe"),
        ("refresh-interval", "soon"),
        ("overdue-after", "-7"),
        ("time-zone", "Mars/Base"),
        ("lang", "not_a_language"),
    ];
    let attributes: String = wrong.iter().map(|(name, value)| format!(" {name}={value}")).collect();
    session.open(Page::new(element("scheduled").replace(" id=", &format!("{attributes} id=")))).await?;
    session.settled("#scheduled").await?;
    let warned = async |times: usize| -> Result<Vec<String>> {
        session.barrier().await?;
        let console = session.console().await?;
        ensure!(console.len() == times, "{} messages instead of {times}: {console:?}", console.len());
        Ok(console)
    };
    let console = warned(wrong.len()).await?;
    for (name, value) in wrong {
        let found = console.iter().filter(|line| {
            line.starts_with("warn: zoho-backup-status: ") && line.contains(name) && line.contains(value)
        });
        ensure!(found.count() == 1, "not one warning for {name}={value}: {console:?}");
    }
    for change in
        ["label = 'Sales'", "theme = 'dark'", "data = { backup: null }", "data = null", "overdueAfter = 60"]
    {
        session.run(&format!("widget().{change};")).await?;
    }
    session.run("document.body.prepend(widget());").await?;
    warned(wrong.len()).await?;
    session.run("widget().countdown = 'faster';").await?;
    let console = warned(wrong.len() + 1).await?;
    ensure!(console.last().is_some_and(|line| line.contains("\"faster\"")), "{console:?}");
    session.no_errors().await
}

async fn warned_once(session: &mut Session) -> Result<()> {
    let attributes = "countdown=fast time-zone=Mars/Base";
    let one = |id: &str| format!("<zoho-backup-status id={id} {attributes}></zoho-backup-status>");
    session.open(Page::new([one("w"), one("twin")].concat())).await?;
    session.run("window.w = widget('#w'); await w.ready; await widget('#twin').ready;").await?;
    let warned = async || -> Result<()> {
        session.barrier().await?;
        let console = session.console().await?;
        let about = |word| console.iter().filter(|line| line.contains(word)).count();
        ensure!(console.len() == 2 && about("\"fast\"") == 1 && about("\"Mars/Base\"") == 1, "{console:?}");
        Ok(())
    };
    warned().await?;
    session.run("w.remove();").await?;
    session.barrier().await?;
    session.run("document.body.append(w);").await?;
    session.wait("w.verdict").await?;
    warned().await?;
    session.run("w.countdown = 'off'; w.timeZone = 'UTC';").await?;
    session.run("w.countdown = 'fast'; w.timeZone = 'Mars/Base';").await?;
    warned().await?;
    session.no_errors().await
}

/// A cookie that the page has set goes to every port of `localhost`: another origin of the same site.
async fn credentials(session: &mut Session) -> Result<()> {
    for (credentials, sends) in [("include", true), ("same-origin", false), ("omit", false), ("", false)] {
        // A query keeps the element from a head start: then the wasm asks.
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
            println!("        {credentials:?}{query}: {}", cookie.unwrap_or("–"));
            ensure!(
                cookie.is_some_and(|cookie| cookie.contains("session=secret")) == sends,
                "{credentials}{query}: {cookie:?}"
            );
            ensure!(sends || cookie.is_none(), "{credentials}{query}: {cookie:?}");
            session.no_errors().await?;
        }
    }
    // The browser outlives the test.
    session.run("document.cookie = 'session=; max-age=0';").await
}

async fn href(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled")).await?;
    session.settled("#scheduled").await?;
    let link = "widget().shadowRoot.querySelector('[part=label] a')?.href ?? null";
    session.run("widget().href = '/backups'; await new Promise(requestAnimationFrame);").await?;
    let resolved: bool =
        session.eval(&format!("({link}) === new URL('/backups', document.baseURI).href")).await?;
    ensure!(resolved, "the link is {:?}", session.eval::<Value>(link).await?);
    session.run("widget().href = 'javascript:alert(1)'; await new Promise(requestAnimationFrame);").await?;
    let none: Value = session.eval(link).await?;
    ensure!(none.is_null(), "the link is {none}");
    session.no_errors().await
}

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
    session.asked("scheduled", 1).await?;
    session.no_errors().await
}

async fn overdue_after(session: &mut Session) -> Result<()> {
    // Due for 10 minutes.
    session.open(Page::of("due")).await?;
    session.settled("#due").await?;
    let gives = async |given: &str, property: Value, state: &str| -> Result<()> {
        session.run(&format!("widget().setAttribute('overdue-after', '{given}');")).await?;
        session.shows("#due", state).await.with_context(|| format!("overdue-after={given:?}"))?;
        let found: Value = session.eval("widget().overdueAfter").await?;
        ensure!(found == property, "overdue-after={given:?} gives {found}");
        Ok(())
    };
    session.shows("#due", "due").await?;
    gives("60", json!(60), "overdue").await?;
    gives("soon", json!(3600), "due").await?;
    gives("-5", json!(-5), "overdue").await?;
    gives("86400", json!(86_400), "due").await?;
    session.asked("due", 1).await?;
    session.no_errors().await
}

async fn reflection(session: &mut Session) -> Result<()> {
    session.open(Page::new("<zoho-backup-status></zoho-backup-status>")).await?;
    session.wait("customElements.get('zoho-backup-status')").await?;
    let defaults: Value = session
        .eval(
            "(({ proxyUrl, refreshInterval, overdueAfter, countdown, theme, variant, label, credentials }) =>
               ({ proxyUrl, refreshInterval, overdueAfter, countdown, theme, variant, label, credentials }))(widget())",
        )
        .await?;
    println!("        defaults: {defaults}");
    ensure!(defaults["refreshInterval"] == 300 && defaults["overdueAfter"] == 3600, "{defaults}");
    let reflected: Value = session
        .eval(
            "(() => {
               const element = widget();
               element.refreshInterval = 60;
               element.setAttribute('overdue-after', 'soon');
               element.variant = 'badge';
               return [element.getAttribute('refresh-interval'), element.refreshInterval,
                       element.overdueAfter, element.getAttribute('variant')];
             })()",
        )
        .await?;
    ensure!(reflected == json!(["60", 60, 3600, "badge"]), "{reflected}");
    session.no_errors().await
}
