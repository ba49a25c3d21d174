//! How an error looks to a reader: its HTTP status, and whether Zoho or the gateway says it. Of Zoho's answers only error
//! codes are passed on; all messages are the gateway's own.

use std::borrow::Cow;

use axum::http::StatusCode;
use serde_json::{Value, json};
use zoho_backup_core::fault::FaultKind;
use zoho_backup_core::gateway_code::{GATEWAY, GatewayCode};

use crate::data_center::Mismatch;
use crate::failure::{Failure, Secret, TokenRefusal};
use crate::request_refusal::RequestRefusal;

/// An error as a reader sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorShape<'a> {
    /// The HTTP status.
    pub status: StatusCode,
    /// Who says what.
    pub code: ErrorCode<'a>,
}

/// The `code` in the body of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode<'a> {
    /// Zoho answered with it.
    Zoho(&'a str),
    /// The gateway's own.
    Gateway(GatewayCode),
    /// [`GatewayCode::WrongDataCenter`], with both.
    WrongDataCenter(Mismatch),
}

impl ErrorShape<'_> {
    /// The body, in the form of Zoho's own errors.
    #[must_use]
    pub fn body(&self) -> Value {
        let (name, message, details) = (self.code.name(), self.code.message(), self.code.details());
        json!({ "code": name, "message": message, "details": details, "status": "error" })
    }
}

impl ErrorCode<'_> {
    /// As it is written.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            ErrorCode::Zoho(code) => code,
            ErrorCode::Gateway(code) => code.name(),
            ErrorCode::WrongDataCenter(_) => GatewayCode::WrongDataCenter.name(),
        }
    }

    /// What happened, and what to do unless the [setting](GatewayCode::setting) says it: a sentence.
    #[must_use]
    pub fn message(&self) -> Cow<'static, str> {
        match self {
            ErrorCode::Zoho(_) => "Zoho answered with this error.".into(),
            ErrorCode::Gateway(code) => message(*code).into(),
            ErrorCode::WrongDataCenter(Mismatch { issued, asked }) => format!(
                "Zoho's token is for the data center {} ({}), but the gateway asks {} ({}): correct the setting, or the \
                 secrets.",
                issued.name, issued.api_domain, asked.name, asked.api_domain
            )
            .into(),
        }
    }

    /// Whether it passes without anybody changing anything, as far as is known.
    #[must_use]
    pub fn passes_by_itself(&self) -> bool {
        match self {
            ErrorCode::Zoho(code) => !FaultKind::of_code(code).is_some_and(FaultKind::is_configuration),
            ErrorCode::WrongDataCenter(_) => false,
            ErrorCode::Gateway(code) => !code.is_configuration(),
        }
    }

    /// The `details` in the body: they mark what is the gateway's own, and name the setting to check.
    #[must_use]
    pub fn details(&self) -> Value {
        match self {
            ErrorCode::Zoho(_) => json!({}),
            ErrorCode::Gateway(code) => own_details(*code),
            ErrorCode::WrongDataCenter(_) => own_details(GatewayCode::WrongDataCenter),
        }
    }
}

/// What the gateway says of itself.
fn own_details(code: GatewayCode) -> Value {
    match code.setting() {
        Some(setting) => json!({ "by": GATEWAY, "setting": setting }),
        None => json!({ "by": GATEWAY }),
    }
}

fn message(code: GatewayCode) -> &'static str {
    use GatewayCode as Code;
    match code {
        Code::InvalidQuery => "This path does not allow this query: remove it from the URL.",
        Code::InvalidHost => {
            "Exactly one Host header is required: correct the web server in front of the gateway."
        }
        Code::NotAProxy => "Requests for other hosts are not forwarded: send the path only.",
        Code::HostNotAllowed => "The gateway does not answer for this Host: list it, or send another.",
        Code::OriginNotAllowed => "Pages of this origin are not allowed: list it if they may read.",
        Code::CrossSite => {
            "Pages of other sites are not allowed without an Origin header: pass it on, and list the origin. Which sites may \
             show the badge as a picture, --badge-sites says."
        }
        Code::PathNotFound => "This path does not exist: the gateway's path is /crm/bulk/v6/backup.",
        Code::MethodNotAllowed => "This method is not allowed: send the request as GET.",
        Code::TooManyWaiting => "Too many requests are waiting at a time: wait a while.",
        Code::ClientRefused => {
            "Zoho refuses the gateway's client id or client secret: correct them, and check the data center."
        }
        Code::RefreshTokenRefused => {
            "Zoho refuses the gateway's refresh token: create a new one, and check the data center."
        }
        Code::TokenRefused => {
            "Zoho issues no token to the gateway: check the client id and the secrets, too."
        }
        Code::TooManyTokens => {
            "Zoho has issued too many tokens to the gateway, and issues none for a while: find out who else uses its \
             refresh token."
        }
        Code::RenewalPaused => {
            "The gateway needs a token, and requests at most one in a minute, and ten in ten: wait."
        }
        Code::ClientSecretUnreadable => "The gateway cannot read its client secret: correct its file.",
        Code::RefreshTokenUnreadable => "The gateway cannot read its refresh token: correct its file.",
        Code::WrongDataCenter => {
            "Zoho's token is for another data center: correct the setting, or the secrets."
        }
        Code::UpstreamProxyFailed => {
            "The proxy between the gateway and Zoho cannot be reached, or refuses: the gateway's log says which."
        }
        Code::ZohoUnreachable => {
            "The gateway cannot reach Zoho, or the connection breaks off: check its network, DNS and CA certificates."
        }
        Code::ZohoTimedOut => "Zoho did not answer the gateway in time: check its network, or wait.",
        Code::ZohoFailed => "One of Zoho's servers answered the gateway that it failed: wait.",
        Code::ApiAnswerUnreadable => "Zoho's answer to the gateway is not a backup document.",
        Code::AccountsAnswerUnreadable => {
            "The answer of Zoho's accounts server to the gateway cannot be read."
        }
        Code::GatewayFailed => "The gateway failed: report it, with its log.",
    }
}

