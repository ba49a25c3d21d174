//! The events of one widget.
//!
//! A listener may do anything, such as remove the widget: so each event is dispatched in a task of its own.

use crate::page::tasks;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};
use zoho_backup_core::news::HostEvent;
use zoho_backup_core::verdict::Verdict;

/// Events on their way. None is dispatched after this is dropped.
pub struct Events {
    host: HtmlElement,
    waiting: RefCell<Vec<Waiting>>,
    /// The verdict of the event that is being dispatched.
    dispatched: RefCell<Option<Rc<Verdict>>>,
}

struct Waiting {
    event: HostEvent,
    verdict: Rc<Verdict>,
    /// The verdict as plain data.
    detail: JsValue,
}

impl Events {
    /// Events that fire on that host.
    pub fn new(host: HtmlElement) -> Rc<Events> {
        Rc::new(Events { host, waiting: RefCell::default(), dispatched: RefCell::default() })
    }

    /// The verdict of the event that is being dispatched, for a listener in Rust.
    pub fn dispatched(&self) -> Option<Rc<Verdict>> {
        self.dispatched.borrow().clone()
    }

    /// Dispatches an event when everything under way is done.
    pub fn announce(self: &Rc<Self>, event: HostEvent, verdict: Rc<Verdict>, detail: JsValue) {
        self.waiting.borrow_mut().push(Waiting { event, verdict, detail });
        let events = Rc::downgrade(self);
        tasks::soon(move || {
            let Some(events) = events.upgrade() else { return };
            let mut waiting = events.waiting.borrow_mut();
            // One for each announcement.
            let next = (!waiting.is_empty()).then(|| waiting.remove(0));
            drop(waiting);
            if let Some(next) = next {
                events.dispatch(next);
            }
        });
    }

    /// Dispatches no further event, not even one that waits.
    pub fn end(&self) {
        self.waiting.take();
    }

    fn dispatch(&self, Waiting { event, verdict, detail }: Waiting) {
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_detail(&detail);
        if let Ok(event) = CustomEvent::new_with_event_init_dict(event.name(), &init) {
            self.dispatched.replace(Some(verdict));
            // What the host's listeners throw is reported by the browser.
            let _ = self.host.dispatch_event(&event);
            self.dispatched.take();
        }
    }
}
