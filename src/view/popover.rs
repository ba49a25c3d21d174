//! The card of a badge: a popover beside it, which is built when it opens and closes when the page scrolls.

use crate::page::listener::Listener;
use crate::page::objects::{self, call, member, text_of};
use std::cell::Cell;
use wasm_bindgen::prelude::*;
use web_sys::{Element, ShadowRoot};

/// The id of the popover, which the badge's button names as its target.
pub const ID: &str = "card";

/// The distance from the badge, in pixels.
const GAP: i32 = 6;

/// Calls `set_open` when the popover in a shadow root opens or closes, until what it returns is dropped.
// Not by the listeners of a view: these would add four kilobytes.
#[must_use = "dropping it stops following"]
pub fn follow(root: &ShadowRoot, set_open: impl Fn(bool) + 'static) -> Listener {
    // To the page, while it is open.
    let closers = Cell::default();
    let toggled = move |event: JsValue| {
        let popover =
            member(&event, "target").filter(|target| text_of(target, "id").is_some_and(|id| id == ID));
        let Some(popover) = popover else { return };
        let is_open = text_of(&event, "newState").is_some_and(|state| state == "open");
        if is_open {
            place(&popover);
        } else {
            return_focus(&popover);
        }
        drop(closers.replace(is_open.then(|| closers_of(&popover)).flatten()));
        set_open(is_open);
    };
    // This event does not bubble.
    Listener::capturing(root, "beforetoggle", Box::new(toggled))
}

/// Closes it when something moves below it.
fn closers_of(popover: &JsValue) -> Option<[Listener; 2]> {
    let window = web_sys::window()?;
    Some(["scroll", "resize"].map(|event| {
        let popover = popover.clone();
        Listener::capturing(&window, event, Box::new(move |_| drop(call(&popover, "hidePopover"))))
    }))
}

/// Gives the focus to the badge. Browsers would give it to the element that the document knows, which is the host.
fn return_focus(popover: &JsValue) -> Option<()> {
    if popover.unchecked_ref::<Element>().matches(":focus-within").ok()? {
        call(&opener(popover)?, "focus")?;
    }
    Some(())
}

/// The button that opens it.
fn opener(popover: &JsValue) -> Option<JsValue> {
    member(&member(popover, "previousElementSibling")?, "firstElementChild")
}

/// Puts the popover below the badge, or above it in the lower half of the window. The style sheet keeps it inside.
fn place(popover: &JsValue) -> Option<()> {
    let badge = call(&opener(popover)?, "getBoundingClientRect")?;
    let window = member(&member(popover, "ownerDocument")?, "documentElement")?;
    let across = along(pixels(&window, "clientWidth"), pixels(&badge, "left"), pixels(&badge, "right"));
    let (below, above) = (pixels(&badge, "bottom") + GAP, pixels(&badge, "top") - GAP);
    let down = along(pixels(&window, "clientHeight"), below, above);
    let style = member(popover, "style")?;
    let text = ["--across:", &across, ";--down:", &down].concat();
    objects::set(style.unchecked_ref(), "cssText", &text.into());
    Some(())
}

/// One axis: from `start` on, or up to `end` if these are in the second half of the window. `100%` is the popover's own
/// size, which is not known yet.
fn along(window: i32, start: i32, end: i32) -> String {
    let (at, unit) = if start + end > window { (end, "px - 100%") } else { (start, "px") };
    [&at.to_string(), unit].concat()
}

/// A length, in whole pixels. (Whatever is imported by name adds to the script.)
fn pixels(object: &JsValue, name: &str) -> i32 {
    member(object, name).and_then(|length| length.as_f64()).map_or(0, |length| length as i32)
}
