//! Zoho's data centres, and the two servers of each.

/// A data centre. Each account lives in exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataCenter {
    /// The name used in this gateway's configuration.
    pub name: &'static str,
    /// The server that issues tokens.
    pub accounts_server: &'static str,
    /// The server of the API.
    pub api_domain: &'static str,
}

const fn data_center(
    name: &'static str,
    accounts_server: &'static str,
    api_domain: &'static str,
) -> DataCenter {
    DataCenter { name, accounts_server, api_domain }
}

/// All data centres, with the addresses that Zoho's own SDKs use.
pub const DATA_CENTERS: [DataCenter; 9] = [
    data_center("us", "https://accounts.zoho.com", "https://www.zohoapis.com"),
    data_center("eu", "https://accounts.zoho.eu", "https://www.zohoapis.eu"),
    data_center("in", "https://accounts.zoho.in", "https://www.zohoapis.in"),
    data_center("au", "https://accounts.zoho.com.au", "https://www.zohoapis.com.au"),
    data_center("cn", "https://accounts.zoho.com.cn", "https://www.zohoapis.com.cn"),
    data_center("jp", "https://accounts.zoho.jp", "https://www.zohoapis.jp"),
    // Not .ca: Zoho's Canadian accounts server has a different domain.
    data_center("ca", "https://accounts.zohocloud.ca", "https://www.zohoapis.ca"),
    data_center("sa", "https://accounts.zoho.sa", "https://www.zohoapis.sa"),
    data_center("uk", "https://accounts.zoho.uk", "https://www.zohoapis.uk"),
];

impl DataCenter {
    /// Finds a data centre by its name, in any case.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static DataCenter> {
        DATA_CENTERS.iter().find(|data_center| data_center.name.eq_ignore_ascii_case(name))
    }
}
