//! The configuration: the messages for mistakes, and valid values.

#[path = "../downstream/folder.rs"]
mod folder;
mod mistakes;
mod secrets;
mod values;
#[path = "../common/variables.rs"]
mod variables;

use std::path::PathBuf;
use std::time::Duration;

use clap::CommandFactory;
use folder::Folder;
use secrecy::ExposeSecret;
use tracing::Level;
use variables::{Environment, SECRET, SECRET_FILE, SENTINEL, TOKEN, TOKEN_FILE};
use zoho_backup_core::policy::Policy;
use zoho_backup_proxy::badge_sites::BadgeSites;
use zoho_backup_proxy::config::listen::{Listen, SocketFile};
use zoho_backup_proxy::config::{Arguments, Settings};
use zoho_backup_proxy::data_center::DATA_CENTERS;
use zoho_backup_proxy::origin::Origins;
use zoho_backup_proxy::own_host::OwnHost;
use zoho_backup_proxy::secret::Source;

type Variables<'a> = &'a [(&'a str, &'a str)];

fn good() -> Arguments {
    Arguments {
        data_center: Some("eu".into()),
        client_id: Some("1000.CLIENT".into()),
        ..Arguments::default()
    }
}

fn secrets() -> Environment {
    environment([(SECRET, SENTINEL), (TOKEN, SENTINEL)])
}

fn environment<const N: usize>(variables: [(&str, &str); N]) -> Environment {
    variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

fn validate(given: &Arguments, environment: &Environment) -> Result<Settings, Vec<String>> {
    let validated = Settings::validate(given, |name| environment.get(name).cloned());
    for mistake in validated.as_ref().err().into_iter().flatten() {
        assert!(!mistake.contains(SENTINEL), "a secret is shown: {mistake}");
        assert!(!mistake.contains('\n'), "more than a line: {mistake}");
    }
    validated
}

fn settings(given: &Arguments) -> Settings {
    validate(given, &secrets()).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

/// There is one mistake, and its message contains all these words: first the setting, then the problem and the remedy.
fn assert_mistake(name: &str, given: &Arguments, environment: &Environment, words: &[&str]) {
    let mistakes = validate(given, environment).err().unwrap_or_else(|| panic!("{name} is a mistake"));
    assert_eq!(mistakes.len(), 1, "{name}: {mistakes:?}");
    let (setting, words) = words.split_first().expect("the setting");
    let setting = with_variable(setting);
    assert!(mistakes[0].starts_with(&setting), "{name}: {setting} does not start: {}", mistakes[0]);
    for word in words {
        assert!(mistakes[0].contains(word), "{name}: \"{word}\" is not in: {}", mistakes[0]);
    }
}

/// Adds the variable to a flag: `--listen "x"` becomes `--listen (ZOHO_BACKUP_LISTEN) "x"`.
fn with_variable(text: &str) -> String {
    let Some(text) = text.strip_prefix("--") else { return text.to_owned() };
    let (flag, rest) = text.split_at(text.find(' ').unwrap_or(text.len()));
    format!("--{flag} (ZOHO_BACKUP_{}){rest}", flag.to_uppercase().replace('-', "_"))
}

fn list(written: &str) -> Vec<String> {
    written.split(',').map(str::to_owned).collect()
}
