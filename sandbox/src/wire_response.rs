//! What goes over the wire for one request, as data.

use std::time::Duration;

use axum::body::Bytes;

/// The media type of Zoho's documents.
pub const JSON: &str = "application/json;charset=UTF-8";
/// The media type of HTML pages.
pub const HTML: &str = "text/html; charset=utf-8";
/// The media type of plain text.
pub const TEXT: &str = "text/plain; charset=utf-8";

/// A response as the server sends it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WireResponse {
    /// The HTTP status.
    pub status: u16,
    /// Headers in addition to those of every response. A header in this list replaces the sandbox's own header of the
    /// same name; a name that is listed twice is sent twice.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty for none.
    pub body: Bytes,
    /// How long the server waits before it responds.
    pub delay: Duration,
    /// Whether CORS headers allow the page's origin to read the response.
    pub cors: bool,
    /// How much of the response arrives.
    pub delivery: Delivery,
}

/// How much of a response arrives, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// All of it, at once.
    #[default]
    Whole,
    /// All of it, without a `Content-Length`.
    Chunked,
    /// Nothing: the connection is closed.
    Dropped,
    /// Nothing: the connection is reset (TCP RST).
    Reset,
    /// The headers, with the length of the whole body, and the first half of the body; then the connection is closed.
    CutOff,
    /// The headers at once, then the body at one byte per second.
    Dripping,
    /// The headers at once, then nothing for as long as the client waits.
    Stalled,
}

impl WireResponse {
    /// A response with this status and without a body, readable from every origin.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self { status, cors: true, ..Self::default() }
    }

    /// A response with this status and a text body of this media type, readable from every origin.
    #[must_use]
    pub fn body(status: u16, media_type: &str, body: String) -> Self {
        Self::bytes(status, media_type, body)
    }

    /// The same as [`body`](Self::body), for a body that is not necessarily text.
    #[must_use]
    pub fn bytes(status: u16, media_type: &str, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), ..Self::empty(status).with("content-type", media_type) }
    }

    /// The same response with one more header.
    ///
    /// # Example
    /// ```
    /// # use sandbox::WireResponse;
    /// let two_cookies = WireResponse::empty(204).with("set-cookie", "a=1").with("set-cookie", "b=2");
    /// assert_eq!(two_cookies.headers.len(), 2);
    /// ```
    #[must_use]
    pub fn with(mut self, header: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((header, value.into()));
        self
    }
}
