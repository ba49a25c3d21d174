//! The gateway's own codes: each has one meaning, names a setting that exists, and is explained.

use std::time::Duration;

use clap::CommandFactory;
use zoho_backup_core::gateway_code::{GATEWAY, GatewayCode};
use zoho_backup_proxy::config::arguments::Arguments;
use zoho_backup_proxy::config::setting::{CLIENT_SECRET, REFRESH_TOKEN};
use zoho_backup_proxy::data_center::{DATA_CENTERS, Mismatch};
use zoho_backup_proxy::error_shape::{ErrorCode, ErrorShape};
use zoho_backup_proxy::failure::{Failure, Secret, TokenRefusal};
use zoho_backup_proxy::request_refusal::RequestRefusal;

/// The code of everything that the gateway says itself.
fn codes() -> Vec<GatewayCode> {
    let minute = Duration::from_secs(60);
    let refusals = [
        RequestRefusal::NotFound,
        RequestRefusal::Method(&[]),
        RequestRefusal::Query,
        RequestRefusal::AbsoluteForm,
        RequestRefusal::InvalidHost,
        RequestRefusal::Host,
        RequestRefusal::Origin,
        RequestRefusal::CrossSite,
        RequestRefusal::Busy,
    ];
    let failures = [
        Failure::TokenRefused(TokenRefusal::Client),
        Failure::TokenRefused(TokenRefusal::RefreshToken),
        Failure::TokenRefused(TokenRefusal::Other),
        Failure::TooManyTokens(minute),
        Failure::RenewalPaused(minute),
        Failure::UnreadableSecret(Secret::ClientSecret),
        Failure::UnreadableSecret(Secret::RefreshToken),
        Failure::WrongDataCenter(Mismatch { issued: &DATA_CENTERS[0], asked: &DATA_CENTERS[1] }),
        Failure::UpstreamProxyFailed,
        Failure::Unreachable,
        Failure::TimedOut,
        Failure::ZohoFailed,
        Failure::UnreadableAnswer,
        Failure::UnreadableTokenAnswer,
        Failure::Internal,
    ];
    let own = |code: ErrorCode<'_>| match code {
        ErrorCode::Gateway(code) => code,
        ErrorCode::WrongDataCenter(_) => GatewayCode::WrongDataCenter,
        ErrorCode::Zoho(code) => panic!("{code} is not the gateway's own"),
    };
    let refused = refusals.into_iter().map(|refusal| own(ErrorShape::from(refusal).code));
    refused.chain(failures.iter().map(|failure| own(ErrorShape::from(failure).code))).collect()
}

#[test]
fn each_code_has_one_meaning() {
    let codes = codes();
    for code in GatewayCode::ALL {
        let meanings = codes.iter().filter(|used| *used == code).count();
        assert_eq!(meanings, 1, "{code}");
    }
    assert_eq!(codes.len(), GatewayCode::ALL.len());
}

#[test]
fn each_setting_exists() {
    let command = Arguments::command();
    let flags: Vec<_> = command.get_arguments().filter_map(|argument| argument.get_long()).collect();
    let variables =
        [CLIENT_SECRET, REFRESH_TOKEN].map(|secret| [secret.variable, secret.file_variable]).concat();
    for code in GatewayCode::ALL {
        let Some(setting) = code.setting() else { continue };
        let exists = match setting.strip_prefix("--") {
            Some(flag) => flags.contains(&flag),
            None => variables.contains(&setting),
        };
        assert!(exists, "{code} names {setting}");
    }
}

#[test]
fn what_zoho_says_is_not_marked_as_the_gateways_own() {
    for failure in [Failure::ZohoError("NO_PERMISSION".into()), Failure::RateLimited(Duration::from_secs(60))]
    {
        let code = ErrorShape::from(&failure).code;
        assert!(matches!(code, ErrorCode::Zoho(_)), "{failure:?}");
        assert_eq!(code.details(), serde_json::json!({}), "{failure:?}");
    }
}

#[test]
fn the_mark_is_the_name_of_the_program() {
    assert_eq!(Arguments::command().get_name(), GATEWAY);
}

#[test]
fn the_readme_explains_each_code_and_its_setting() {
    let readme = include_str!("../README.md");
    for code in GatewayCode::ALL {
        let rows: Vec<_> = readme.lines().filter(|line| line.contains(&format!("| `{code}` |"))).collect();
        let [row] = rows[..] else { panic!("{code} has {} rows", rows.len()) };
        let setting = code.setting().map(|setting| format!("`{setting}`"));
        assert!(setting.is_none_or(|setting| row.contains(&setting)), "{row}");
    }
}
