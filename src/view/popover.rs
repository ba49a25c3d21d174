//! The card of a badge: a popover beside it, which is built when it opens and closes when the page scrolls.

use crate::page::listener::Listener;
use crate::page::objects::text_of;
use leptos::html::Div;
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

/// What the badge's button names as its target.
pub const ID: &str = "card";

/// The least distance from the badge, and from the edges of the window, in pixels.
const GAP: f64 = 6.0;

/// Whether the popover is open, and what listens to the page meanwhile.
#[derive(Clone, Copy)]
pub struct Popover {
    is_open: RwSignal<bool>,
    /// Whether the focus was inside when it began to close.
    had_focus: StoredValue<bool>,
    listeners: StoredValue<Vec<Listener>, LocalStorage>,
}

impl Popover {
    /// One that is closed.
    pub fn new() -> Popover {
        Popover {
            is_open: RwSignal::new(false),
            had_focus: StoredValue::new(false),
            listeners: StoredValue::new_local(Vec::new()),
        }
    }

    /// Whether it is open, or about to open.
    pub fn is_open(&self) -> bool {
        self.is_open.get()
    }

    /// There is no badge any more.
    pub fn forget(&self) {
        self.is_open.update_untracked(|is_open| *is_open = false);
        self.listeners.set_value(Vec::new());
    }

    /// The popover around the card.
    pub fn view<C: IntoView + 'static>(self, card: Option<C>) -> impl IntoView + use<C> {
        let node = NodeRef::<Div>::new();
        view! {
            <div
                class="popover"
                part="popover"
                id=ID
                popover="auto"
                node_ref=node
                on:beforetoggle=move |event| {
                    if is_opening(&event) {
                        self.is_open.set(true);
                    } else {
                        let node = node.get_untracked();
                        let has_focus = node.and_then(|node| node.matches(":focus-within").ok());
                        self.had_focus.set_value(has_focus.unwrap_or(false));
                    }
                }
                on:toggle=move |event| {
                    match node.get_untracked() {
                        Some(node) if is_opening(&event) => self.opened(node.into()),
                        node => self.closed(node.and_then(|node| node.previous_element_sibling())),
                    }
                }
            >
                {card}
            </div>
        }
    }

    fn closed(&self, badge: Option<Element>) {
        self.listeners.set_value(Vec::new());
        self.is_open.set(false);
        let badge = badge.and_then(|badge| badge.dyn_into::<HtmlElement>().ok());
        // Browsers return it to the element that the document knows, which is the host.
        if let Some(badge) = badge.filter(|_| self.had_focus.get_value()) {
            let _ = badge.focus();
        }
    }

    fn opened(&self, popover: HtmlElement) {
        place(&popover);
        let hide = Rc::new(move || drop(popover.hide_popover()));
        let listeners = web_sys::window().map(|window| {
            ["scroll", "resize"].map(|event| {
                let hide = hide.clone();
                Listener::capturing(&window, event, Box::new(move |_| hide()))
            })
        });
        self.listeners.set_value(listeners.into_iter().flatten().collect());
    }
}

fn is_opening(event: &JsValue) -> bool {
    text_of(event, "newState").is_some_and(|state| state == "open")
}

/// Puts the popover below the badge, or above it where there is no room, and inside the window.
fn place(popover: &HtmlElement) -> Option<()> {
    let (badge, card) =
        (popover.parent_element()?.get_bounding_client_rect(), popover.get_bounding_client_rect());
    let root = popover.owner_document()?.document_element()?;
    let (width, height) = (f64::from(root.client_width()), f64::from(root.client_height()));
    // In the right half of the window the right edges are aligned.
    let is_right = badge.left() + badge.right() > width;
    let left = if is_right { badge.right() - card.width() } else { badge.left() };
    let (below, above) = (badge.bottom() + GAP, badge.top() - GAP - card.height());
    let top = if below + card.height() + GAP > height && above >= GAP { above } else { below };
    let inside = |at: f64, length: f64, whole: f64| at.min(whole - length - GAP).max(GAP);
    let style = popover.style();
    let pixels = |at: f64| [&(at as i32).to_string(), "px"].concat();
    style.set_property("left", &pixels(inside(left, card.width(), width))).ok()?;
    style.set_property("top", &pixels(inside(top, card.height(), height))).ok()
}
