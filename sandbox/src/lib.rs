//! A scripted Zoho over real HTTP, to develop and test against. Never part of a deployment.
//!
//! `GET /crm/bulk/v6/backup` answers as Zoho does for a scheduled backup;
//! `GET /scenarios/{name}/crm/bulk/v6/backup` answers as [`SCENARIOS`] says; `GET /scenarios` lists them, each with the
//! number of its requests. A scenario may answer each `GET` in another way, in turn: `flapping` does so of its own,
//! and every other can be made to with [`Sandbox::play_in_turn`].
//! With an [`Account`] it is Zoho's accounts server, too: `POST /oauth/v2/token` gives access tokens, and
//! `GET /crm/bulk/v6/backup` demands a live one. The scenarios' own paths never do.
//! It listens on the loopback interface only, and every answer carries `X-Sandbox: zoho-backup-status`.

pub mod accounts;
pub mod answer;
mod body;
pub mod document;
pub mod record;
pub mod scenarios;
mod script;
mod server;
mod tls;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use accounts::Account;
use accounts::Accounts;
use answer::Answer;
pub use record::{Outcome, Record, Request};
pub use scenarios::{SCENARIOS, Scenario};
use script::Script;
use server::Shared;
pub use tls::Tls;

/// What a sandbox is to be besides an API that answers everybody.
#[derive(Debug, Default)]
pub struct Options {
    /// Whom its accounts server gives access tokens, which its API then demands.
    pub account: Option<Account>,
    /// The certificate with which it speaks HTTPS instead of HTTP.
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
    /// Starts a sandbox on this port of 127.0.0.1; 0 takes any free one. Needs a Tokio runtime.
    ///
    /// # Errors
    /// When the port cannot be had.
    pub async fn start(port: u16) -> io::Result<Self> {
        Self::start_with(port, Options::default()).await
    }

    /// The same with an account, over HTTPS, or both.
    ///
    /// # Errors
    /// When the port cannot be had.
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
        let shared = Shared { record: Record::default(), script: Script::default(), accounts };
        let server = tokio::spawn(server::serve(listener, tls, shared.clone()));
        Ok(Self { address, origin, shared, server })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its origin: `http://127.0.0.1:{port}`, or `https://localhost:{port}`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.origin.clone()
    }

    /// The URL at which this scenario answers.
    #[must_use]
    pub fn url(&self, scenario: &str) -> String {
        format!("{}/scenarios/{scenario}/crm/bulk/v6/backup", self.origin())
    }

    /// What it was asked so far.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.shared.record
    }

    /// Answers every further `GET` of this scenario with `answer`, whatever its row says: for tests in which an API
    /// that was well falls ill, or whose dates must not move on with the clock. The token endpoint is played like a
    /// scenario of the name [`TOKEN`](accounts::TOKEN).
    ///
    /// # Example
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # use sandbox::{Sandbox, scenarios::find};
    /// let sandbox = Sandbox::start(0).await?;
    /// let failure = find("internal-error").expect("a scenario").answer_now();
    /// sandbox.play("scheduled", failure);
    /// # Ok(())
    /// # }
    /// ```
    pub fn play(&self, scenario: &str, answer: Answer) {
        self.play_in_turn(scenario, vec![answer]);
    }

    /// Answers the further `GET`s of this scenario with these answers, one after the other; the last one stays. Without
    /// any, the scenario answers as its row says again, and the token endpoint as Zoho does.
    pub fn play_in_turn(&self, scenario: &str, answers: Vec<Answer>) {
        self.shared.script.play(scenario, answers);
    }

    /// Knows only this account from now on, as after a rotation of its secrets. Tokens that were given stay live.
    pub fn set_account(&self, account: Account) {
        self.shared.accounts.set_account(account);
    }

    /// A live access token that nobody asked for: to stand in an answer that a test plays at the token endpoint.
    #[must_use]
    pub fn issue_token(&self) -> String {
        self.shared.accounts.issue()
    }

    /// Ends every access token.
    pub fn revoke_tokens(&self) {
        self.shared.accounts.revoke();
    }

    /// Waits as long as it runs.
    pub async fn wait(mut self) {
        let _ = (&mut self.server).await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
    }
}
