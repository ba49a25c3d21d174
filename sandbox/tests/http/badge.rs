//! The badge of each scenario as a picture.

use sandbox::wire_response::WireResponse;
use sandbox::{SCENARIOS, Sandbox};

use crate::client::{Response, get, request, sandbox};

async fn badge(sandbox: &Sandbox, name: &str) -> Response {
    let response = get(sandbox, &format!("/scenarios/{name}/badge.svg")).await;
    assert_eq!(response.status, 200, "{name}");
    assert_eq!(response.header("content-type"), Some("image/svg+xml; charset=utf-8"), "{name}");
    response
}

fn title(response: &Response) -> &str {
    let (_, rest) = response.text().split_once("<title>").expect("a title");
    rest.split_once("</title>").expect("its end").0
}

#[tokio::test]
async fn every_scenario_has_a_picture() {
    let sandbox = sandbox().await;
    for scenario in SCENARIOS {
        let response = badge(&sandbox, scenario.name).await;
        let title = title(&response);
        assert!(title.starts_with("Zoho CRM backup: ") && title.contains(" As of 20"), "{title}");
        // Of every fault, what went wrong and what to do.
        let is_fault = title.starts_with("Zoho CRM backup: Not available.");
        assert!(!is_fault || title.matches(". ").count() >= 4, "{}: {title}", scenario.name);
        assert!(!title.contains('{') && !title.contains("  "), "{}: {title}", scenario.name);
    }
}

#[tokio::test]
async fn a_picture_is_of_the_scenarios_reply() {
    let sandbox = sandbox().await;
    for (name, words) in [
        ("scheduled", "Scheduled. The next run is planned. Next run: "),
        ("due", "Due. The run is due"),
        ("overdue", "Overdue. The run should have started on "),
        ("failed", "Failed. Zoho reports that the last backup failed. Next run: "),
        ("none", "Not set up. "),
        ("null-backup", "Not set up. "),
        ("hostile-text", "Scheduled. "),
        (
            "no-permission",
            "Not available. The state of the backup is not known. The user of the proxy's token may not",
        ),
        ("html", "The answer is a web page, perhaps for signing on."),
        ("redirect", "The proxy answered with a redirect, as it does when a sign-on has expired."),
        ("too-large", "The answer is larger than any backup document."),
        ("slow", "The proxy did not answer in time."),
        ("stalled", "The proxy did not answer in time."),
        ("dripping", "The proxy did not answer in time."),
        ("dropped", "The proxy does not answer, or does not allow this page to read its answer (CORS)."),
        ("reset", "The proxy does not answer, or does not allow this page to read its answer (CORS)."),
        ("cut-off", "The proxy does not answer, or does not allow this page to read its answer (CORS)."),
        ("no-cors", "Scheduled. "),
    ] {
        let response = badge(&sandbox, name).await;
        assert!(title(&response).contains(words), "{name}: {}", title(&response));
    }
}

#[tokio::test]
async fn the_picture_at_the_root_is_of_zohos_own_path() {
    let sandbox = sandbox().await;
    let response = get(&sandbox, "/badge.svg").await;
    assert!(title(&response).starts_with("Zoho CRM backup: Scheduled."));
    sandbox.play("scheduled", WireResponse::empty(204));
    let response = get(&sandbox, "/badge.svg").await;
    assert!(title(&response).starts_with("Zoho CRM backup: Not set up."), "what a test plays, too");
}

#[tokio::test]
async fn pictures_count_as_no_request_of_their_scenario() {
    let sandbox = sandbox().await;
    for _ in 0..3 {
        assert!(title(&badge(&sandbox, "flapping").await).starts_with("Zoho CRM backup: Scheduled."));
    }
    assert_eq!((sandbox.record().count("flapping"), sandbox.record().all().len()), (0, 3));
}

#[tokio::test]
async fn only_the_theme_is_a_query() {
    let sandbox = sandbox().await;
    for (query, has_light, has_dark) in
        [("", true, true), ("?theme=light", true, false), ("?theme=dark", false, true)]
    {
        let response = get(&sandbox, &format!("/badge.svg{query}")).await;
        let has = |colour| response.text().contains(colour);
        assert_eq!((has("#0a6637"), has("#83e0ab")), (has_light, has_dark), "{query}");
    }
    for query in ["?", "?theme=auto", "?theme=light&x", "?x"] {
        assert_eq!(get(&sandbox, &format!("/badge.svg{query}")).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn it_is_only_read_and_only_of_a_scenario() {
    let sandbox = sandbox().await;
    let response = request(&sandbox, "POST", "/badge.svg", "").await;
    assert_eq!((response.status, response.header("allow")), (405, Some("GET, HEAD")));
    let response = request(&sandbox, "HEAD", "/badge.svg", "").await;
    assert_eq!((response.status, response.text()), (200, ""));
    assert_eq!(get(&sandbox, "/scenarios/nothing/badge.svg").await.status, 404);
}
