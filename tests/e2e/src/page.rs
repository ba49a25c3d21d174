//! A host page, as a test describes it.

use axum::http::HeaderName;
use axum::http::header::CONTENT_SECURITY_POLICY;

use crate::servers::host::Served;

pub const RECORDER: (&str, &str) = ("/harness/recorder.js", include_str!("page/recorder.js"));
pub const LEDGER: (&str, &str) = ("/harness/ledger.js", include_str!("page/ledger.js"));
pub const CLOCK: (&str, &str) = ("/harness/clock.js", include_str!("page/clock.js"));

pub const CONTRAST: (&str, &str) = ("/harness/contrast.js", include_str!("page/contrast.js"));

/// The functions that tests' scripts may call.
pub const VOCABULARY: &str = include_str!("page/vocabulary.js");

/// A page. In its HTML and in its headers, `{files}` and `{api}` stand for the two origins.
#[derive(Clone, Debug)]
#[must_use = "a page is opened by a session"]
pub struct Page {
    body: String,
    headers: Vec<(HeaderName, String)>,
    recorder: bool,
    clock: bool,
    ledger: bool,
    widget: bool,
    /// Where the tests' own scripts come from.
    harness: &'static str,
}

impl Page {
    /// A page with this body, the widget and the recorder.
    pub fn new(body: impl Into<String>) -> Self {
        Self {
            body: body.into(),
            headers: Vec::new(),
            recorder: true,
            clock: false,
            ledger: false,
            widget: true,
            harness: "{files}",
        }
    }

    /// A page that loads everything from its own origin. Its body loads the widget.
    pub fn on_one_origin(body: impl Into<String>) -> Self {
        Self { widget: false, harness: "", ..Self::new(body) }
    }

    /// A page with one widget for this scenario.
    pub fn of(scenario: &str) -> Self {
        Self::new(element(scenario))
    }

    /// A page with exactly this HTML.
    pub fn verbatim(html: impl Into<String>) -> Self {
        Self { recorder: false, widget: false, ..Self::new(html) }
    }

    /// Leaves out the widget's script.
    pub fn without_widget(self) -> Self {
        Self { widget: false, ..self }
    }

    /// Adds this Content-Security-Policy.
    pub fn policy(self, policy: &str) -> Self {
        self.header(CONTENT_SECURITY_POLICY, policy)
    }

    /// Adds this header.
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds a clock that stands still until the test moves it.
    pub fn fake_clock(self) -> Self {
        Self { clock: true, ..self }
    }

    /// Adds a ledger of the memory and the listeners of the page.
    pub fn ledger(self) -> Self {
        Self { ledger: true, ..self }
    }

    pub fn serve(&self, files: &str, api: &str) -> Served {
        let mut html = String::from("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\n");
        for (wanted, (path, _)) in [(self.clock, CLOCK), (self.recorder, RECORDER), (self.ledger, LEDGER)] {
            if wanted {
                html += &format!("<script src=\"{}{path}\" crossorigin></script>\n", self.harness);
            }
        }
        if self.widget {
            html += "<script type=\"module\" src=\"{files}/zoho-backup-status.js\"></script>\n";
        }
        html += &self.body;
        let fill = |text: &str| text.replace("{files}", files).replace("{api}", api);
        let headers = self.headers.iter().map(|(name, value)| (name.clone(), fill(value)));
        Served { html: fill(&html), headers: headers.collect() }
    }
}

/// The path of this scenario in the API.
pub fn path(scenario: &str) -> String {
    format!("/scenarios/{scenario}/crm/bulk/v6/backup")
}

/// A widget for this scenario. The scenario's name is its id.
pub fn element(scenario: &str) -> String {
    let path = path(scenario);
    format!("<zoho-backup-status id=\"{scenario}\" proxy-url=\"{{api}}{path}\"></zoho-backup-status>\n")
}

/// A widget for this scenario with this id and these attributes.
pub fn element_with(id: &str, scenario: &str, attributes: &str) -> String {
    let path = path(scenario);
    format!("<zoho-backup-status id={id} proxy-url=\"{{api}}{path}\" {attributes}></zoho-backup-status>\n")
}
