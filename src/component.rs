//! The Leptos component.

use crate::host_input::HostInput;
use crate::page::listener::Listener;
use crate::view::style;
use crate::widget::Widget;
use leptos::html::Div;
use leptos::prelude::*;
use std::rc::Rc;
use web_sys::{ShadowRootInit, ShadowRootMode};
use zoho_backup_core::countdown::CountdownMode;
use zoho_backup_core::json::Json;
use zoho_backup_core::news::HostEvent;
use zoho_backup_core::options::{Credentials, HeadingLevel, HourCycle, OptionName, Theme, Variant};
use zoho_backup_core::verdict::Verdict;
use zoho_backup_words::language::Language;

/// The widget, in the shadow root of a `<div>` that this component creates. Its events fire on that `<div>`.
///
/// Every prop but `proxy_url` may be left out; the defaults are those of the custom element's attributes.
#[component]
pub fn BackupStatus(
    /// Where the details are fetched from: an https URL, or a path on this site.
    #[prop(into)]
    proxy_url: Signal<String>,
    /// Seconds between fetches, 30 to 21600; 0: none after the first.
    #[prop(optional, into)]
    refresh_interval: MaybeProp<u32>,
    /// Seconds after its date until a run that is due is overdue.
    #[prop(optional, into)]
    overdue_after: MaybeProp<u32>,
    /// How finely the countdown moves.
    #[prop(optional, into)]
    countdown: MaybeProp<CountdownMode>,
    /// The IANA time zone of dates and times.
    #[prop(optional, into)]
    time_zone: MaybeProp<String>,
    /// How hours are written.
    #[prop(optional, into)]
    hour_cycle: MaybeProp<HourCycle>,
    /// The language of the reader, a BCP 47 tag: dates and numbers are written as in its region, if it is that of the sentences.
    #[prop(optional, into)]
    lang: MaybeProp<String>,
    /// The language of the sentences, one of [`languages`](crate::languages), such as `languages::GERMAN`; English without.
    /// An app contains those that it names.
    #[prop(optional, into)]
    language: MaybeProp<Language>,
    /// Light or dark.
    #[prop(optional, into)]
    theme: MaybeProp<Theme>,
    /// The card, or one line of badge and countdown.
    #[prop(optional, into)]
    variant: MaybeProp<Variant>,
    /// Heading and accessible name, such as the name of the account.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// The level of the card's heading, 2 to 6.
    #[prop(optional, into)]
    heading_level: MaybeProp<HeadingLevel>,
    /// An address that the heading links to, such as the backup settings.
    #[prop(optional, into)]
    href: MaybeProp<String>,
    /// Where that link opens, as in HTML.
    #[prop(optional, into)]
    target: MaybeProp<String>,
    /// Whether cookies are sent to the proxy.
    #[prop(optional, into)]
    credentials: MaybeProp<Credentials>,
    /// A reply to show instead of fetching one.
    #[prop(optional, into)]
    data: MaybeProp<Json>,
    /// Your own sentences by key, such as `word.due`. Other sentences keep their default.
    #[prop(optional, into)]
    messages: MaybeProp<Vec<(String, String)>>,
    /// Called when state or staleness have changed, the first answer included. Each callback gets the verdict of its event.
    #[prop(optional, into)]
    on_change: Option<Callback<Verdict>>,
    /// Called when a request has failed.
    #[prop(optional, into)]
    on_error: Option<Callback<Verdict>>,
    /// Called when the time of the next run has passed while the widget ran.
    #[prop(optional, into)]
    on_due: Option<Callback<Verdict>>,
    /// Called when a request has ended, failed ones included, after the other callbacks of that moment.
    #[prop(optional, into)]
    on_update: Option<Callback<Verdict>>,
) -> impl IntoView {
    // By way of the texts that attributes have, so that both have the same defaults and limits.
    let input = move || {
        let mut input = HostInput::new(|option| match option {
            OptionName::ProxyUrl => Some(proxy_url.get()),
            OptionName::RefreshInterval => refresh_interval.get().map(|seconds| seconds.to_string()),
            OptionName::OverdueAfter => overdue_after.get().map(|seconds| seconds.to_string()),
            OptionName::Countdown => countdown.get().map(|mode| mode.name().to_owned()),
            OptionName::TimeZone => time_zone.get(),
            OptionName::HourCycle => hour_cycle.get().map(|cycle| cycle.name().to_owned()),
            OptionName::Lang => lang.get(),
            OptionName::Theme => theme.get().map(|theme| theme.name().to_owned()),
            OptionName::Variant => variant.get().map(|variant| variant.name().to_owned()),
            OptionName::Label => label.get(),
            OptionName::HeadingLevel => heading_level.get().map(|level| level.name().to_owned()),
            OptionName::Href => href.get(),
            OptionName::Target => target.get(),
            OptionName::Credentials => credentials.get().map(|credentials| credentials.name().to_owned()),
        });
        if let Some(data) = data.get() {
            input.supply(data);
        }
        input.replace_texts(messages.get().unwrap_or_default());
        input.choose(language.get());
        input
    };
    let host = NodeRef::<Div>::new();
    let widget = StoredValue::new_local(None::<Rc<Widget>>);
    let listeners = StoredValue::new_local(Vec::new());
    let callbacks = [
        (HostEvent::Change, on_change),
        (HostEvent::Error, on_error),
        (HostEvent::Due, on_due),
        (HostEvent::Update, on_update),
    ];
    let listen = move |host: &web_sys::Element| {
        let listen = |(event, callback): (HostEvent, Option<Callback<Verdict>>)| {
            let callback = callback?;
            let call = move |_| {
                if let Some(verdict) = widget.get_value().and_then(|widget| widget.dispatched()) {
                    callback.run((*verdict).clone());
                }
            };
            Some(Listener::new(host, event.name(), Box::new(call)))
        };
        callbacks.into_iter().filter_map(listen).collect()
    };
    // The widget outlives the run of the effect that mounts it, so it belongs to the component.
    let owner = Owner::current();
    Effect::new(move |_| {
        let (Some(host), Some(owner), input) = (host.get(), &owner, input()) else { return };
        if let Some(widget) = widget.get_value() {
            widget.update(input);
        } else if let Ok(root) = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)) {
            style::adopt(&root);
            listeners.set_value(listen(&host));
            let mount = || Widget::mount(host.into(), &root, input, None, None);
            widget.set_value(Some(Rc::new(owner.with(mount))));
        }
    });
    on_cleanup(move || {
        listeners.set_value(Vec::new());
        widget.set_value(None);
    });
    // For the style sheet: a card is a block, a badge is inline.
    let variant = move || variant.get().map(Variant::name);
    view! { <div node_ref=host data-variant=variant></div> }
}
