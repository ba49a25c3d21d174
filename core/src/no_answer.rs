//! Why a request got no answer, as far as a page can know. Browsers say little more than that it failed.

use crate::address_space::AddressSpace;
use crate::fault_kind::FaultKind;

/// A request that ended without an answer, and where that happened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Attempt<'a> {
    /// How it ended.
    pub ended: NoAnswer,
    /// Whether the browser says that there is a network.
    pub is_online: bool,
    /// Where the page is. The origin is `null` in a sandboxed frame.
    pub page: Place<'a>,
    /// Where the proxy is.
    pub proxy: Place<'a>,
    /// Whether the page is in a frame.
    pub is_framed: bool,
    /// Whether a service worker handles the page's requests.
    pub has_service_worker: bool,
    /// Whether the page may reach the local network.
    pub local_network: Permission,
}

/// Where something is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place<'a> {
    /// Its origin.
    pub origin: &'a str,
    /// Its hostname.
    pub host: &'a str,
}

/// How a request ended that got no answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoAnswer {
    /// The page's Content-Security-Policy forbade it.
    Blocked,
    /// The deadline passed.
    TimedOut,
    /// The browser says no more than that it failed.
    #[default]
    Failed,
}

/// A permission of the browser's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Permission {
    /// It is given, or this browser does not know of it.
    #[default]
    Unknown,
    /// The browser asks its user, who has not answered so far.
    Open,
    /// It is denied.
    Denied,
}

named_enum! {
    /// What may be the reason besides what the kind of a fault says.
    pub enum Hint {
        /// The browser's user has not allowed the page to reach the local network.
        Permission = "permission",
        /// The frame that the page is in does not allow it to reach the local network.
        Frame = "frame",
        /// The page's service worker may have followed a redirect, which browsers then take for a failure.
        ServiceWorker = "service-worker",
    }
}

