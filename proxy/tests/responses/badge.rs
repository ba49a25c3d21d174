//! The headers of a picture, and what clients that have it are told.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use zoho_backup_proxy::badge_sites::BadgeSites;
use zoho_backup_proxy::route::BADGE_PATH;

use super::*;
use downstream::picture::{GOOD, document, element, title};

fn badge(headers: &str) -> String {
    request("GET", BADGE_PATH, headers)
}

fn good() -> FakeUpstream {
    FakeUpstream::of(|| Ok(document(GOOD)))
}

#[tokio::test]
async fn a_picture_allows_its_own_style_and_nothing_else() {
    let gateways = [
        ("good", good()),
        ("nothing scheduled", FakeUpstream::of(|| Ok(nothing()))),
        ("a fault", FakeUpstream::of(|| Err(Failure::Unreachable))),
    ];
    for (name, upstream) in gateways {
        let gateway = Running::to(upstream).await;
        for query in ["", "?theme=light", "?theme=dark"] {
            let reply = gateway.send(request("GET", &format!("{BADGE_PATH}{query}"), "")).await;
            let hash = BASE64_STANDARD.encode(Sha256::digest(element(reply.text(), "style")));
            let policy = format!("default-src 'none'; style-src 'sha256-{hash}'");
            assert_eq!(reply.header("content-security-policy"), Some(policy.as_str()), "{name} {query}");
            assert_eq!(reply.text().matches("<style").count(), 1, "{name} {query}");
            assert!(!reply.text().contains(" style="), "{name} {query}");
        }
    }
}

#[tokio::test]
async fn a_picture_has_these_headers_and_no_others() {
    let gateway = Running::to(good()).await;
    for origin in [None, Some(LISTED[0])] {
        let headers = origin.map(|origin| format!("origin: {origin}\r\n")).unwrap_or_default();
        let reply = gateway.send(badge(&headers)).await;
        let mut names: Vec<_> = reply.headers.keys().map(|name| name.as_str()).collect();
        names.sort_unstable();
        names.retain(|name| !name.starts_with("access-control-"));
        let expected = [
            "cache-control",
            "connection",
            "content-language",
            "content-length",
            "content-security-policy",
            "content-type",
            "cross-origin-resource-policy",
            "date",
            "etag",
            "vary",
            "x-content-type-options",
            "x-request-id",
        ];
        assert_eq!(names, expected, "{origin:?}");
        assert_eq!(reply.header("cache-control"), Some("private, no-cache"));
        assert_eq!(reply.header("vary"), Some("Origin, Accept-Language"));
        assert_eq!(reply.header("content-language"), Some("en"));
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.header("access-control-allow-origin"), origin);
    }
}

#[tokio::test]
async fn a_theme_has_its_own_picture() {
    let gateway = Running::to(good()).await;
    let theme = async |query| gateway.send(request("GET", &format!("{BADGE_PATH}{query}"), "")).await;
    let [auto, light, dark] = [theme("").await, theme("?theme=light").await, theme("?theme=dark").await];
    for (name, reply, has_light, has_dark) in
        [("auto", &auto, true, true), ("light", &light, true, false), ("dark", &dark, false, true)]
    {
        assert!(title(reply).starts_with("Zoho CRM backup: Scheduled."), "{name}");
        assert_eq!(reply.text().contains("#0a6637"), has_light, "{name}");
        assert_eq!(reply.text().contains("#83e0ab"), has_dark, "{name}");
        assert_eq!(reply.text().contains("prefers-color-scheme"), name == "auto", "{name}");
    }
    let tags = [&auto, &light, &dark].map(|reply| reply.header("etag").unwrap().to_owned());
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2], "{tags:?}");
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_content() {
    for (name, upstream) in [("good", good()), ("a fault", FakeUpstream::of(|| Err(Failure::Unreachable)))] {
        let gateway = Running::to(upstream).await;
        let get = gateway.send(badge("")).await;
        let head = gateway.send(request("HEAD", BADGE_PATH, "")).await;
        assert_eq!((head.status, head.text()), (200, ""), "{name}");
        let names = |reply: &Reply| reply.headers.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&head), names(&get), "{name}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{name}");
        assert_eq!(head.number("content-length"), Some(get.body.len() as u64), "{name}");
        let known = gateway.send(request("HEAD", BADGE_PATH, "if-none-match: *\r\n")).await;
        assert_eq!((known.status, known.text(), known.header("content-length")), (304, "", None), "{name}");
    }
}

