//! A scripted Zoho over real HTTP, for development and tests. Never part of a deployment.
//!
//! - `GET /crm/bulk/v6/backup` replies as Zoho does for a scheduled backup, or plays a [timeline].
//! - `GET /scenarios/{name}/crm/bulk/v6/backup` replies as the scenario of this name in [`SCENARIOS`].
//!   That of a [timeline] replies as a gateway that has watched it to its end: with what became of past runs. With
//!   `?speed=3600` the timeline is played from the start of the sandbox on, and with `&start=` from that second on.
//! - `GET /badge.svg` and `GET /scenarios/{name}/badge.svg` are the badge of these replies, as the gateway draws it.
//! - `GET /scenarios` lists the scenarios, each with its number of requests.
//! - With an [`Account`], `POST /oauth/v2/token` is Zoho's accounts server: it issues access tokens, and
//!   `GET /crm/bulk/v6/backup` requires one. The paths under `/scenarios` never require a token.
//!
//! A scenario may give another reply to each `GET`: `flapping` does, and [`Sandbox::play_in_turn`] makes any other
//! scenario do so. The sandbox listens on the loopback interface only, and every response carries
//! `X-Sandbox: zoho-backup-status`.

pub mod accounts;
mod badge;
mod body;
pub mod document;
mod http_response;
mod instant;
pub mod record;
mod replay;
mod routes;
pub mod scenarios;
mod script;
pub mod scripted_reply;
mod server;
pub mod timeline;
mod tls;
pub mod wire_response;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use zoho_backup_core::instant::Timestamp;

pub use accounts::Account;
use accounts::Accounts;
pub use record::{Outcome, Record, Request};
use replay::Replay;
use routes::Shared;
pub use scenarios::{SCENARIOS, Scenario};
use script::Script;
use timeline::{Name, Playing};
pub use tls::Tls;
pub use wire_response::{Delivery, WireResponse};

/// What a sandbox offers in addition to an API that anyone may read over HTTP.
#[derive(Debug, Default)]
pub struct Options {
    /// The account whose access tokens the API then requires.
    pub account: Option<Account>,
    /// The certificate for HTTPS, which replaces HTTP.
    pub tls: Option<Tls>,
}

/// A running sandbox.
#[derive(Debug)]
#[must_use = "the sandbox stops when its handle is dropped"]
pub struct Sandbox {
    address: SocketAddr,
    origin: String,
    shared: Shared,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Starts a sandbox on this port of 127.0.0.1; 0 takes any free port. Needs a Tokio runtime.
    ///
    /// # Errors
    /// When it cannot listen on the port.
    pub async fn start(port: u16) -> io::Result<Self> {
        Self::start_with(port, Options::default()).await
    }

    /// Starts a sandbox with an account, over HTTPS, or both.
    ///
    /// # Errors
    /// When it cannot listen on the port.
    ///
    /// # Example
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # use sandbox::{Account, Options, Sandbox};
    /// let sandbox = Sandbox::start_with(0, Options { account: Some(Account::default()), ..Options::default() }).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn start_with(port: u16, options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let Options { account, tls } = options;
        let origin = match tls {
            Some(_) => format!("https://localhost:{}", address.port()),
            None => format!("http://{address}"),
        };
        let accounts = Accounts::new(account, origin.clone());
        let shared = Shared {
            record: Record::default(),
            script: Script::default(),
            accounts,
            replay: Replay::default(),
            since: instant::now(),
        };
        let server = tokio::spawn(server::serve(listener, tls, routes::router(shared.clone())));
        Ok(Self { address, origin, shared, server })
    }

    /// The address on which it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its origin: `http://127.0.0.1:{port}`, or `https://localhost:{port}`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.origin.clone()
    }

    /// The URL of this scenario.
    #[must_use]
    pub fn url(&self, scenario: &str) -> String {
        format!("{}/scenarios/{scenario}/crm/bulk/v6/backup", self.origin())
    }

    /// The requests so far.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.shared.record
    }

    /// Responds to every further `GET` of this scenario with `response`, in place of the scenario's own reply: for tests
    /// in which a healthy API starts to fail, or whose dates must not move with the clock. The token endpoint is
    /// controlled like a scenario of the name [`TOKEN`](accounts::TOKEN).
    ///
    /// # Example
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # use sandbox::{Sandbox, scenarios::find};
    /// let sandbox = Sandbox::start(0).await?;
    /// let failure = find("internal-error").expect("a scenario").response_now();
    /// sandbox.play("scheduled", failure);
    /// # Ok(())
    /// # }
    /// ```
    pub fn play(&self, scenario: &str, response: WireResponse) {
        self.play_in_turn(scenario, vec![response]);
    }

    /// Responds to the further `GET`s of this scenario with these responses in turn, and repeats the last one. An empty
    /// list restores the scenario's own reply, and that of the token endpoint.
    pub fn play_in_turn(&self, scenario: &str, responses: Vec<WireResponse>) {
        self.shared.script.play(scenario, responses);
    }

    /// When it started.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        self.shared.since
    }

    /// Plays this timeline at Zoho's own path from now on, as Zoho answers: only the present. It replaces the scenario
    /// [`DEFAULT`](scenarios::DEFAULT) there, and what a test plays as it.
    pub fn replay(&self, timeline: Name, playing: Playing) {
        self.shared.replay.start(timeline, playing);
    }

    /// Replaces the account, as after a rotation of its secrets. Issued tokens stay live.
    pub fn set_account(&self, account: Account) {
        self.shared.accounts.set_account(account);
    }

    /// Issues an access token without a request, for a response that a test plays at the token endpoint.
    #[must_use]
    pub fn issue_token(&self) -> String {
        self.shared.accounts.issue()
    }

    /// Revokes every access token.
    pub fn revoke_tokens(&self) {
        self.shared.accounts.revoke();
    }

    /// Waits for as long as the sandbox runs.
    pub async fn wait(mut self) {
        let _ = (&mut self.server).await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
    }
}
