//! Core and script agree on proxy URLs: `www/proxy-url-cases.json` says what each does with which URL.
//!
//! Core's part is tested here, the script's in a whole page. A case has the scheme of the page; the URL as the host
//! writes it, with `x` appended until the resolved URL has `paddedTo` characters; why core refuses it; and whether the
//! script sends a head start for it.

use serde_json::Value;
use url::Url;
use zoho_backup_core::proxy_url::{MAX_CHARACTERS, UrlParts, UrlRefusal, judge};

const CASES: &str = include_str!("../../www/proxy-url-cases.json");

fn cases() -> Vec<Value> {
    serde_json::from_str(CASES).unwrap()
}

/// What core says of a URL as src/endpoint.rs asks it.
fn refusal(case: &Value) -> Result<(), UrlRefusal> {
    let scheme = case["page"].as_str().unwrap();
    let page = Url::parse(&format!("{scheme}://portal.example/admin/")).unwrap();
    let written = case["url"].as_str().map(str::trim).filter(|url| !url.is_empty());
    let mut url = page.join(written.ok_or(UrlRefusal::Missing)?).map_err(|_| UrlRefusal::Invalid)?;
    if let Some(length) = case["paddedTo"].as_u64() {
        let padding = usize::try_from(length).unwrap() - url.as_str().len();
        url = page.join(&format!("{}{}", written.unwrap_or_default(), "x".repeat(padding))).unwrap();
    }
    url.set_fragment(None);
    let keys: Vec<_> = url.query_pairs().map(|(key, _)| key.into_owned()).collect();
    let parts = UrlParts {
        href: url.as_str(),
        protocol: &format!("{}:", url.scheme()),
        username: url.username(),
        password: url.password().unwrap_or_default(),
        hostname: url.host_str().unwrap_or_default(),
    };
    judge(&parts, keys.iter().map(String::as_str), scheme == "http")
}

#[test]
fn core_judges_every_case_as_the_table_says() {
    for case in cases() {
        let refused = refusal(&case).err().map(UrlRefusal::name);
        assert_eq!(refused, case["refusal"].as_str(), "{}", case["name"]);
    }
}

#[test]
fn no_head_start_is_sent_to_a_url_that_core_refuses() {
    for case in cases() {
        let is_sent = case["headStart"].as_bool().unwrap();
        assert!(!is_sent || case["refusal"].is_null(), "{}", case["name"]);
    }
}

#[test]
fn the_table_has_every_refusal_and_the_longest_url() {
    for refusal in UrlRefusal::ALL {
        let is_named = cases().iter().any(|case| case["refusal"].as_str() == Some(refusal.name()));
        assert!(is_named, "no case is refused as {refusal}");
    }
    let lengths: Vec<_> = cases().iter().filter_map(|case| case["paddedTo"].as_u64()).collect();
    let longest = MAX_CHARACTERS as u64;
    assert_eq!(lengths, [longest, longest + 1]);
}
