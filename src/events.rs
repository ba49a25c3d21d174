//! The events of one widget.
//!
//! A listener may do anything, such as remove the widget: so each event is dispatched in a task of its own.

use crate::page::tasks;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};
use zoho_backup_core::news::HostEvent;
use zoho_backup_core::verdict::Verdict;

/// The events of one widget, until it ends.
pub struct Events {
    host: HtmlElement,
    is_ended: Cell<bool>,
    /// The verdict of the event that is being dispatched.
    dispatched: RefCell<Option<Rc<Verdict>>>,
}

impl Events {
    /// Events that fire on that host.
    pub fn new(host: HtmlElement) -> Rc<Events> {
        Rc::new(Events { host, is_ended: Cell::new(false), dispatched: RefCell::default() })
    }

    /// The verdict of the event that is being dispatched, for a listener in Rust.
    pub fn dispatched(&self) -> Option<Rc<Verdict>> {
        self.dispatched.borrow().clone()
    }

    /// Dispatches an event when everything under way is done. `detail` is the verdict as plain data.
    pub fn announce(self: &Rc<Self>, event: HostEvent, verdict: Rc<Verdict>, detail: JsValue) {
        let events = self.clone();
        tasks::soon(move || {
            if !events.is_ended.get() {
                events.dispatch(event, verdict, &detail);
            }
        });
    }

    /// Dispatches no further event, not even one that waits.
    pub fn end(&self) {
        self.is_ended.set(true);
    }

    fn dispatch(&self, event: HostEvent, verdict: Rc<Verdict>, detail: &JsValue) {
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_detail(detail);
        if let Ok(event) = CustomEvent::new_with_event_init_dict(event.name(), &init) {
            self.dispatched.replace(Some(verdict));
            // What the host's listeners throw is reported by the browser.
            let _ = self.host.dispatch_event(&event);
            self.dispatched.take();
        }
    }
}
