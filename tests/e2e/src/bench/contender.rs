//! What is compared, and the pages that show it.

/// An element on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contender {
    /// Written by hand: the floor.
    HandWritten,
    /// Lit, rrule.js and `<relative-time>`.
    Lit,
    /// The widget.
    Widget,
    /// The widget, with a line that preloads its wasm.
    Preloaded,
    /// The same, with the badge's picture in the slot.
    Picture,
}

impl Contender {
    /// Those whose first and second visit are compared.
    pub const VISITED: [Contender; 5] =
        [Contender::HandWritten, Contender::Lit, Contender::Widget, Contender::Preloaded, Contender::Picture];

    /// Those whose ticking is compared.
    pub const TICKING: [Contender; 3] = [Contender::HandWritten, Contender::Lit, Contender::Widget];

    /// What the document calls it.
    pub fn title(self) -> &'static str {
        match self {
            Contender::HandWritten => "hand-written",
            Contender::Lit => "Lit + rrule.js + relative-time",
            Contender::Widget => "the widget",
            Contender::Preloaded => "the widget, wasm preloaded",
            Contender::Picture => "the same, with a picture in the slot",
        }
    }

    /// The name of its element.
    pub fn tag(self) -> &'static str {
        match self {
            Contender::HandWritten => "hand-written",
            Contender::Lit => "with-lit",
            Contender::Widget | Contender::Preloaded | Contender::Picture => "zoho-backup-status",
        }
    }

    /// The path of its script.
    pub fn script(self) -> &'static str {
        match self {
            Contender::HandWritten => "/hand-written.js",
            Contender::Lit => "/lit.js",
            Contender::Widget | Contender::Preloaded | Contender::Picture => "/zoho-backup-status.js",
        }
    }

    /// The path of a page that shows it once, as a card.
    pub fn visit_path(self) -> String {
        format!("/visit/{}", self as usize)
    }

    /// The page that shows it once. `wasm` is the URL of the widget's wasm.
    pub fn visit(self, wasm: &str) -> String {
        let preload = match self {
            Contender::Preloaded | Contender::Picture => {
                format!("<link rel=\"preload\" as=\"fetch\" crossorigin href=\"{wasm}\">\n")
            }
            Contender::HandWritten | Contender::Lit | Contender::Widget => String::new(),
        };
        let slot = match self {
            Contender::Picture => {
                "<img src=\"/badge.svg\" alt=\"State of the Zoho CRM backup\" width=\"440\" height=\"28\">"
            }
            _ => "",
        };
        let (script, tag) = (self.script(), self.tag());
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Backups</title>\n{preload}\
             <script>{MEASURING}</script>\n<script type=\"module\" src=\"{script}\"></script>\n\
             <h1>Backups</h1>\n<{tag} proxy-url=\"/crm/bulk/v6/backup\">{slot}</{tag}>\n</html>\n"
        )
    }

    /// The path of a page on which many can be created.
    pub fn crowd_path(self) -> String {
        format!("/crowd/{}", self as usize)
    }

    /// The page on which many can be created.
    pub fn crowd(self) -> String {
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Backups</title>\n\
             <script type=\"module\" src=\"{}\"></script>\n<main></main>\n</html>\n",
            self.script()
        )
    }
}

/// Notes when the badge of an element is on screen with the state of the backup, and when a picture is: in milliseconds
/// since the navigation, after the frame that shows it.
const MEASURING: &str = "
window.shown = {};
const note = (what) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    shown[what] ??= performance.now();
    if (shown.badge) window.onshown?.();
  };
  port2.postMessage(0);
});
const { attachShadow } = Element.prototype;
Element.prototype.attachShadow = function (options) {
  const root = attachShadow.call(this, options);
  const observer = new MutationObserver(() => {
    if (!root.querySelector('.badge') || root.querySelector('[data-state=loading]')) return;
    observer.disconnect();
    note('badge');
  });
  observer.observe(root, { childList: true, subtree: true, attributes: true });
  return root;
};
document.addEventListener('load', ({ target }) => target.localName === 'img' && note('picture'), true);";
