//! Zoho's accounts server: which requests get an access token, and which tokens are live.
//!
//! It reads Tokio's clock, so that a test can move it.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::HeaderValue;
use serde_json::json;
use tokio::time::Instant;

use crate::scenarios::DEFAULT;
use crate::wire_response::{JSON, WireResponse};

/// The path of the token endpoint.
pub const TOKEN_PATH: &str = "/oauth/v2/token";

/// The name of the token endpoint in the script and in the record, where it counts as a scenario.
pub const TOKEN: &str = "token";

/// The period over which Zoho limits the tokens of a refresh token.
pub const WINDOW: Duration = Duration::from_mins(10);

/// How many access tokens Zoho issues to a refresh token per [`WINDOW`].
pub const TOKENS_PER_WINDOW: usize = 10;

/// How many access tokens may be live at a time; one more ends the oldest.
pub const LIVE_TOKENS: usize = 15;

/// The credentials with which a gateway gets access tokens.
///
/// # Example
/// ```
/// # use sandbox::Account;
/// let rotated = Account { client_secret: "another-secret".into(), ..Account::default() };
/// assert_eq!(rotated.client_id, "1000.SANDBOX");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: String,
    /// The only valid refresh token.
    pub refresh_token: String,
    /// How long an access token is valid; Zoho's are valid for one hour.
    pub token_life: Duration,
    /// Whether the accounts server answers in the account's language that there are too many tokens: with HTTP 400, and
    /// without the usual words.
    pub is_localized: bool,
    /// The scenario with which the API answers a token that has ended: `invalid-token`, or at times
    /// `authentication-failure`.
    pub dead_token: &'static str,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            client_id: "1000.SANDBOX".into(),
            client_secret: "sandbox-client-secret".into(),
            refresh_token: "1000.sandbox-refresh-token".into(),
            token_life: Duration::from_hours(1),
            is_localized: false,
            dead_token: "invalid-token",
        }
    }
}

/// The fields of a form, in the order in which they were sent.
pub(crate) type Form = Vec<(String, String)>;

/// The accounts server. Clones share one state.
#[derive(Clone, Debug)]
pub(crate) struct Accounts {
    state: Arc<Mutex<State>>,
    /// The origin of the API, which is the sandbox itself.
    api_domain: String,
}

#[derive(Debug, Default)]
struct State {
    /// Without an account there is no accounts server, and the API requires no token.
    account: Option<Account>,
    /// The live tokens and those that ended since the last one was issued, oldest first.
    tokens: VecDeque<Token>,
    /// The current window of each refresh token.
    windows: HashMap<String, Window>,
}

#[derive(Debug)]
struct Token {
    text: String,
    ends: Instant,
}

#[derive(Debug)]
struct Window {
    opened: Instant,
    tokens: usize,
}

impl Accounts {
    pub(crate) fn new(account: Option<Account>, api_domain: String) -> Self {
        let state = State { account, ..State::default() };
        Self { state: Arc::new(Mutex::new(state)), api_domain }
    }

    pub(crate) fn set_account(&self, account: Account) {
        self.state().account = Some(account);
    }

    pub(crate) fn issue(&self) -> String {
        self.state().issue()
    }

    pub(crate) fn revoke(&self) {
        self.state().tokens.clear();
    }

    /// The response to this form; `None` without an account.
    pub(crate) fn token_response(&self, form: &Form) -> Option<WireResponse> {
        let mut state = self.state();
        let account = state.account.clone()?;
        // Zoho's refusals have status 200, too.
        let (status, body) = match state.grant(&account, form) {
            Ok(token) => {
                let body = json!({
                    "access_token": token,
                    "api_domain": self.api_domain,
                    "token_type": "Bearer",
                    "expires_in": account.token_life.as_secs(),
                });
                (200, body)
            }
            Err(Refusal::TooMany) if account.is_localized => {
                (400, json!({ "error": "Zugriff verweigert", "status": "failure" }))
            }
            Err(Refusal::TooMany) => {
                let body = json!({
                    "error": "Access Denied",
                    "error_description": "You have made too many requests continuously. \
                                          Please try again after some time.",
                    "status": "failure",
                });
                (200, body)
            }
            Err(Refusal::Of(error)) => (200, json!({ "error": error })),
        };
        // No page may read a token or a refusal.
        Some(WireResponse { cors: false, ..WireResponse::body(status, JSON, body.to_string()) })
    }

    /// The scenario with which the API replies to a request with this `Authorization`.
    pub(crate) fn scenario(&self, authorization: Option<&HeaderValue>) -> &'static str {
        let state = self.state();
        let Some(account) = &state.account else { return DEFAULT };
        let authorization = authorization.and_then(|header| header.to_str().ok());
        match authorization.and_then(|header| header.strip_prefix("Zoho-oauthtoken ")) {
            None => "authentication-failure",
            Some(token) if state.is_live(token) => DEFAULT,
            Some(_) => account.dead_token,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why there is no access token.
enum Refusal {
    /// One of Zoho's errors.
    Of(&'static str),
    /// The window is full.
    TooMany,
}

impl State {
    /// An access token, or why there is none.
    fn grant(&mut self, account: &Account, form: &Form) -> Result<String, Refusal> {
        for (field, expected, error) in [
            ("client_id", account.client_id.as_str(), "invalid_client"),
            ("client_secret", &account.client_secret, "invalid_client_secret"),
            ("grant_type", "refresh_token", "unsupported_grant_type"),
            ("refresh_token", &account.refresh_token, "invalid_code"),
        ] {
            let values = form.iter().filter(|(name, _)| name == field);
            if !values.map(|(_, value)| value.as_str()).eq([expected]) {
                return Err(Refusal::Of(error));
            }
        }
        if !self.count(&account.refresh_token) {
            return Err(Refusal::TooMany);
        }
        Ok(self.issue())
    }

    /// Counts one more token; `false` when the window is full.
    fn count(&mut self, refresh_token: &str) -> bool {
        let now = Instant::now();
        let window = self.windows.entry(refresh_token.into()).or_insert(Window { opened: now, tokens: 0 });
        if now - window.opened >= WINDOW {
            *window = Window { opened: now, tokens: 0 };
        }
        let has_room = window.tokens < TOKENS_PER_WINDOW;
        window.tokens += usize::from(has_room);
        has_room
    }

    fn issue(&mut self) -> String {
        let now = Instant::now();
        self.tokens.retain(|token| token.ends > now);
        if self.tokens.len() == LIVE_TOKENS {
            self.tokens.pop_front();
        }
        let text = format!("1000.{}.{}", random_hex(), random_hex());
        let life = self.account.clone().unwrap_or_default().token_life;
        self.tokens.push_back(Token { text: text.clone(), ends: now + life });
        text
    }

    fn is_live(&self, text: &str) -> bool {
        self.tokens.iter().any(|token| token.text == text && token.ends > Instant::now())
    }
}

/// 32 hexadecimal digits, so that no token is valid after a restart. Not random enough for a real secret.
fn random_hex() -> String {
    let [high, low] = [(); 2].map(|()| RandomState::new().build_hasher().finish());
    format!("{high:016x}{low:016x}")
}
