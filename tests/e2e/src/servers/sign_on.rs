//! The single sign-on in front of a portal.

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

/// The path of the page on which one signs on. It needs no session.
pub const PATH: &str = "/sign-on";

/// How the portal answers a request without a session.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    /// It redirects to the sign-on.
    Redirect,
    /// HTTP 401
    Unauthorized,
    /// The sign-on's page, in place of what was asked for.
    Page,
}

#[derive(Debug)]
pub struct SignOn {
    /// The session that has not expired. A browser has one cookie for all ports of a host, so that it must not be that of
    /// another test.
    session: String,
    answer: Answer,
}

impl SignOn {
    pub fn new(session: impl Into<String>, answer: Answer) -> Self {
        Self { session: session.into(), answer }
    }

    /// The answer to a request without the session.
    pub fn refuse(&self, request: &Request) -> Option<Response> {
        let cookies = request.headers().get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
        let mut sessions = cookies.flat_map(|it| it.split("; ")).filter_map(|it| it.strip_prefix("session="));
        if request.uri().path() == PATH || sessions.any(|session| session == self.session) {
            return None;
        }
        Some(match self.answer {
            Answer::Redirect => (StatusCode::FOUND, [(header::LOCATION, PATH)]).into_response(),
            Answer::Unauthorized => (StatusCode::UNAUTHORIZED, "sign on first").into_response(),
            Answer::Page => Html("<!doctype html><title>Sign on</title><h1>Sign on</h1>").into_response(),
        })
    }
}
