//! The widget in a real browser, from the `data` that its host supplies: every state, updates, unmounting.

use leptos::task::tick;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode};
use zoho_backup_status::core::news::HostEvent;
use zoho_backup_status::widget::{HostInput, Widget};

wasm_bindgen_test_configure!(run_in_browser);

struct Page {
    host: HtmlElement,
    root: ShadowRoot,
}

impl Page {
    fn new() -> Page {
        let document = web_sys::window().unwrap().document().unwrap();
        let host = document.create_element("div").unwrap().unchecked_into::<HtmlElement>();
        document.body().unwrap().append_child(&host).unwrap();
        let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).unwrap();
        Page { host, root }
    }

    async fn mount(&self, options: &str) -> Widget {
        let widget = Widget::mount(self.host.clone(), &self.root, given(options), None, None);
        tick().await;
        widget
    }

    /// What a part of the widget reads; empty if it is not there.
    fn text(&self, part: &str) -> String {
        let node = self.root.query_selector(&format!("[part='{part}']")).unwrap();
        node.and_then(|node| node.text_content()).unwrap_or_default().trim().to_owned()
    }

    fn attribute(&self, part: &str, name: &str) -> String {
        let node = self.root.query_selector(&format!("[part='{part}']")).unwrap().unwrap();
        node.get_attribute(name).unwrap_or_default()
    }

    fn count(&self, selector: &str) -> u32 {
        self.root.query_selector_all(selector).unwrap().length()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.host.remove();
    }
}

/// Options as a host writes them, in JSON.
fn given(options: &str) -> HostInput {
    HostInput::read(&js_sys::JSON::parse(options).unwrap())
}

