//! The events of one widget, as its host hears them.
//!
//! A listener may do anything, also remove the widget: so each event is dispatched in a task of its own.

use crate::host;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

/// Events on their way. None is dispatched any more once this is dropped.
pub struct Events {
    host: HtmlElement,
    /// Those that wait for their dispatch, with their details.
    waiting: RefCell<Vec<(&'static str, JsValue)>>,
}

impl Events {
    /// The events of that host.
    pub fn new(host: HtmlElement) -> Rc<Events> {
        Rc::new(Events { host, waiting: RefCell::default() })
    }

    /// Has an event dispatched when all that is under way is done.
    pub fn announce(self: &Rc<Self>, name: &'static str, detail: JsValue) {
        self.waiting.borrow_mut().push((name, detail));
        let events = Rc::downgrade(self);
        host::soon(move || {
            let Some(events) = events.upgrade() else { return };
            // Each announcement brings one task.
            let mut waiting = events.waiting.borrow_mut();
            let event = (!waiting.is_empty()).then(|| waiting.remove(0));
            drop(waiting);
            if let Some((name, detail)) = event {
                events.dispatch(name, &detail);
            }
        });
    }

    /// Forgets those that wait.
    pub fn forget(&self) {
        self.waiting.take();
    }

    fn dispatch(&self, name: &str, detail: &JsValue) {
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_detail(detail);
        if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
            // The host's own listeners: what they throw is reported by the browser, not here.
            let _ = self.host.dispatch_event(&event);
        }
    }
}
