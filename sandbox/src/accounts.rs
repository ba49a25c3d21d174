//! Zoho's accounts server: who gets access tokens, and which of them are live.
//!
//! Time is Tokio's, so that a test can move it.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::HeaderValue;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::answer::Answer;
use crate::scenarios::{DEFAULT, JSON};

/// Where tokens are asked for.
pub const TOKEN_PATH: &str = "/oauth/v2/token";

/// The name under which the token endpoint is played and recorded, as if it were a scenario.
pub const TOKEN: &str = "token";

/// How long Zoho counts the tokens of a refresh token.
pub const WINDOW: Duration = Duration::from_mins(10);

/// How many access tokens a refresh token gets in a [`WINDOW`].
pub const TOKENS_PER_WINDOW: usize = 10;

/// How many access tokens may be live; one more ends the oldest.
pub const LIVE_TOKENS: usize = 15;

/// What a gateway must know to get access tokens.
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
    /// The only refresh token.
    pub refresh_token: String,
    /// How long an access token lives; Zoho's live one hour.
    pub token_life: Duration,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            client_id: "1000.SANDBOX".into(),
            client_secret: "sandbox-client-secret".into(),
            refresh_token: "1000.sandbox-refresh-token".into(),
            token_life: Duration::from_hours(1),
        }
    }
}

/// The fields of a form, in their order.
pub(crate) type Form = Vec<(String, String)>;

/// The accounts server. Clones share one state.
#[derive(Clone, Debug)]
pub(crate) struct Accounts {
    state: Arc<Mutex<State>>,
    /// Where the API is: the sandbox is both servers.
    api_domain: String,
}

#[derive(Debug, Default)]
struct State {
    /// Without one there is no accounts server, and the API demands no token.
    account: Option<Account>,
    /// The oldest first.
    tokens: VecDeque<Token>,
    /// By refresh token.
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

    /// What this form is answered; nothing without an account.
    pub(crate) fn answer(&self, form: &Form) -> Option<Answer> {
        let mut state = self.state();
        let account = state.account.clone()?;
        let reply = match state.grant(&account, form) {
            Ok(token) => json!({
                "access_token": token,
                "api_domain": self.api_domain,
                "token_type": "Bearer",
                "expires_in": account.token_life.as_secs(),
            }),
            Err(refusal) => refusal,
        };
        // Zoho refuses with 200, too. No page is ever meant to read either.
        Some(Answer { cors: false, ..Answer::body(200, JSON, reply.to_string()) })
    }

    /// The scenario that the API plays for a request with this `Authorization`.
    pub(crate) fn scenario(&self, authorization: Option<&HeaderValue>) -> &'static str {
        let state = self.state();
        if state.account.is_none() {
            return DEFAULT;
        }
        let authorization = authorization.and_then(|header| header.to_str().ok());
        match authorization.and_then(|header| header.strip_prefix("Zoho-oauthtoken ")) {
            None => "authentication-failure",
            Some(token) if state.is_live(token) => DEFAULT,
            Some(_) => "invalid-token",
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// An access token, or the refusal.
    fn grant(&mut self, account: &Account, form: &Form) -> Result<String, Value> {
        for (field, expected, error) in [
            ("client_id", account.client_id.as_str(), "invalid_client"),
            ("client_secret", &account.client_secret, "invalid_client_secret"),
            ("grant_type", "refresh_token", "unsupported_grant_type"),
            ("refresh_token", &account.refresh_token, "invalid_code"),
        ] {
            let given = form.iter().filter(|(name, _)| name == field);
            if !given.map(|(_, value)| value.as_str()).eq([expected]) {
                return Err(json!({ "error": error }));
            }
        }
        if !self.count(&account.refresh_token) {
            return Err(json!({
                "error": "Access Denied",
                "error_description": "You have made too many requests continuously. \
                                      Please try again after some time.",
                "status": "failure",
            }));
        }
        Ok(self.issue())
    }

    /// Counts one more token, if its window has room for it.
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

/// 32 digits. Random, so that no token outlives a restart; not secret, for which this would not do.
fn random_hex() -> String {
    let [high, low] = [(); 2].map(|()| RandomState::new().build_hasher().finish());
    format!("{high:016x}{low:016x}")
}
