//! The Leptos component, as an app uses it.

use leptos::prelude::*;
use leptos::task::tick;
use send_wrapper::SendWrapper;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::HtmlElement;
use zoho_backup_status::core::json::Json;
use zoho_backup_status::core::options::Variant;
use zoho_backup_status::core::verdict::Verdict;
use zoho_backup_status::{BackupStatus, languages};

wasm_bindgen_test_configure!(run_in_browser);

fn place() -> HtmlElement {
    let document = web_sys::window().unwrap().document().unwrap();
    let place = document.create_element("main").unwrap().unchecked_into::<HtmlElement>();
    document.body().unwrap().append_child(&place).unwrap();
    place
}

fn text(place: &HtmlElement, selector: &str) -> Option<String> {
    let root = place.first_element_child()?.shadow_root()?;
    root.query_selector(selector).ok()??.text_content()
}

#[wasm_bindgen_test]
async fn props_are_followed_and_unmounting_leaves_nothing() {
    let place = place();
    let (proxy_url, set_proxy_url) = signal("ftp://proxy.example/".to_owned());
    let (variant, set_variant) = signal(Variant::Card);
    let app = leptos::mount::mount_to(place.clone(), move || {
        view! { <BackupStatus proxy_url=proxy_url variant=variant label="Sales" /> }
    });
    tick().await;
    tick().await;
    assert_eq!(text(&place, "[part='label']").as_deref(), Some("Sales"));
    assert_eq!(text(&place, "[part='badge']").as_deref(), Some("Not available"));
    assert_eq!(text(&place, ".cause").as_deref(), Some("The proxy URL is neither https nor http."));

    set_proxy_url.set("https://me@proxy.example/".to_owned());
    tick().await;
    tick().await;
    assert_eq!(text(&place, ".cause").as_deref(), Some("The proxy URL contains a user name or password."));

    set_variant.set(Variant::Badge);
    tick().await;
    tick().await;
    assert!(text(&place, ".line").is_some());

    let sheets = js_sys::Reflect::get(
        &place.first_element_child().unwrap().shadow_root().unwrap(),
        &"adoptedStyleSheets".into(),
    );
    assert_eq!(js_sys::Array::from(&sheets.unwrap()).length(), 1);

    drop(app);
    assert_eq!(place.child_element_count(), 0);
    place.remove();
}

#[wasm_bindgen_test]
async fn a_reply_and_sentences_of_the_apps_own_are_followed() {
    let place = place();
    let stopped = || Some(Json::Object(vec![("backup".to_owned(), backup("STOPPED"))]));
    let (data, set_data) = signal(stopped());
    let (messages, set_messages) = signal(vec![("word.stopped".to_owned(), "Angehalten".to_owned())]);
    let app = leptos::mount::mount_to(place.clone(), move || {
        view! { <BackupStatus proxy_url="ftp://proxy.example/" data=data messages=messages /> }
    });
    tick().await;
    tick().await;
    assert_eq!(text(&place, "[part='badge']").as_deref(), Some("Angehalten"));

    set_messages.set(Vec::new());
    tick().await;
    tick().await;
    assert_eq!(text(&place, "[part='badge']").as_deref(), Some("Stopped"));

    // Without a reply it asks, and the address is refused.
    set_data.set(None);
    tick().await;
    tick().await;
    assert_eq!(text(&place, "[part='badge']").as_deref(), Some("Not available"));
    drop(app);
    place.remove();
}

fn backup(status: &str) -> Json {
    Json::Object(vec![("status".to_owned(), Json::Text(status.to_owned()))])
}

/// Waits for what a callback gives.
async fn next(events: &Rc<RefCell<Vec<String>>>, count: usize) {
    let enough = || events.borrow().len() >= count;
    while !enough() {
        let next_frame = js_sys::Promise::new(&mut |resolve, _| {
            web_sys::window().unwrap().request_animation_frame(&resolve).unwrap();
        });
        wasm_bindgen_futures::JsFuture::from(next_frame).await.unwrap();
    }
}

#[wasm_bindgen_test]
async fn callbacks_are_given_the_verdict() {
    let place = place();
    let told = Rc::new(RefCell::new(Vec::new()));
    let tell = |event: &'static str| {
        let told = SendWrapper::new(told.clone());
        Callback::new(move |verdict: Verdict| {
            let kind = verdict.fault.map(|fault| fault.kind().name());
            told.borrow_mut().push(format!("{event} {} {kind:?}", verdict.state));
        })
    };
    let (on_change, on_error) = (tell("change"), tell("error"));
    let app = leptos::mount::mount_to(place.clone(), move || {
        // The server of these tests knows no such path.
        view! { <BackupStatus proxy_url="/no/such/path" on_change=on_change on_error=on_error /> }
    });
    next(&told, 2).await;
    assert_eq!(*told.borrow(), [r#"change error Some("not-found")"#, r#"error error Some("not-found")"#]);
    drop(app);
    place.remove();
}

#[wasm_bindgen_test]
async fn an_app_gives_the_language_as_a_value() {
    let place = place();
    let (language, set_language) = signal(Some(languages::GERMAN));
    let app = leptos::mount::mount_to(place.clone(), move || {
        view! { <BackupStatus proxy_url="ftp://proxy.example/" lang="de-AT" language=language /> }
    });
    tick().await;
    tick().await;
    let lang = |place: &HtmlElement| {
        let root = place.first_element_child()?.shadow_root()?;
        root.query_selector(".widget").ok()??.get_attribute("lang")
    };
    assert_eq!(text(&place, "[part='badge']").as_deref(), Some("Nicht verfügbar"));
    assert_eq!(lang(&place).as_deref(), Some("de-AT"));

    set_language.set(Some(languages::FRENCH));
    tick().await;
    tick().await;
    assert_eq!(lang(&place).as_deref(), Some("fr"));

    set_language.set(None);
    tick().await;
    tick().await;
    assert_eq!(text(&place, "[part='badge']").as_deref(), Some("Not available"));
    assert_eq!(lang(&place).as_deref(), Some("en"));
    drop(app);
    place.remove();
}
