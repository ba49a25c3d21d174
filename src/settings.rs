//! What a widget is set to be: the host's input, completed by what it inherits from the page.

use crate::host_input::HostInput;
use crate::intl::{self, Formats, Locale};
use crate::loaded_languages::{Sentences, sentences};
use crate::page::{console, environment, objects};
use std::rc::Rc;
use web_sys::HtmlElement;
use zoho_backup_core::countdown::Pace;
use zoho_backup_core::options::{HourCycle, Options, Variant};
use zoho_backup_core::reader::Setup;
use zoho_backup_words::texts::Texts;

/// The attributes that a widget inherits from its ancestors.
const INHERITED: [&str; 3] = ["lang", "time-zone", "hour-cycle"];

/// The attributes whose changes a widget follows.
pub const FOLLOWED: [&str; 4] = ["lang", "time-zone", "hour-cycle", "dir"];

/// What a widget is set to be.
pub struct Settings {
    /// The options.
    pub options: Options,
    /// How dates, times and numbers are written.
    pub formats: Rc<Formats>,
    /// The sentences.
    pub texts: Texts,
    /// Whether the host chose their language.
    is_chosen: bool,
    /// Settled when the sentences of the reader's language are there. Until then these are of another one.
    pub awaited: Option<js_sys::Promise>,
    /// The language tag of all that is shown.
    pub lang: String,
    /// Its direction, `ltr` or `rtl`.
    pub direction: String,
    /// Where the heading links to.
    pub link: Option<String>,
    /// How finely the countdown moves.
    pub pace: Pace,
    /// Whether the host put the widget into a link or a button of its own.
    pub is_in_control: bool,
}

impl Settings {
    /// The settings for a host's input.
    pub fn of(host: &HtmlElement, input: &HostInput, shown: Option<&Settings>) -> Rc<Settings> {
        // While the reader's language is on its way, that of what is shown stays.
        let language = if input.is_language_chosen {
            &input.texts
        } else {
            shown.map_or(&input.texts, |shown| &shown.texts)
        };
        let texts = input.texts.in_language(language.language());
        Settings::new(host, input.options.clone(), texts, input.is_language_chosen, input.link.clone())
    }

    /// The settings for the page as it is now; `None` if it has not changed.
    pub fn renewed(&self, host: &HtmlElement) -> Option<Rc<Settings>> {
        let (options, texts) = (self.options.clone(), self.texts.clone());
        let renewed = Settings::new(host, options, texts, self.is_chosen, self.link.clone());
        let is_same = Rc::ptr_eq(&renewed.formats, &self.formats)
            && renewed.pace == self.pace
            && renewed.texts.language() == self.texts.language()
            && renewed.direction == self.direction
            && renewed.awaited.is_none();
        (!is_same).then_some(renewed)
    }

    fn new(
        host: &HtmlElement,
        options: Options,
        texts: Texts,
        is_chosen: bool,
        link: Option<String>,
    ) -> Rc<Settings> {
        let zone = |name: &str| intl::is_time_zone(name).then(|| name.to_owned());
        let cycle = |name: &str| HourCycle::from_name(&name.to_ascii_lowercase());
        let [lang, time_zone, hour_cycle] = INHERITED;
        let reader = options.lang.clone().or_else(|| environment::inherited(host, lang, intl::language_of));
        let reader = reader.unwrap_or_else(environment::language);
        let (texts, awaited) = match sentences(&reader) {
            _ if is_chosen => (texts, None),
            Sentences::Ready(language) => (texts.in_language(language), None),
            Sentences::Awaited(promise) => (texts, Some(promise)),
        };
        let lang = texts.locale(&reader);
        let formats = Formats::of(Locale {
            lang: Some(lang.clone()),
            time_zone: options.time_zone.clone().or_else(|| environment::inherited(host, time_zone, zone)),
            hour_cycle: options.hour_cycle.or_else(|| environment::inherited(host, hour_cycle, cycle)),
        });
        let is_in_control = environment::is_in_control(host);
        if is_in_control && options.variant == Variant::Badge {
            console::warn("inside a link or a button the badge opens no card: put it beside".to_owned());
        }
        let pace = Pace { mode: options.countdown, reduced_motion: environment::prefers_reduced_motion() };
        // The property has no other values than these, `auto` and nothing.
        let own = objects::text_of(host, "dir").filter(|dir| dir == "ltr" || dir == "rtl");
        let direction = own.unwrap_or_else(|| texts.plain("direction"));
        Rc::new(Settings {
            options,
            formats,
            texts,
            is_chosen,
            awaited,
            lang,
            direction,
            link,
            pace,
            is_in_control,
        })
    }

    /// What the decisions depend on.
    pub fn setup(&self) -> Setup {
        // A badge may open its card at any moment.
        Setup { policy: self.options.policy(), pace: self.pace, shows_age: true }
    }
}
