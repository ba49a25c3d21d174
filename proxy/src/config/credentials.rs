//! The self client's credentials: its id, its secret, and the refresh token.

use crate::config::arguments::Arguments;
use crate::config::cleaned::unquoted;
use crate::config::mistakes::Mistakes;
use crate::config::setting::{CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, SecretSetting};
use crate::secret::Source;

/// The self client's credentials.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The client id.
    pub client_id: String,
    /// Where the client secret is stored.
    pub client_secret: Source,
    /// Where the refresh token is stored.
    pub refresh_token: Source,
}

/// Reads the credentials. `environment` returns the value of an environment variable.
pub fn read_credentials(
    given: &Arguments,
    environment: impl Fn(&str) -> Option<String>,
    mistakes: &mut Mistakes,
) -> Option<Credentials> {
    let client_id = mistakes.check(read_client_id(given.client_id.as_deref()));
    let client_secret = read_secret(&CLIENT_SECRET, &environment, mistakes);
    let refresh_token = read_secret(&REFRESH_TOKEN, &environment, mistakes);
    Some(Credentials { client_id: client_id?, client_secret: client_secret?, refresh_token: refresh_token? })
}

/// The value is not in the message: it may be a secret that was set by mistake.
fn read_client_id(given: Option<&str>) -> Result<String, String> {
    match given.map(str::trim) {
        Some(id) if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(id.to_owned()),
        Some(_) => Err(format!("{CLIENT_ID} is not a client id: one word of ASCII is expected")),
        None => Err(CLIENT_ID.missing("register a self client in Zoho's API console")),
    }
}

/// Where a secret is stored, which must be readable.
pub fn read_secret(
    setting: &SecretSetting,
    environment: impl Fn(&str) -> Option<String>,
    mistakes: &mut Mistakes,
) -> Option<Source> {
    let SecretSetting { variable, file_variable, .. } = setting;
    let (source, used_variable) = match (environment(variable), environment(file_variable)) {
        (None, None) => {
            return mistakes.add(format!(
                "{variable} is missing: set it, or set {file_variable} to the path of a file that contains it"
            ));
        }
        (Some(_), Some(_)) => {
            return mistakes.add(format!("{variable} and {file_variable} are both set: unset one of them"));
        }
        (Some(text), None) => (Source::Text(unquoted(variable, &text, mistakes).into()), variable),
        (None, Some(path)) => (Source::file(unquoted(file_variable, &path, mistakes).into()), file_variable),
    };
    match source.read() {
        Ok(_) => Some(source),
        Err(problem) => mistakes.add(format!("{used_variable}: {problem}")),
    }
}