impl Attempt<'_> {
    /// What went wrong.
    pub fn kind(&self) -> FaultKind {
        let is_nearer = AddressSpace::of(self.proxy.host) > AddressSpace::of(self.page.host);
        match self.ended {
            NoAnswer::Blocked => FaultKind::Blocked,
            _ if !self.is_online => FaultKind::Offline,
            // Until the browser's user gives a permission, such a request fails or waits.
            _ if is_nearer => FaultKind::LocalNetwork,
            NoAnswer::TimedOut => FaultKind::TimedOut,
            NoAnswer::Failed if self.page.origin == "null" => FaultKind::OpaqueOrigin,
            NoAnswer::Failed => FaultKind::Unreachable,
        }
    }

    /// Whether page and proxy have the same origin, so that no rule for other origins can be the reason.
    pub fn is_same_origin(&self) -> bool {
        self.page.origin == self.proxy.origin
    }

    /// What else may be the reason.
    pub fn hint(&self) -> Option<Hint> {
        let kind = self.kind();
        let may_be_local = !self.is_same_origin()
            && matches!(kind, FaultKind::LocalNetwork | FaultKind::TimedOut | FaultKind::Unreachable);
        match self.local_network {
            Permission::Denied if may_be_local && self.is_framed => Some(Hint::Frame),
            // The kind says it already.
            _ if kind == FaultKind::LocalNetwork => None,
            Permission::Denied if may_be_local => Some(Hint::Permission),
            // The request waits as long as the question is open.
            Permission::Open if may_be_local && kind == FaultKind::TimedOut => Some(Hint::Permission),
            _ if kind == FaultKind::Unreachable && self.has_service_worker => Some(Hint::ServiceWorker),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault_kind::FaultKind::{Blocked, LocalNetwork, Offline, OpaqueOrigin, TimedOut, Unreachable};

    const PORTAL: Place<'_> = Place { origin: "https://portal.example", host: "portal.example" };
    const PROXY: Place<'_> = Place { origin: "https://proxy.example", host: "proxy.example" };

    #[test]
    fn no_answer_is_explained_by_where_page_and_proxy_are() {
        let local = Place { origin: "http://localhost:8080", host: "localhost" };
        let office = Place { origin: "http://10.0.0.1", host: "10.0.0.1" };
        let frame = Place { origin: "null", host: "portal.example" };
        let cases = [
            (PORTAL, "proxy.example", Unreachable, TimedOut),
            (PORTAL, "localhost", LocalNetwork, LocalNetwork),
            (PORTAL, "192.168.1.10", LocalNetwork, LocalNetwork),
            (local, "localhost", Unreachable, TimedOut),
            (local, "127.0.0.1", Unreachable, TimedOut),
            (local, "192.168.1.10", Unreachable, TimedOut),
            (office, "10.0.0.2", Unreachable, TimedOut),
            (office, "127.0.0.1", LocalNetwork, LocalNetwork),
            (frame, "proxy.example", OpaqueOrigin, TimedOut),
            (frame, "127.0.0.1", LocalNetwork, LocalNetwork),
        ];
        for (page, host, failed, late) in cases {
            let proxy = Place { origin: "https://another.example", host };
            let kind =
                |ended, is_online| Attempt { ended, is_online, page, proxy, ..Attempt::default() }.kind();
            let case = format!("{} → {host}", page.origin);
            assert_eq!(kind(NoAnswer::Failed, true), failed, "{case}");
            assert_eq!(kind(NoAnswer::TimedOut, true), late, "{case}, late");
            assert_eq!(kind(NoAnswer::Failed, false), Offline, "{case}, offline");
            assert_eq!(kind(NoAnswer::TimedOut, false), Offline, "{case}, late and offline");
            for is_online in [true, false] {
                assert_eq!(kind(NoAnswer::Blocked, is_online), Blocked, "{case}, blocked");
            }
        }
    }

    #[test]
    fn a_possibility_is_named_where_the_page_can_know_of_it() {
        use NoAnswer::{Failed, TimedOut};
        use Permission::{Denied, Open, Unknown};
        let office = Place { origin: "https://10.0.0.1", host: "10.0.0.1" };
        let (page, framed, worker) = (false, true, true);
        let cases = [
            ("a proxy that is down", PROXY, Failed, Unknown, page, !worker, None),
            ("an open question", PROXY, TimedOut, Open, page, !worker, Some(Hint::Permission)),
            ("a question that nobody asked", PROXY, Failed, Open, page, !worker, None),
            ("a denied permission", PROXY, Failed, Denied, page, !worker, Some(Hint::Permission)),
            ("a denied permission, late", PROXY, TimedOut, Denied, page, !worker, Some(Hint::Permission)),
            ("a frame that allows nothing", PROXY, Failed, Denied, framed, !worker, Some(Hint::Frame)),
            ("a frame, a private address", office, Failed, Denied, framed, !worker, Some(Hint::Frame)),
            ("a private address", office, Failed, Denied, page, !worker, None),
            ("a private address, late", office, TimedOut, Open, page, worker, None),
            ("a frame of which nothing is known", PROXY, Failed, Unknown, framed, !worker, None),
            ("a service worker", PROXY, Failed, Unknown, page, worker, Some(Hint::ServiceWorker)),
            ("a service worker, late", PROXY, TimedOut, Unknown, page, worker, None),
            (
                "a service worker, same origin",
                PORTAL,
                Failed,
                Denied,
                framed,
                worker,
                Some(Hint::ServiceWorker),
            ),
            ("same origin", PORTAL, TimedOut, Open, framed, worker, None),
        ];
        for (case, proxy, ended, local_network, is_framed, has_service_worker, expected) in cases {
            let attempt = Attempt {
                ended,
                is_online: true,
                page: PORTAL,
                proxy,
                is_framed,
                has_service_worker,
                local_network,
            };
            assert_eq!(attempt.hint(), expected, "{case}");
            for certain in
                [Attempt { is_online: false, ..attempt }, Attempt { ended: NoAnswer::Blocked, ..attempt }]
            {
                assert_eq!(certain.hint(), None, "{case}, {:?}", certain.kind());
            }
        }
    }
}
