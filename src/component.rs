//! The Leptos component.

use crate::widget::{Given, Widget};
use gloo_events::EventListener;
use leptos::html::Div;
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{ShadowRoot, ShadowRootInit, ShadowRootMode};
use zoho_backup_core::json::Json;
use zoho_backup_core::options::{CountdownMode, Credentials, HourCycle, Theme, Variant};
use zoho_backup_core::verdict::Verdict;

/// The widget, in the shadow root of a `<div>` that this component creates. Its events fire on that `<div>`.
///
/// Every prop but `proxy_url` may be left out; the defaults are those of the custom element's attributes.
#[component]
pub fn BackupStatus(
    /// Where the details are fetched from: an https URL, or a path on this site.
    #[prop(into)]
    proxy_url: Signal<String>,
    /// Seconds between fetches, at least 30; 0: none after the first.
    #[prop(optional, into)]
    refresh_interval: MaybeProp<u32>,
    /// Seconds after its date until a run that is due is overdue.
    #[prop(optional, into)]
    overdue_after: MaybeProp<u32>,
    /// How finely the countdown moves.
    #[prop(optional, into)]
    countdown: MaybeProp<CountdownMode>,
    /// The IANA zone in which times are written.
    #[prop(optional, into)]
    time_zone: MaybeProp<String>,
    /// How hours are written.
    #[prop(optional, into)]
    hour_cycle: MaybeProp<HourCycle>,
    /// The language, a BCP 47 tag.
    #[prop(optional, into)]
    lang: MaybeProp<String>,
    /// Light or dark.
    #[prop(optional, into)]
    theme: MaybeProp<Theme>,
    /// The card, or one line of badge and countdown.
    #[prop(optional, into)]
    variant: MaybeProp<Variant>,
    /// Heading and accessible name: which account this is.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// Where one goes to fix it: the heading becomes a link.
    #[prop(optional, into)]
    href: MaybeProp<String>,
    /// Whether cookies are sent to the proxy.
    #[prop(optional, into)]
    credentials: MaybeProp<Credentials>,
    /// A reply to show instead of fetching one.
    #[prop(optional, into)]
    data: MaybeProp<Json>,
    /// Sentences of your own, by key, such as `word.due`; the others are ours.
    #[prop(optional, into)]
    messages: MaybeProp<Vec<(String, String)>>,
    /// Called when state or staleness have changed, the first answer included.
    #[prop(optional, into)]
    on_change: Option<Callback<Verdict>>,
    /// Called when a request has failed.
    #[prop(optional, into)]
    on_error: Option<Callback<Verdict>>,
    /// Called when the time of the next run was seen passing.
    #[prop(optional, into)]
    on_due: Option<Callback<Verdict>>,
) -> impl IntoView {
    // By way of the texts that attributes have, so that defaults and bounds are one thing.
    let given = move || {
        let mut given = Given::new(|name| match name {
            "proxyUrl" => Some(proxy_url.get()),
            "refreshInterval" => refresh_interval.get().map(|seconds| seconds.to_string()),
            "overdueAfter" => overdue_after.get().map(|seconds| seconds.to_string()),
            "countdown" => countdown.get().map(|mode| mode.name().to_owned()),
            "timeZone" => time_zone.get(),
            "hourCycle" => hour_cycle.get().map(|cycle| cycle.name().to_owned()),
            "lang" => lang.get(),
            "theme" => theme.get().map(|theme| theme.name().to_owned()),
            "variant" => variant.get().map(|variant| variant.name().to_owned()),
            "label" => label.get(),
            "href" => href.get(),
            "credentials" => credentials.get().map(|credentials| credentials.name().to_owned()),
            _ => None,
        });
        if let Some(data) = data.get() {
            given.supply(data);
        }
        given.replace_texts(messages.get().unwrap_or_default());
        given
    };
    let host = NodeRef::<Div>::new();
    let widget = StoredValue::new_local(None::<Rc<Widget>>);
    let listeners = StoredValue::new_local(Vec::new());
    let callbacks = [
        ("backup-status-change", on_change),
        ("backup-status-error", on_error),
        ("backup-status-due", on_due),
    ];
    let listen = move |host: &web_sys::Element| {
        let listen = |(event, callback): (&'static str, Option<Callback<Verdict>>)| {
            let callback = callback?;
            Some(EventListener::new(host, event, move |_| {
                if let Some(verdict) = widget.get_value().and_then(|widget| widget.current()) {
                    callback.run(verdict);
                }
            }))
        };
        callbacks.into_iter().filter_map(listen).collect()
    };
    // The widget outlives the runs of the effect that makes it, so it belongs to the component.
    let owner = Owner::current();
    Effect::new(move |_| {
        let (Some(host), Some(owner), given) = (host.get(), &owner, given()) else { return };
        match widget.get_value() {
            Some(widget) => widget.update(given),
            None => {
                let mount =
                    |root| owner.with(|| Widget::mount(host.clone().into(), &root, given, None, None));
                widget.set_value(shadow_root(&host).map(mount).map(Rc::new));
                listeners.set_value(listen(&host));
            }
        }
    });
    on_cleanup(move || {
        listeners.set_value(Vec::new());
        widget.set_value(None);
    });
    // The style sheet tells by it whether the host is a block or in line.
    let variant = move || variant.get().map(Variant::name);
    view! { <div node_ref=host data-variant=variant></div> }
}

#[wasm_bindgen]
extern "C" {
    type CssStyleSheet;

    #[wasm_bindgen(constructor, js_class = "CSSStyleSheet", catch)]
    fn new() -> Result<CssStyleSheet, JsValue>;

    #[wasm_bindgen(method, js_name = replaceSync, catch)]
    fn replace_sync(this: &CssStyleSheet, text: &str) -> Result<(), JsValue>;
}

thread_local! {
    /// One sheet for all widgets of the page.
    static STYLE: Option<CssStyleSheet> = {
        let sheet = CssStyleSheet::new().ok();
        sheet.filter(|sheet| sheet.replace_sync(crate::view::STYLE).is_ok())
    };
}

/// A new shadow root with the widget's style.
fn shadow_root(host: &web_sys::Element) -> Option<ShadowRoot> {
    let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).ok()?;
    STYLE.with(|sheet| {
        if let Some(sheet) = sheet {
            let sheets = js_sys::Array::of1(sheet);
            crate::host::set(root.unchecked_ref(), "adoptedStyleSheets", &sheets);
        }
    });
    Some(root)
}
