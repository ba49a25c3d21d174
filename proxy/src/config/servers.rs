//! Zoho's two servers, those of a data centre or given by their addresses, and proxies.

use reqwest::Url;

use crate::config::arguments::Arguments;
use crate::config::credentials::read_secret;
use crate::config::mistakes::Mistakes;
use crate::config::setting::{ACCOUNTS_SERVER, API_DOMAIN, DATA_CENTER, SecretSetting, Setting};
use crate::config::values::without_secrets;
use crate::data_center::{DATA_CENTERS, DataCenter};
use crate::upstream_proxy::UpstreamProxy;

/// The addresses of Zoho's two servers.
#[derive(Clone, Debug)]
pub struct Servers {
    /// The server of the API.
    pub api_domain: Url,
    /// The server that issues tokens.
    pub accounts_server: Url,
}

/// Reads the addresses of both servers. An explicit address takes precedence over the data centre's.
pub fn read_servers(given: &Arguments, mistakes: &mut Mistakes) -> Option<Servers> {
    let data_center = given.data_center.as_deref().and_then(|name| mistakes.check(find_data_center(name)));
    let mut server = |setting: Setting, explicit: Option<&str>, default: Option<&'static str>| {
        match (explicit, default) {
            (Some(address), _) => mistakes.check(
                parse_https_origin(address)
                    .map_err(|problem| setting.wrong(without_secrets(address), &problem)),
            ),
            (None, Some(address)) => Url::parse(address).ok(),
            // The mistake is in the name of the data centre.
            (None, None) if given.data_center.is_some() => None,
            (None, None) => mistakes
                .add(setting.missing(&format!("set it, or the account's data centre with {DATA_CENTER}"))),
        }
    };
    let api_domain = server(API_DOMAIN, given.api_domain.as_deref(), data_center.map(|it| it.api_domain));
    let accounts_server =
        server(ACCOUNTS_SERVER, given.accounts_server.as_deref(), data_center.map(|it| it.accounts_server));
    Some(Servers { api_domain: api_domain?, accounts_server: accounts_server? })
}

fn find_data_center(name: &str) -> Result<&'static DataCenter, String> {
    DataCenter::find(name.trim()).ok_or_else(|| {
        let names = DATA_CENTERS.map(|data_center| data_center.name).join(", ");
        DATA_CENTER.wrong(name, &format!("is not one of Zoho's data centres: {names}"))
    })
}

/// Reads a proxy and its credentials. `environment` returns the value of an environment variable.
pub fn read_proxy(
    setting: &Setting,
    secret: &SecretSetting,
    address: Option<&str>,
    environment: impl Fn(&str) -> Option<String>,
    mistakes: &mut Mistakes,
) -> Option<Option<UpstreamProxy>> {
    let SecretSetting { variable, file_variable, .. } = secret;
    let has_credentials = environment(variable).is_some() || environment(file_variable).is_some();
    let Some(address) = address else {
        if has_credentials {
            return mistakes.add(setting.missing(&format!("{variable} is only for it")));
        }
        return Some(None);
    };
    let url =
        parse_proxy(address, variable).map_err(|problem| setting.wrong(without_secrets(address), &problem));
    let url = mistakes.check(url);
    let credentials = match has_credentials {
        true => Some(read_secret(secret, environment, mistakes)?),
        false => None,
    };
    Some(Some(UpstreamProxy { url: url?, credentials }))
}

fn parse_proxy(address: &str, variable: &str) -> Result<Url, String> {
    let problem = || "is not the address of a proxy: write it like http://proxy.intranet:3128".to_owned();
    let url = Url::parse(address.trim()).map_err(|_| problem())?;
    if url.scheme() != "http" || url.host_str().is_none_or(str::is_empty) {
        return Err(problem());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("has a user name or password, which others can see: set {variable}"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(format!("is more than an origin: write {}", url.origin().ascii_serialization()));
    }
    Ok(url)
}

/// Parses an https address without path, query or credentials. The error says what is wrong and what to write.
fn parse_https_origin(address: &str) -> Result<Url, String> {
    let url = Url::parse(address.trim())
        .map_err(|_| "is not an address: write it like https://www.zohoapis.com".to_owned())?;
    if url.scheme() != "https" {
        return Err("is not https: the token must not be sent unencrypted".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("has a user name or password: remove them".to_owned());
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(format!("is more than an origin: write {}", url.origin().ascii_serialization()));
    }
    Ok(url)
}
