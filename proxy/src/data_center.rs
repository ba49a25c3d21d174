//! Zoho's data centres, and the two servers of each.

use reqwest::Url;

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
pub const DATA_CENTERS: [DataCenter; 10] = [
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
    data_center("ae", "https://accounts.zoho.ae", "https://www.zohoapis.ae"),
];

impl DataCenter {
    /// Finds a data centre by its name, in any case.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static DataCenter> {
        DATA_CENTERS.iter().find(|data_center| data_center.name.eq_ignore_ascii_case(name))
    }

    /// The data centre whose API has this address; `None` for sandboxes and other servers.
    #[must_use]
    pub fn of_api(address: &Url) -> Option<&'static DataCenter> {
        let origin = address.origin().ascii_serialization();
        DATA_CENTERS.iter().find(|data_center| data_center.api_domain == origin)
    }
}

/// A token of one data centre, and the API of another, which refuses it however often it is renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Where the token is valid.
    pub issued: &'static DataCenter,
    /// Where the gateway asks.
    pub asked: &'static DataCenter,
}

impl Mismatch {
    /// Compares the `api_domain` that the accounts server names with the API that is asked. `None` if they are the same,
    /// or one of them is no data centre's.
    #[must_use]
    pub fn between(issued: &str, asked: &Url) -> Option<Mismatch> {
        let (issued, asked) = (DataCenter::of_api(&Url::parse(issued).ok()?)?, DataCenter::of_api(asked)?);
        (issued != asked).then_some(Mismatch { issued, asked })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_data_centers_disagree() {
        let between = |issued: &str, asked: &str| {
            let mismatch = Mismatch::between(issued, &Url::parse(asked).unwrap())?;
            Some((mismatch.issued.name, mismatch.asked.name))
        };
        let cases = [
            ("https://www.zohoapis.com", "https://www.zohoapis.eu", Some(("us", "eu"))),
            ("https://www.zohoapis.ae/", "https://www.zohoapis.in/", Some(("ae", "in"))),
            ("https://www.zohoapis.com", "https://www.zohoapis.com/", None),
            ("https://www.zohoapis.com", "https://sandbox.zohoapis.com", None),
            ("https://sandbox.zohoapis.com", "https://www.zohoapis.eu", None),
            ("www.zohoapis.com", "https://www.zohoapis.eu", None),
            ("", "https://www.zohoapis.eu", None),
        ];
        for (issued, asked, expected) in cases {
            assert_eq!(between(issued, asked), expected, "{issued}, {asked}");
        }
    }
}
