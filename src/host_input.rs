//! What a host gives to a widget: options as texts, and optionally a document to show.

use crate::page::{environment, objects};
use crate::{intl, json};
use wasm_bindgen::JsValue;
use zoho_backup_core::json::Json;
use zoho_backup_core::options::{OptionName, Options, Problem, Warning};
use zoho_backup_core::proxy_url::is_link;
use zoho_backup_core::reply::Body;
use zoho_backup_words::language::Language;
use zoho_backup_words::texts::Texts;

/// Options, what is wrong with them, and a document to show instead of fetching one.
#[derive(Clone, Debug, Default)]
pub struct HostInput {
    pub(crate) options: Options,
    /// Where the heading links to, resolved.
    pub(crate) link: Option<String>,
    /// The sentences in place of the widget's own.
    pub(crate) texts: Texts,
    /// Whether the host chose the language of the widget's own.
    pub(crate) is_language_chosen: bool,
    /// What is wrong with the options, in words.
    pub(crate) warnings: Vec<String>,
    /// A reply to show instead of fetching one.
    pub(crate) data: Option<Body>,
}

impl HostInput {
    /// Reads options from their texts.
    pub fn new(get: impl Fn(OptionName) -> Option<String>) -> HostInput {
        let (mut options, mut warnings) = Options::read(get);
        let link = options.href.as_deref().and_then(link);
        if let (Some(given), None) = (&options.href, &link) {
            warnings.push(Warning {
                option: OptionName::Href,
                given: given.clone(),
                problem: Problem::NotALink,
            });
        }
        // Only the browser knows zones and languages.
        if let Some(given) = options.time_zone.take_if(|zone| !intl::is_time_zone(zone)) {
            warnings.push(Warning { option: OptionName::TimeZone, given, problem: Problem::UnknownWord });
        }
        if let Some(given) = options.lang.take() {
            options.lang = intl::language_of(&given);
            if options.lang.is_none() {
                warnings.push(Warning { option: OptionName::Lang, given, problem: Problem::UnknownWord });
            }
        }
        let warnings = warnings.iter().map(explain).collect();
        HostInput { options, link, warnings, ..HostInput::default() }
    }

    /// Reads a JavaScript object with options, `data` and `messages`.
    pub fn read(object: &JsValue) -> HostInput {
        let mut input = HostInput::new(|name| objects::text_of(object, name.property()));
        input.data =
            objects::member(object, "data").map(|data| json::document(&data).map_or(Body::Text, Body::Json));
        if let Some(messages) = objects::member(object, "messages") {
            match json::document(&messages) {
                Some(Json::Object(messages)) => input.replace_texts(messages.into_iter().filter_map(text)),
                _ => input
                    .warnings
                    .push("messages is not an object of strings: the default sentences are used".to_owned()),
            }
        }
        input
    }

    /// Chooses the language of the sentences; `None`: that of the reader.
    pub(crate) fn choose(&mut self, language: Option<Language>) {
        self.is_language_chosen = language.is_some();
        self.texts = self.texts.in_language(language);
    }

    /// Sets a reply to show instead of fetching one.
    pub(crate) fn supply(&mut self, data: Json) {
        self.data = Some(Body::Json(data));
    }

    /// Replaces sentences by key.
    pub(crate) fn replace_texts(&mut self, messages: impl IntoIterator<Item = (String, String)>) {
        let (texts, unknown) = Texts::new(messages);
        self.texts = texts;
        let explain = |key: String| {
            ["messages replaces \"", &key, "\", which is not a known key: it is ignored"].concat()
        };
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

/// The address of a link, if it is one of a page: `javascript:` and the like are not.
fn link(href: &str) -> Option<String> {
    let url = environment::resolve(href)?;
    is_link(&url.protocol(), environment::page_is_http()).then(|| url.href())
}

/// A warning in words, for the page's developer.
fn explain(warning: &Warning) -> String {
    let Warning { option, given, problem } = warning;
    let (what, used) = match problem {
        Problem::NotANumber(default) => ("is not a number of seconds", default.to_string()),
        Problem::TooSmall(least) => ("is too small", least.to_string()),
        Problem::TooLarge(most) => ("is too large", most.to_string()),
        Problem::UnknownWord => ("is not known", "its default".to_owned()),
        Problem::NotALink => ("is neither an https address nor a path on this site", "no link".to_owned()),
    };
    [option.name(), " \"", given, "\" ", what, ": ", &used, " is used"].concat()
}
