//! Whether the page's own Content-Security-Policy forbids a request: the fetch itself fails like any other.

use crate::page::environment;
use crate::page::listener::Listener;
use crate::page::objects::text_of;
use std::cell::Cell;
use std::rc::Rc;

/// Notices violations of the page's policy by one URL.
pub struct PolicyWatch {
    is_blocked: Rc<Cell<bool>>,
    _listener: Option<Listener>,
}

impl PolicyWatch {
    /// Watches from now on. `is_blocked` says whether a violation is known already.
    pub fn new(url: String, is_blocked: bool) -> PolicyWatch {
        let is_blocked = Rc::new(Cell::new(is_blocked));
        let noticed = is_blocked.clone();
        let listener = environment::document().map(|document| {
            let notice = move |event| {
                let says =
                    |member, expected: &str| text_of(&event, member).is_some_and(|text| text == expected);
                let is_enforced = says("disposition", "enforce") && says("effectiveDirective", "connect-src");
                if is_enforced && says("blockedURI", &url) {
                    noticed.set(true);
                }
            };
            Listener::new(&document, "securitypolicyviolation", Box::new(notice))
        });
        PolicyWatch { is_blocked, _listener: listener }
    }

    /// Whether the policy has forbidden the request.
    pub fn is_blocked(&self) -> bool {
        self.is_blocked.get()
    }
}