/// The options that show a document with these members.
fn data(members: &str) -> String {
    format!(r#"{{"data":{{"backup":{{{members}}}}}}}"#)
}

/// A date so many seconds from now, as Zoho writes it.
fn date(seconds: f64) -> String {
    let at = js_sys::Date::new(&JsValue::from_f64(js_sys::Date::now() + seconds * 1_000.0));
    String::from(at.to_iso_string())
}

fn document(status: &str, seconds: f64) -> String {
    data(&format!(r#""status":"{status}","scheduled_date":"{}","rrule":"RRULE:FREQ=DAILY""#, date(seconds)))
}

fn verdict(widget: &Widget, member: &str) -> String {
    js_sys::Reflect::get(&widget.verdict(), &member.into()).unwrap().as_string().unwrap_or_default()
}

const DAY: f64 = 86_400.0;

#[wasm_bindgen_test]
async fn every_state_has_its_word_tone_and_icon() {
    let cases = [
        (document("SCHEDULED", 2.0 * DAY), "scheduled", "good", "Scheduled"),
        (document("SCHEDULED", -600.0), "due", "info", "Due"),
        (document("SCHEDULED", -5.0 * 3_600.0), "overdue", "warning", "Overdue"),
        (document("INPROGRESS", -600.0), "running", "info", "Running"),
        (document("COMPLETED", DAY), "completed", "good", "Completed"),
        (document("FAILED", DAY), "failed", "bad", "Failed"),
        (document("STOPPED", DAY), "stopped", "warning", "Stopped"),
        (document("PAUSED", DAY), "unknown", "warning", "Unknown"),
        (data(r#""status":"SCHEDULED""#), "one-off", "info", "One-off"),
        (r#"{"data":{"backup":null}}"#.to_owned(), "none", "warning", "Not set up"),
        (r#"{"data":{}}"#.to_owned(), "error", "warning", "Not available"),
        // The feed's first answer is never there at once.
        (r#"{"proxyUrl":"/nowhere"}"#.to_owned(), "loading", "neutral", "Checking"),
    ];
    let mut icons = Vec::new();
    for (options, state, tone, word) in cases {
        let page = Page::new();
        let widget = page.mount(&options).await;
        assert_eq!(page.text("badge"), word, "{options}");
        assert_eq!(page.attribute("card", "data-state"), state, "{options}");
        assert_eq!(page.attribute("card", "data-tone"), tone, "{options}");
        assert_eq!(
            (verdict(&widget, "state"), verdict(&widget, "tone")),
            (state.to_owned(), tone.to_owned())
        );
        assert_ne!(page.text("reason"), "", "{options}");
        let icon =
            page.root.query_selector("[part='icon'] path").unwrap().unwrap().get_attribute("d").unwrap();
        assert!(!icons.contains(&icon), "{state} has the icon of another state");
        icons.push(icon);
    }
}

#[wasm_bindgen_test]
async fn a_card_tells_the_next_run_the_rule_and_the_requester() {
    let page = Page::new();
    let members = r#""status":"SCHEDULED","scheduled_date":"2999-07-26T09:58:45+05:30","rrule":"RRULE:FREQ=WEEKLY;BYDAY=TU","requester":{"name":"Patricia Boyle"}"#;
    let options = data(members).replacen('{', r#"{"timeZone":"Asia/Kolkata","lang":"en-GB","#, 1);
    let widget = page.mount(&options).await;
    assert!(page.text("next-run").contains("Fri, 26 Jul 2999"), "{}", page.text("next-run"));
    assert!(page.text("next-run").contains("9:58"), "{}", page.text("next-run"));
    assert_eq!(
        page.root.query_selector("time").unwrap().unwrap().get_attribute("datetime").unwrap(),
        "2999-07-26T04:28:45Z"
    );
    assert!(page.text("schedule").contains("Every week on Tuesday at 9:58"), "{}", page.text("schedule"));
    assert!(page.text("requester").ends_with("Patricia Boyle"));
    assert!(page.text("details").starts_with("Details"));
    assert!(page.text("countdown").starts_with("Next run in "), "{}", page.text("countdown"));
    assert_eq!(verdict(&widget, "nextRun"), "2999-07-26T04:28:45Z");
}

#[wasm_bindgen_test]
async fn the_badge_is_one_line() {
    let page = Page::new();
    let _widget = page.mount(&document("SCHEDULED", DAY).replacen('{', r#"{"variant":"badge","#, 1)).await;
    assert_eq!(page.text("badge"), "Scheduled");
    assert!(page.text("countdown").contains("Next run in"));
    assert_eq!(page.count("[part='reason'], [part='refresh'], dl"), 0);
    assert_eq!(page.attribute("card", "aria-label"), "Zoho CRM backup");
}

#[wasm_bindgen_test]
async fn an_update_changes_what_is_shown_and_keeps_the_elements() {
    let page = Page::new();
    let widget = page.mount(&document("SCHEDULED", DAY)).await;
    let card = page.root.query_selector("[part='card']").unwrap().unwrap();
    let button = page.root.query_selector("[part='refresh']").unwrap().unwrap();
    widget.update(given(&document("FAILED", DAY).replacen('{', r#"{"label":"Sales","theme":"dark","#, 1)));
    tick().await;
    assert_eq!((page.text("badge"), page.text("label")), ("Failed".to_owned(), "Sales".to_owned()));
    assert_eq!(page.attribute("card", "data-theme"), "dark");
    assert!(card.is_same_node(page.root.query_selector("[part='card']").unwrap().as_deref()));
    assert!(button.is_same_node(page.root.query_selector("[part='refresh']").unwrap().as_deref()));
}

#[wasm_bindgen_test]
async fn a_change_of_variant_redraws() {
    let page = Page::new();
    let options = document("COMPLETED", DAY);
    let widget = page.mount(&options).await;
    for (variant, lines) in [("badge", 1), ("card", 0), ("badge", 1)] {
        widget.update(given(&options.replacen('{', &format!(r#"{{"variant":"{variant}","#), 1)));
        tick().await;
        assert_eq!((page.count(".line"), page.count(".card")), (lines, 1 - lines), "{variant}");
        assert_eq!(page.text("badge"), "Completed");
    }
}

#[wasm_bindgen_test]
async fn dropping_a_widget_empties_its_root() {
    let page = Page::new();
    let widget = page.mount(&document("SCHEDULED", DAY)).await;
    assert_ne!(page.root.child_element_count(), 0);
    drop(widget);
    assert_eq!(page.root.child_element_count(), 0);
    assert_eq!(page.root.text_content().unwrap_or_default(), "");
}

#[wasm_bindgen_test]
async fn what_the_host_does_itself_is_no_event() {
    let page = Page::new();
    let events = Rc::new(RefCell::new(Vec::new()));
    let heard = events.clone();
    let listener = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        heard.borrow_mut().push(event.type_());
    });
    for event in HostEvent::ALL {
        let name = event.name();
        page.host.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref()).unwrap();
    }
    let widget = page.mount(&document("SCHEDULED", DAY)).await;
    widget.update(given(&document("FAILED", DAY)));
    widget.update(given(r#"{"data":"no document"}"#));
    widget.update(given(r#"{"proxyUrl":"ftp://proxy.example"}"#));
    tick().await;
    assert_eq!(page.text("badge"), "Not available");
    assert_eq!(*events.borrow(), Vec::<String>::new());
}

#[wasm_bindgen_test]
async fn a_refused_proxy_url_says_why_and_what_to_do() {
    let cases = [
        ("{}", "No proxy URL is set."),
        (r#"{"proxyUrl":"https://"}"#, "The proxy URL is not a URL."),
        (r#"{"proxyUrl":"ftp://proxy.example/"}"#, "The proxy URL is neither https nor http."),
        (r#"{"proxyUrl":"https://me:it@proxy.example/"}"#, "The proxy URL contains a user name or password."),
        (r#"{"proxyUrl":"/crm?Access_Token=1000.x"}"#, "The query of the proxy URL contains a credential."),
    ];
    for (options, cause) in cases {
        let page = Page::new();
        let _widget = page.mount(options).await;
        assert!(page.text("notice").starts_with(cause), "{options}: {}", page.text("notice"));
        assert!(page.text("notice").len() > cause.len() + 20, "{options} names no remedy");
        assert!(!page.text("notice").contains("1000.x"), "a secret is shown");
    }
}

#[wasm_bindgen_test]
async fn a_host_has_sentences_of_its_own() {
    let page = Page::new();
    let messages =
        r#"{"messages":{"word.failed":"Missglückt","label":"CRM","no.such":"x","reason.failed":7},"#;
    let _widget = page.mount(&document("FAILED", DAY).replacen('{', messages, 1)).await;
    assert_eq!((page.text("badge"), page.text("label")), ("Missglückt".to_owned(), "CRM".to_owned()));
    assert_eq!(page.text("reason"), "Zoho reports that the last backup failed.");
}

#[wasm_bindgen_test]
async fn the_heading_links_to_pages_only() {
    let cases = [
        ("https://crm.zoho.com/backup", Some("https://crm.zoho.com/backup")),
        ("javascript:alert(1)", None),
        ("data:text/html,hello", None),
        ("https://", None),
    ];
    for (href, expected) in cases {
        let page = Page::new();
        let options = document("FAILED", DAY).replacen('{', &format!(r#"{{"href":"{href}","#), 1);
        let widget = page.mount(&options).await;
        let link = || page.root.query_selector("[part='label'] a").unwrap();
        assert_eq!(link().and_then(|link| link.get_attribute("href")).as_deref(), expected, "{href}");
        assert_eq!(page.text("label"), "Zoho CRM backup");
        widget.update(given(&document("FAILED", DAY)));
        tick().await;
        assert!(link().is_none());
    }
}

#[wasm_bindgen_test]
async fn text_from_outside_is_never_markup() {
    let page = Page::new();
    let hostile = "<img src=x onerror=alert(1)><script>alert(1)</script>";
    let members = format!(
        r#""status":"{hostile}","rrule":"{hostile}","requester":{{"name":"{hostile}"}},"scheduled_date":"{hostile}""#
    );
    let _widget = page.mount(&data(&members)).await;
    assert_eq!(page.count("img, script"), 0);
    assert!(page.text("reason").contains(hostile));
    assert!(page.text("requester").ends_with(hostile));
    assert_eq!(page.count("bdi"), 3);
}

#[wasm_bindgen_test]
async fn texts_that_cannot_be_seen_make_no_rows() {
    for blank in ["", " ", "\\u200b", "\\u00ad\\u2060", "\\udb40\\udc41", "\\u3164"] {
        let page = Page::new();
        let members = format!(
            r#""status":"{blank}","id":"{blank}","rrule":"{blank}","requester":{{"name":"{blank}","id":"{blank}","zuid":"{blank}"}}"#
        );
        let options = data(&members).replacen('{', &format!(r#"{{"label":"{blank}","href":"/crm","#), 1);
        let _widget = page.mount(&options).await;
        assert_eq!(page.count("dt, dd, details"), 0, "{blank:?}");
        assert_eq!(page.text("label"), "Zoho CRM backup", "{blank:?}");
        assert!(page.text("reason").contains('"'), "{blank:?}: {}", page.text("reason"));
    }
    let page = Page::new();
    let _widget =
        page.mount(&data(r#""id":"5","requester":{"name":"Zo\u200b\u00eb","id":" ","zuid":null}"#)).await;
    assert_eq!(page.count("dt"), 2);
    assert!(page.text("requester").ends_with("Zoë"), "{}", page.text("requester"));
}

#[wasm_bindgen_test]
async fn a_date_that_has_passed_is_not_called_the_next_run() {
    for (status, seconds) in
        [("SCHEDULED", -600.0), ("SCHEDULED", -2.0 * DAY), ("SCHEDULED", DAY), ("FAILED", DAY)]
    {
        let page = Page::new();
        let _widget = page.mount(&document(status, seconds)).await;
        let term = if seconds < 0.0 { "Planned run" } else { "Next run" };
        assert!(page.text("next-run").starts_with(term), "{status} {seconds}: {}", page.text("next-run"));
    }
    for status in ["COMPLETED", "FINISHED", "FAILED", "INPROGRESS", "STOPPED", "PAUSED"] {
        let page = Page::new();
        let _widget = page.mount(&document(status, -600.0)).await;
        assert_eq!(page.count("[part='next-run']"), 0, "{status}");
    }
}

#[wasm_bindgen_test]
async fn a_document_with_a_cycle_or_a_throwing_getter_is_malformed() {
    for script in
        ["const a = {}; a.backup = a; return {data: a}", "return {data: {get backup() { throw 1 }}}"]
    {
        let options = js_sys::Function::new_no_args(script).call0(&JsValue::NULL).unwrap();
        let page = Page::new();
        let widget = Widget::mount(page.host.clone(), &page.root, HostInput::read(&options), None, None);
        tick().await;
        assert_eq!(verdict(&widget, "state"), "error", "{script}");
        assert!(
            page.text("notice").starts_with("What this page supplied is not a backup document."),
            "{script}"
        );
    }
}

#[wasm_bindgen_test]
async fn language_and_zone_are_inherited_across_shadow_roots() {
    let outer = Page::new();
    outer.host.set_attribute("lang", "en-GB").unwrap();
    outer.host.set_attribute("time-zone", "Asia/Tokyo").unwrap();
    let page = Page::new();
    outer.root.append_child(&page.host).unwrap();
    let _widget = page.mount(&data(r#""status":"SCHEDULED","scheduled_date":"2999-07-26T09:58:45Z""#)).await;
    assert!(page.text("next-run").contains("18:58"), "{}", page.text("next-run"));
    assert!(page.text("next-run").contains("26 Jul 2999"), "{}", page.text("next-run"));
}

#[wasm_bindgen_test]
async fn where_no_language_can_be_loaded_all_is_english() {
    let page = Page::new();
    let options = document("SCHEDULED", DAY).replacen('{', r#"{"lang":"de","#, 1);
    let _widget = page.mount(&options).await;
    assert_eq!(page.text("label"), "Zoho CRM backup");
    let shown = page.root.last_element_child().unwrap();
    assert_eq!(shown.get_attribute("lang").as_deref(), Some("en"));
    assert_eq!(shown.get_attribute("dir").as_deref(), Some("ltr"));
    assert!(page.text("countdown").starts_with("Next run in 1 day"), "{}", page.text("countdown"));
}

#[wasm_bindgen_test]
async fn an_unknown_zone_or_language_falls_back() {
    let page = Page::new();
    let options =
        document("SCHEDULED", DAY).replacen('{', r#"{"timeZone":"Mars/Olympus","lang":"no such","#, 1);
    let _widget = page.mount(&options).await;
    assert!(page.text("next-run").len() > 20, "{}", page.text("next-run"));
}
