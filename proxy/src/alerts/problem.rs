//! Why an alert is not delivered. The receiver's address is a secret, and so is its host: no problem names either.

use std::fmt;
use std::time::Duration;

/// The statuses of HTTP's client errors that may pass by themselves: 408, 425 and 429.
const PASSING: [u16; 3] = [408, 425, 429];

/// Why an alert was not delivered, or a monitor not pinged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The file with the address cannot be read, or has none.
    Address,
    /// The receiver answered with another status than a 2xx. Redirects are not followed.
    Status(u16),
    /// There was no answer in time.
    TimedOut,
    /// There is no such name.
    UnknownName,
    /// Nothing accepts the connection.
    ConnectionRefused,
    /// The receiver's certificate is not trusted, or TLS fails otherwise.
    Tls,
    /// The proxy on the way cannot be reached, or refuses.
    Proxy,
    /// The connection cannot be made, or breaks off.
    Connection,
}

/// What the receiver, or the way to it, answered instead of accepting an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub problem: Problem,
    /// How long it asks to wait.
    pub retry_after: Option<Duration>,
}

impl Problem {
    /// Whether it lasts until somebody repairs the receiver or its address.
    #[must_use]
    pub fn is_lasting(self) -> bool {
        match self {
            Problem::Status(status) => {
                (300..400).contains(&status) || ((400..500).contains(&status) && !PASSING.contains(&status))
            }
            Problem::Address
            | Problem::TimedOut
            | Problem::UnknownName
            | Problem::ConnectionRefused
            | Problem::Tls
            | Problem::Proxy
            | Problem::Connection => false,
        }
    }

    /// In one word, for metrics.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Problem::Status(_) if self.is_lasting() => "refused",
            Problem::Status(_) => "status",
            Problem::Address => "address",
            Problem::TimedOut => "timed-out",
            Problem::UnknownName => "unknown-name",
            Problem::ConnectionRefused => "connection-refused",
            Problem::Tls => "tls",
            Problem::Proxy => "proxy",
            Problem::Connection => "connection",
        }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Refusal {
        Refusal { problem, retry_after: None }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Status(status @ 300..400) => write!(
                f,
                "the receiver redirects (HTTP {status}), which is not followed: write its present address into the file"
            ),
            Problem::Status(status) if self.is_lasting() => {
                write!(
                    f,
                    "the receiver refuses it (HTTP {status}): check its address, and that it still exists"
                )
            }
            Problem::Status(status) => write!(f, "the receiver answers HTTP {status}"),
            Problem::Address => f.write_str("its address cannot be read from its file"),
            Problem::TimedOut => f.write_str("the receiver does not answer in time"),
            Problem::UnknownName => {
                f.write_str("the name of the receiver is not known: check the address and DNS")
            }
            Problem::ConnectionRefused => f.write_str("the receiver refuses the connection"),
            Problem::Tls => f.write_str("the receiver's certificate is not trusted, or TLS fails otherwise"),
            Problem::Proxy => f.write_str("the proxy on the way cannot be reached, or refuses"),
            Problem::Connection => f.write_str("the connection cannot be made, or breaks off"),
        }
    }
}
