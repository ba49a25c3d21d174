//! What a host gives to a widget: options as they are written, and perhaps a document to show.

use crate::intl::{self, Formats, Locale};
use crate::text::Texts;
use crate::{host, json};
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;
use zoho_backup_core::countdown::Pace;
use zoho_backup_core::fault::{Fault, FaultKind};
use zoho_backup_core::json::Json;
use zoho_backup_core::options::{HourCycle, Options, Problem, Warning};
use zoho_backup_core::proxy_url::is_link;
use zoho_backup_core::reply::{self, Body, Reply};
use zoho_backup_core::verdict::{Answer, Knowledge};

/// Options, what is wrong with them, and a document to show instead of fetching one.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub(crate) options: Options,
    /// Where the heading links to, resolved.
    pub(crate) link: Option<String>,
    /// The sentences.
    pub(crate) texts: Texts,
    /// What is wrong with the options, in words.
    pub(crate) warnings: Vec<String>,
    /// A reply to show instead of fetching one.
    pub(crate) data: Option<Body>,
}

impl Given {
    /// Reads options by their camelCase names.
    pub fn new(get: impl Fn(&str) -> Option<String>) -> Given {
        let (mut options, mut warnings) = Options::read(get);
        let link = options.href.as_deref().and_then(link);
        if let (Some(given), None) = (&options.href, &link) {
            warnings.push(Warning { option: "href", given: given.clone(), problem: Problem::NotALink });
        }
        // Only the browser knows zones and languages.
        if let Some(given) = options.time_zone.take_if(|zone| !intl::is_time_zone(zone)) {
            warnings.push(Warning { option: "time-zone", given, problem: Problem::UnknownWord });
        }
        if let Some(given) = options.lang.take_if(|lang| !intl::is_language(lang)) {
            warnings.push(Warning { option: "lang", given, problem: Problem::UnknownWord });
        }
        let warnings = warnings.iter().map(explain).collect();
        Given { options, link, warnings, ..Given::default() }
    }

    /// Reads what JavaScript gives: an object with options, `data` and `messages`.
    pub fn read(object: &JsValue) -> Given {
        let mut given = Given::new(|name| host::text_of(object, name));
        given.data =
            host::member(object, "data").map(|data| json::document(&data).map_or(Body::Text, Body::Json));
        if let Some(messages) = host::member(object, "messages") {
            match json::document(&messages) {
                Some(Json::Object(messages)) => given.replace_texts(messages.into_iter().filter_map(text)),
                _ => given.warnings.push("messages is no object of texts: ours are used".to_owned()),
            }
        }
        given
    }

    /// Takes a reply to show instead of fetching one.
    pub(crate) fn supply(&mut self, data: Json) {
        self.data = Some(Body::Json(data));
    }

    /// Takes the host's own sentences, by key.
    pub(crate) fn replace_texts(&mut self, messages: impl IntoIterator<Item = (String, String)>) {
        let (texts, unknown) = Texts::new(messages);
        self.texts = texts;
        let explain =
            |key: String| ["messages replaces \"", &key, "\", which is no key: it is ignored"].concat();
        self.warnings.extend(unknown.into_iter().map(explain));
    }
}

/// A member that is a text.
fn text((key, value): (String, Json)) -> Option<(String, String)> {
    match value {
        Json::Text(text) => Some((key, text)),
        _ => None,
    }
}

/// Where a link leads, if it leads to a page: `javascript:` and the like do not.
fn link(href: &str) -> Option<String> {
    let url = host::resolve(href)?;
    is_link(&url.protocol(), host::page_is_http()).then(|| url.href())
}

/// What a widget is told to be, ready for use.
pub(crate) struct Settings {
    /// The options.
    pub options: Options,
    /// How dates, times and numbers are written.
    pub formats: Rc<Formats>,
    /// The sentences.
    pub texts: Texts,
    /// Where the heading links to.
    pub link: Option<String>,
    /// How finely the countdown moves.
    pub pace: Pace,
}

impl Settings {
    /// Those that a host gives.
    pub fn of(host: &HtmlElement, given: &Given) -> Rc<Settings> {
        Settings::new(host, given.options.clone(), given.texts.clone(), given.link.clone())
    }

    /// Takes formats as the options say, else as the page around the host has it.
    pub fn new(host: &HtmlElement, options: Options, texts: Texts, link: Option<String>) -> Rc<Settings> {
        let zone = |name: &str| intl::is_time_zone(name).then(|| name.to_owned());
        let tag = |name: &str| (!name.is_empty() && intl::is_language(name)).then(|| name.to_owned());
        let cycle = |name: &str| HourCycle::from_name(&name.to_ascii_lowercase());
        let formats = Formats::of(Locale {
            lang: options.lang.clone().or_else(|| host::inherited(host, "lang", tag)),
            time_zone: options.time_zone.clone().or_else(|| host::inherited(host, "time-zone", zone)),
            hour_cycle: options.hour_cycle.or_else(|| host::inherited(host, "hour-cycle", cycle)),
        });
        let pace = Pace { mode: options.countdown, reduced_motion: host::prefers_reduced_motion() };
        Rc::new(Settings { options, formats, texts, link, pace })
    }
}

/// What is known from a document that the host supplied.
pub(crate) fn supplied(body: Body) -> Knowledge {
    match reply::read(Reply { status: 200, body, retry_at: None }) {
        Ok(backup) => {
            let answer = Answer { backup: backup.map(Arc::new), read_at: None };
            Knowledge { answer: Some(answer), ..Knowledge::default() }
        }
        Err(fault) => {
            let is_no_document = fault.kind == FaultKind::NotJson;
            let fault = if is_no_document { Fault::new(FaultKind::Malformed) } else { fault };
            Knowledge { fault: Some(Fault { http_status: None, ..fault }), ..Knowledge::default() }
        }
    }
}

/// A warning in words, for the page's developer.
fn explain(warning: &Warning) -> String {
    let Warning { option, given, problem } = warning;
    let (what, used) = match problem {
        Problem::NotANumber(default) => ("is not a number of seconds", default.to_string()),
        Problem::TooSmall(least) => ("is too small", least.to_string()),
        Problem::UnknownWord => ("is not known", "its default".to_owned()),
        Problem::NotALink => ("is neither an https address nor a path on this site", "no link".to_owned()),
    };
    [option, " \"", given, "\" ", what, ": ", &used, " is used"].concat()
}
