//! What the script must know of the contract, generated from core.

use zoho_backup_core::options::{Credentials, OptionName, Options};
use zoho_backup_core::proxy_url::MAX_CHARACTERS;
use zoho_backup_core::request::FETCH_OPTIONS;

use super::placeholders::literal;

/// Placeholders of the script, each with the JavaScript that takes its place.
pub fn placeholders() -> [(&'static str, String); 4] {
    [
        ("ATTRIBUTES", attributes()),
        ("CREDENTIALS", credentials()),
        ("FETCH_OPTIONS", fetch_options()),
        ("MAX_URL_LENGTH", MAX_CHARACTERS.to_string()),
    ]
}

/// `[["proxy-url", "proxyUrl", ""], …]`: attribute, property and the property's default.
fn attributes() -> String {
    let rows = OptionName::ALL.iter().filter_map(|name| {
        let default = default_of(*name)?;
        Some(format!("[{}, {}, {default}]", literal(name.name()), literal(name.property())))
    });
    array(rows)
}

/// What an option's property returns without its attribute; `None` for `lang`, a property that every element has.
fn default_of(name: OptionName) -> Option<String> {
    let default = Options::default();
    Some(match name {
        OptionName::Lang => return None,
        OptionName::ProxyUrl
        | OptionName::TimeZone
        | OptionName::HourCycle
        | OptionName::Label
        | OptionName::Href
        | OptionName::Target => literal(""),
        OptionName::RefreshInterval => default.refresh_interval.unwrap_or_default().as_secs().to_string(),
        OptionName::OverdueAfter => default.overdue_after.as_secs().to_string(),
        OptionName::Countdown => literal(default.countdown.name()),
        OptionName::Theme => literal(default.theme.name()),
        OptionName::Variant => literal(default.variant.name()),
        OptionName::HeadingLevel => default.heading_level.name().to_owned(),
        OptionName::Credentials => literal(default.credentials.name()),
    })
}

/// `["same-origin", …]`, the default first.
fn credentials() -> String {
    let default = Options::default().credentials;
    let others = Credentials::ALL.iter().copied().filter(|credentials| *credentials != default);
    array([default].into_iter().chain(others).map(|credentials| literal(credentials.name())))
}

/// `{ mode: "cors", … }`.
fn fetch_options() -> String {
    let options: Vec<_> =
        FETCH_OPTIONS.iter().map(|(name, value)| format!("{name}: {}", literal(value))).collect();
    format!("{{ {} }}", options.join(", "))
}

fn array(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_gets_what_core_says() {
        let [(_, attributes), (_, credentials), (_, fetch_options), (_, max_url_length)] = placeholders();
        assert!(attributes.starts_with(
            r#"[["proxy-url", "proxyUrl", ""], ["refresh-interval", "refreshInterval", 300], "#
        ));
        assert!(
            attributes.contains(r#"["credentials", "credentials", "same-origin"]"#)
                && !attributes.contains("lang")
        );
        assert_eq!(credentials, r#"["same-origin", "include", "omit"]"#);
        let expected =
            r#"{ mode: "cors", cache: "no-cache", redirect: "manual", referrerPolicy: "no-referrer" }"#;
        assert_eq!(fetch_options, expected);
        assert_eq!(max_url_length, "2048");
    }
}