impl<'a> From<&'a Failure> for ErrorShape<'a> {
    /// The status is never 401 or 403: a portal could take these for its own and sign its user out.
    fn from(failure: &'a Failure) -> Self {
        use GatewayCode as Code;
        let own = |status, code| ErrorShape { status, code: ErrorCode::Gateway(code) };
        let zohos = |status, code| ErrorShape { status, code: ErrorCode::Zoho(code) };
        let bad_gateway = |code| own(StatusCode::BAD_GATEWAY, code);
        let unavailable = |code| own(StatusCode::SERVICE_UNAVAILABLE, code);
        match failure {
            Failure::ZohoError(code) => zohos(StatusCode::BAD_GATEWAY, code),
            Failure::RateLimited(_) => zohos(StatusCode::SERVICE_UNAVAILABLE, "TOO_MANY_REQUESTS"),
            Failure::TokenRefused(TokenRefusal::Client) => bad_gateway(Code::ClientRefused),
            Failure::TokenRefused(TokenRefusal::RefreshToken) => bad_gateway(Code::RefreshTokenRefused),
            Failure::TokenRefused(TokenRefusal::Other) => bad_gateway(Code::TokenRefused),
            Failure::TooManyTokens(_) => unavailable(Code::TooManyTokens),
            Failure::RenewalPaused(_) => unavailable(Code::RenewalPaused),
            Failure::UnreadableSecret(Secret::ClientSecret) => bad_gateway(Code::ClientSecretUnreadable),
            Failure::UnreadableSecret(Secret::RefreshToken) => bad_gateway(Code::RefreshTokenUnreadable),
            Failure::WrongDataCenter(mismatch) => {
                ErrorShape { status: StatusCode::BAD_GATEWAY, code: ErrorCode::WrongDataCenter(*mismatch) }
            }
            Failure::UpstreamProxyFailed => bad_gateway(Code::UpstreamProxyFailed),
            Failure::Unreachable => bad_gateway(Code::ZohoUnreachable),
            Failure::TimedOut => own(StatusCode::GATEWAY_TIMEOUT, Code::ZohoTimedOut),
            Failure::ZohoFailed => bad_gateway(Code::ZohoFailed),
            Failure::UnreadableAnswer => bad_gateway(Code::ApiAnswerUnreadable),
            Failure::UnreadableTokenAnswer => bad_gateway(Code::AccountsAnswerUnreadable),
            Failure::Internal => own(StatusCode::INTERNAL_SERVER_ERROR, Code::GatewayFailed),
        }
    }
}

impl From<RequestRefusal> for ErrorShape<'static> {
    fn from(refusal: RequestRefusal) -> Self {
        use GatewayCode as Code;
        use StatusCode as Status;
        let (status, code) = match refusal {
            RequestRefusal::NotFound => (Status::NOT_FOUND, Code::PathNotFound),
            RequestRefusal::Method(_) => (Status::METHOD_NOT_ALLOWED, Code::MethodNotAllowed),
            RequestRefusal::Query => (Status::BAD_REQUEST, Code::InvalidQuery),
            RequestRefusal::AbsoluteForm => (Status::BAD_REQUEST, Code::NotAProxy),
            RequestRefusal::InvalidHost => (Status::BAD_REQUEST, Code::InvalidHost),
            RequestRefusal::Host => (Status::FORBIDDEN, Code::HostNotAllowed),
            RequestRefusal::Origin => (Status::FORBIDDEN, Code::OriginNotAllowed),
            RequestRefusal::CrossSite => (Status::FORBIDDEN, Code::CrossSite),
            RequestRefusal::Busy => (Status::SERVICE_UNAVAILABLE, Code::TooManyWaiting),
        };
        ErrorShape { status, code: ErrorCode::Gateway(code) }
    }
}
