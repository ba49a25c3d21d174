//! Everything that can go wrong between the widget and Zoho's answer.

pub use crate::fault_kind::FaultKind;
use crate::gateway_code::GatewayCode;
use crate::instant::Timestamp;
use crate::no_answer::{Attempt, Hint};
use crate::proxy_url::UrlRefusal;

/// One thing that went wrong, and the details that its kind has. It never holds a URL's query or a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    kind: FaultKind,
    details: Details,
}

/// What is known beside the kind. Only the constructors pair the two.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Details {
    None,
    /// Of [`FaultKind::BadUrl`], and of no other kind.
    Refusal(UrlRefusal),
    /// Of the kinds that [`Attempt::kind`] names.
    NoAnswer {
        is_same_origin: bool,
        hint: Option<Hint>,
    },
    Answer(BadAnswer),
}

/// An answer that holds no backup details.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BadAnswer {
    /// `None` for a document that the host supplied.
    pub http_status: Option<u16>,
    /// Of [`FaultKind::Gateway`], and of no other kind: the setting that is to be checked.
    pub setting: Option<String>,
    /// The `code` of an error envelope like Zoho's, as sent.
    pub code: Option<String>,
    /// The `message` of the answer, as sent.
    pub message: Option<String>,
    /// `Retry-After`, as an instant.
    pub retry_at: Option<Timestamp>,
}

impl Fault {
    /// The proxy URL was refused.
    pub const fn bad_url(refusal: UrlRefusal) -> Fault {
        Fault { kind: FaultKind::BadUrl, details: Details::Refusal(refusal) }
    }

    /// The answer is a redirect, which is not followed.
    pub const fn redirected() -> Fault {
        Fault { kind: FaultKind::Redirected, details: Details::None }
    }

    /// The answer is larger than [`MAX_BYTES`](crate::reply::MAX_BYTES).
    pub const fn too_large() -> Fault {
        Fault { kind: FaultKind::TooLarge, details: Details::None }
    }

    /// A request got no answer.
    pub fn no_answer(attempt: &Attempt<'_>) -> Fault {
        let details = Details::NoAnswer { is_same_origin: attempt.is_same_origin(), hint: attempt.hint() };
        Fault { kind: attempt.kind(), details }
    }

    /// An answer holds no backup details.
    pub(crate) const fn bad_answer(kind: FaultKind, answer: BadAnswer) -> Fault {
        Fault { kind, details: Details::Answer(answer) }
    }

    /// What went wrong.
    pub const fn kind(&self) -> FaultKind {
        self.kind
    }

    /// Why the proxy URL was refused; `Some` for [`FaultKind::BadUrl`] alone.
    pub const fn refusal(&self) -> Option<UrlRefusal> {
        match self.details {
            Details::Refusal(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Whether a proxy gave no answer that has the page's own origin.
    pub const fn is_same_origin(&self) -> bool {
        matches!(self.details, Details::NoAnswer { is_same_origin: true, .. })
    }

    /// What else may be the reason that there was no answer.
    pub const fn hint(&self) -> Option<Hint> {
        match self.details {
            Details::NoAnswer { hint, .. } => hint,
            _ => None,
        }
    }

    /// The HTTP status, if there was an answer.
    pub fn http_status(&self) -> Option<u16> {
        self.answer()?.http_status
    }

    /// The setting of the gateway that is to be checked, as sent; only of [`FaultKind::Gateway`].
    pub fn setting(&self) -> Option<&str> {
        self.answer()?.setting.as_deref()
    }

    /// The `code` of an error envelope like Zoho's, as sent.
    pub fn code(&self) -> Option<&str> {
        self.answer()?.code.as_deref()
    }

    /// The `message` of the answer, as sent. `None` if nobody could see it.
    pub fn message(&self) -> Option<&str> {
        self.answer()?.message.as_deref()
    }

    /// What the answer says in its own words beyond what the kind says: its message, behind a code that is unknown here.
    pub fn quote(&self) -> Option<String> {
        if self.kind == FaultKind::Gateway {
            return None;
        }
        let is_told = |code: &str| self.kind == FaultKind::ApiError || FaultKind::of_code(code).is_some();
        match (self.code().filter(|code| !is_told(code)), self.message()) {
            (Some(code), Some(message)) => Some([code, ": ", message].concat()),
            (code, message) => code.or(message).map(str::to_owned),
        }
    }

    /// The time before which the answer asked not to retry (`Retry-After`).
    pub fn retry_at(&self) -> Option<Timestamp> {
        self.answer()?.retry_at
    }

    /// Whether it lasts until somebody changes a setting, grants a permission or signs in: see
    /// [`FaultKind::is_configuration`].
    pub fn is_configuration(&self) -> bool {
        match self.kind {
            FaultKind::Gateway => {
                self.code().and_then(GatewayCode::from_name).is_some_and(GatewayCode::is_configuration)
            }
            kind => kind.is_configuration(),
        }
    }

    /// The same fault with the time to retry moved from one clock to another.
    pub(crate) fn with_retry_at(mut self, moved: impl FnOnce(Timestamp) -> Timestamp) -> Fault {
        if let Details::Answer(answer) = &mut self.details {
            answer.retry_at = answer.retry_at.map(moved);
        }
        self
    }

    const fn answer(&self) -> Option<&BadAnswer> {
        match &self.details {
            Details::Answer(answer) => Some(answer),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::no_answer::Place;

    #[test]
    fn a_url_that_was_refused_has_its_refusal_and_nothing_else() {
        for refusal in UrlRefusal::ALL {
            let fault = Fault::bad_url(*refusal);
            assert_eq!((fault.kind(), fault.refusal()), (FaultKind::BadUrl, Some(*refusal)));
            assert_eq!((fault.http_status(), fault.code(), fault.retry_at()), (None, None, None));
        }
    }

    #[test]
    fn a_request_without_an_answer_has_its_hint_and_nothing_else() {
        let attempt = Attempt { is_online: true, has_service_worker: true, ..Attempt::default() };
        let fault = Fault::no_answer(&attempt);
        assert_eq!((fault.kind(), fault.hint()), (FaultKind::Unreachable, Some(Hint::ServiceWorker)));
        assert_eq!((fault.refusal(), fault.http_status(), fault.quote()), (None, None, None));
        assert_eq!(Fault::too_large().hint(), None);
    }

    #[test]
    fn a_proxy_of_the_pages_own_origin_is_known_as_such() {
        let place = |origin| Place { origin, host: "portal.example" };
        let page = place("https://portal.example");
        for (origin, expected) in [("https://portal.example", true), ("https://portal.example:8443", false)] {
            let fault = Fault::no_answer(&Attempt { page, proxy: place(origin), ..Attempt::default() });
            assert_eq!(fault.is_same_origin(), expected, "{origin}");
        }
        assert!(!Fault::redirected().is_same_origin());
    }
}
