//! What a widget is set to be: the host's input, completed by what it inherits from the page.

use crate::host_input::HostInput;
use crate::intl::{self, Formats, Locale};
use crate::page::{console, environment};
use std::rc::Rc;
use web_sys::HtmlElement;
use zoho_backup_core::countdown::Pace;
use zoho_backup_core::options::{HourCycle, Options, Variant};
use zoho_backup_core::reader::Setup;
use zoho_backup_words::texts::Texts;

/// The attributes that a widget inherits from its ancestors.
pub const INHERITED: [&str; 3] = ["lang", "time-zone", "hour-cycle"];

/// What a widget is set to be.
pub struct Settings {
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
    /// Whether the host put the widget into a link or a button of its own.
    pub is_in_control: bool,
}

impl Settings {
    /// The settings for a host's input.
    pub fn of(host: &HtmlElement, input: &HostInput) -> Rc<Settings> {
        Settings::new(host, input.options.clone(), input.texts.clone(), input.link.clone())
    }

    /// The settings for the page as it is now; `None` if it has not changed.
    pub fn renewed(&self, host: &HtmlElement) -> Option<Rc<Settings>> {
        let renewed = Settings::new(host, self.options.clone(), self.texts.clone(), self.link.clone());
        let is_same = Rc::ptr_eq(&renewed.formats, &self.formats) && renewed.pace == self.pace;
        (!is_same).then_some(renewed)
    }

    fn new(host: &HtmlElement, options: Options, texts: Texts, link: Option<String>) -> Rc<Settings> {
        let zone = |name: &str| intl::is_time_zone(name).then(|| name.to_owned());
        let tag = |name: &str| (!name.is_empty() && intl::is_language(name)).then(|| name.to_owned());
        let cycle = |name: &str| HourCycle::from_name(&name.to_ascii_lowercase());
        let [lang, time_zone, hour_cycle] = INHERITED;
        let formats = Formats::of(Locale {
            lang: options.lang.clone().or_else(|| environment::inherited(host, lang, tag)),
            time_zone: options.time_zone.clone().or_else(|| environment::inherited(host, time_zone, zone)),
            hour_cycle: options.hour_cycle.or_else(|| environment::inherited(host, hour_cycle, cycle)),
        });
        let is_in_control = environment::is_in_control(host);
        if is_in_control && options.variant == Variant::Badge {
            console::warn("inside a link or a button the badge opens no card: put it beside".to_owned());
        }
        let pace = Pace { mode: options.countdown, reduced_motion: environment::prefers_reduced_motion() };
        Rc::new(Settings { options, formats, texts, link, pace, is_in_control })
    }

    /// What the decisions depend on.
    pub fn setup(&self) -> Setup {
        // A badge may open its card at any moment.
        Setup { policy: self.options.policy(), pace: self.pace, shows_age: true }
    }
}
