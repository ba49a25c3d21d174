//! The card of a badge: a popover beside it, which is built when it opens and closes when the page scrolls.

use crate::page::listener::Listener;
use crate::page::objects::{self, member, text_of};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ShadowRoot};

/// The id of the popover, which the badge's button names as its target.
pub const ID: &str = "card";

/// The least distance from the badge, and from the edges of the window, in pixels.
const GAP: i32 = 6;

/// Follows the popover in a shadow root until it is dropped.
// Not by the listeners of a view: these would add four kilobytes.
#[must_use = "dropping it stops following"]
pub struct Popover {
    _listeners: [Listener; 2],
}

struct Followed {
    set_open: Box<dyn Fn(bool)>,
    /// Whether the focus was inside when it began to close.
    had_focus: Cell<bool>,
    /// To the page, while it is open.
    listeners: RefCell<Vec<Listener>>,
}

impl Popover {
    /// Calls `set_open` when the popover is about to open, and when it has closed.
    pub fn follow(root: &ShadowRoot, set_open: impl Fn(bool) + 'static) -> Popover {
        let followed = Rc::new(Followed {
            set_open: Box::new(set_open),
            had_focus: Cell::new(false),
            listeners: RefCell::default(),
        });
        // These events do not bubble.
        let listeners = ["beforetoggle", "toggle"].map(|event| {
            let followed = followed.clone();
            Listener::capturing(root, event, Box::new(move |event| followed.toggled(&event)))
        });
        Popover { _listeners: listeners }
    }
}

impl Followed {
    fn toggled(&self, event: &JsValue) {
        let popover = member(event, "target").and_then(|target| target.dyn_into::<HtmlElement>().ok());
        let Some(popover) = popover.filter(|popover| popover.id() == ID) else { return };
        let says = |member, expected: &str| text_of(event, member).is_some_and(|text| text == expected);
        match (says("newState", "open"), says("type", "toggle")) {
            (true, false) => (self.set_open)(true),
            (true, true) => self.opened(popover),
            (false, false) => self.had_focus.set(popover.matches(":focus-within").unwrap_or(false)),
            (false, true) => self.closed(&popover),
        }
    }

    fn opened(&self, popover: HtmlElement) {
        place(&popover);
        let Some(window) = web_sys::window() else { return };
        let listeners = ["scroll", "resize"].map(|event| {
            let popover = popover.clone();
            Listener::capturing(&window, event, Box::new(move |_| drop(popover.hide_popover())))
        });
        drop(self.listeners.replace(listeners.into()));
    }

    fn closed(&self, popover: &HtmlElement) {
        drop(self.listeners.take());
        (self.set_open)(false);
        // Browsers return the focus to the element that the document knows, which is the host.
        if let Some(opener) = opener(popover).filter(|_| self.had_focus.get()) {
            let _ = opener.focus();
        }
    }
}

/// The button that opens it.
fn opener(popover: &HtmlElement) -> Option<HtmlElement> {
    popover.previous_element_sibling()?.first_element_child()?.dyn_into().ok()
}

/// Puts the popover below the badge, or above it where there is no room, and inside the window.
fn place(popover: &HtmlElement) -> Option<()> {
    let (badge, card) = (opener(popover)?.get_bounding_client_rect(), popover.get_bounding_client_rect());
    let root = popover.owner_document()?.document_element()?;
    let (width, height) = (pixels(&root, "clientWidth"), pixels(&root, "clientHeight"));
    let (card_width, card_height) = (pixels(&card, "width"), pixels(&card, "height"));
    let (start, end) = (pixels(&badge, "left"), pixels(&badge, "right"));
    // In the right half of the window the right edges are aligned.
    let left = if start + end > width { end - card_width } else { start };
    let (below, above) = (pixels(&badge, "bottom") + GAP, pixels(&badge, "top") - GAP - card_height);
    let top = if below + card_height + GAP > height && above >= GAP { above } else { below };
    let style = member(popover, "style")?;
    for (name, at, most) in [("left", left, width - card_width), ("top", top, height - card_height)] {
        let at = [&at.min(most - GAP).max(GAP).to_string(), "px"].concat();
        objects::set(style.unchecked_ref(), name, &at.into());
    }
    Some(())
}

/// A length, in whole pixels. (Every getter that is imported by name adds to the script.)
fn pixels(object: &JsValue, name: &str) -> i32 {
    member(object, name).and_then(|length| length.as_f64()).map_or(0, |length| length as i32)
}
