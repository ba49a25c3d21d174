//! The events of one widget.
//!
//! A listener may do anything, such as remove the widget: so each event is dispatched in a task of its own.

use crate::page::tasks;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};
use zoho_backup_core::news::HostEvent;
use zoho_backup_core::verdict::Verdict;

/// Receives each event after the DOM, with the verdict of its moment.
pub type OnEvent = Rc<dyn Fn(HostEvent, Verdict)>;

/// Events on their way. None is dispatched after this is dropped.
pub struct Events {
    host: HtmlElement,
    on_event: RefCell<Option<OnEvent>>,
    waiting: RefCell<VecDeque<Waiting>>,
}

struct Waiting {
    event: HostEvent,
    verdict: Verdict,
    /// The verdict as plain data.
    detail: JsValue,
}

impl Events {
    /// Events that fire on that host.
    pub fn new(host: HtmlElement, on_event: Option<OnEvent>) -> Rc<Events> {
        Rc::new(Events { host, on_event: RefCell::new(on_event), waiting: RefCell::default() })
    }

    /// Dispatches an event when everything under way is done.
    pub fn announce(self: &Rc<Self>, event: HostEvent, verdict: Verdict, detail: JsValue) {
        self.waiting.borrow_mut().push_back(Waiting { event, verdict, detail });
        let events = Rc::downgrade(self);
        tasks::soon(move || {
            let Some(events) = events.upgrade() else { return };
            // One for each announcement.
            let next = events.waiting.borrow_mut().pop_front();
            if let Some(next) = next {
                events.dispatch(next);
            }
        });
    }

    /// Dispatches no further event, not even one that waits.
    pub fn end(&self) {
        self.waiting.take();
        self.on_event.take();
    }

    fn dispatch(&self, Waiting { event, verdict, detail }: Waiting) {
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_detail(&detail);
        if let Ok(event) = CustomEvent::new_with_event_init_dict(event.name(), &init) {
            // What the host's listeners throw is reported by the browser.
            let _ = self.host.dispatch_event(&event);
        }
        let on_event = self.on_event.borrow().clone();
        if let Some(on_event) = on_event {
            on_event(event, verdict);
        }
    }
}