#[tokio::test]
async fn pages_of_the_set_sites_may_show_it() {
    let sites: [(Option<&str>, [bool; 3]); 7] = [
        (None, [true, true, true]),
        (Some("same-origin"), [true, true, true]),
        (Some("none"), [true, true, true]),
        (Some("same-site"), [false, true, true]),
        (Some("cross-site"), [false, false, true]),
        (Some("Same-Origin"), [false, false, true]),
        (Some("something-new"), [false, false, true]),
    ];
    let policies = ["same-origin", "same-site", "cross-origin"];
    for (index, badge_sites) in BadgeSites::ALL.into_iter().enumerate() {
        let settings = Settings { badge_sites, ..settings("https://zoho.invalid") };
        let gateway = Running::start(Gateway::with_upstream(settings, good())).await;
        for (site, allowed) in sites {
            let fetched = site.map(|site| format!("sec-fetch-site: {site}\r\n")).unwrap_or_default();
            let reply = gateway.send(badge(&fetched)).await;
            let name = format!("{} for {site:?}", badge_sites.name());
            if allowed[index] {
                title(&reply);
                let policy = reply.header("cross-origin-resource-policy");
                assert_eq!(policy, Some(policies[index]), "{name}");
            } else {
                assert_eq!((reply.status, &*reply.envelope()), (403, "CROSS_SITE"), "{name}");
                let policy = reply.header("cross-origin-resource-policy");
                assert_eq!(policy, Some("same-origin"), "{name}: errors are for nobody else");
            }
            // A page that names its origin is judged by that, as for the answer.
            for (origin, status) in [(LISTED[0], 200), ("https://evil.example", 403), ("null", 403)] {
                let reply = gateway.send(badge(&format!("origin: {origin}\r\n{fetched}"))).await;
                assert_eq!(reply.status, status, "{name} from {origin}");
                if status == 403 {
                    assert_eq!(reply.envelope(), "ORIGIN_NOT_ALLOWED", "{name} from {origin}");
                }
            }
        }
        // The answer itself is for the same readers as ever.
        let answer = gateway.send(get("sec-fetch-site: cross-site\r\n")).await;
        assert_eq!(answer.status, 403);
        let answer = gateway.send(get("")).await;
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"));
        assert_eq!(answer.header("content-security-policy"), Some("default-src 'none'"));
    }
}

#[tokio::test]
async fn a_picture_is_in_the_language_of_its_reader() {
    let gateway = Running::to(good()).await;
    for available in zoho_backup_words::languages::ALL {
        let texts = zoho_backup_words::texts::Texts::default().in_language(Some(available.language));
        let accepted = format!("accept-language: pl, {};q=0.9, en;q=0.8\r\n", available.tag);
        let reply = gateway.send(badge(&accepted)).await;
        assert_eq!(reply.header("content-language"), Some(&*texts.plain("language")), "{}", available.tag);
        assert!(reply.text().contains(&texts.plain("word.scheduled")), "{}", available.tag);
        assert_eq!(reply.header("vary"), Some("Origin, Accept-Language"));
        let known = gateway.send(badge(&format!("{accepted}if-none-match: *\r\n"))).await;
        assert_eq!((known.status, known.header("vary")), (304, Some("Origin, Accept-Language")));
    }
    for accepted in ["pl", "*", "en-GB", "de;q=0", "zh-TW"] {
        let reply = gateway.send(badge(&format!("accept-language: {accepted}\r\n"))).await;
        assert_eq!(reply.header("content-language"), Some("en"), "{accepted}");
    }
}
