//! The configuration: the messages for mistakes, and valid values.

#[path = "downstream/folder.rs"]
mod folder;
#[path = "common/variables.rs"]
mod variables;

use std::path::PathBuf;
use std::time::Duration;

use clap::CommandFactory;
use folder::Folder;
use secrecy::ExposeSecret;
use tracing::Level;
use variables::{Environment, SECRET, SECRET_FILE, SENTINEL, TOKEN, TOKEN_FILE};
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

#[test]
fn every_mistake_names_the_setting_and_the_remedy() {
    let text = |written: &str| Some(written.to_owned());
    let api = |address: &str| Arguments { api_domain: text(address), ..good() };
    let accounts = |address: &str| Arguments { accounts_server: text(address), ..good() };
    let origin = |origins: &str| Arguments { allowed_origins: list(origins), ..good() };
    let hosts = |hosts: &str| Arguments { allowed_hosts: list(hosts), ..good() };
    let listen = |address: &str| Arguments { listen: text(address), ..good() };
    let cache = |seconds: &str| Arguments { cache_seconds: text(seconds), ..good() };
    let stale = |seconds: &str| Arguments { stale_seconds: text(seconds), ..good() };
    let log = |level: &str| Arguments { log_level: text(level), ..good() };
    let center = |name: &str| Arguments { data_center: text(name), ..good() };
    let client = |id: Option<&str>| Arguments { client_id: id.map(str::to_owned), ..good() };

    let centers = "us, eu, in, au, cn, jp, ca, sa, uk";
    let https = "is not https: the token must not be sent unencrypted";
    let write = "write it like";
    let only = |api: bool| Arguments {
        data_center: None,
        api_domain: api.then(|| "https://a.example".into()),
        accounts_server: (!api).then(|| "https://a.example".into()),
        ..good()
    };
    let cases: &[(&str, Arguments, &[&str])] = &[
        ("an unknown data centre", center("mars"), &["--data-center \"mars\"", centers]),
        ("an empty data centre", center(""), &["--data-center \"\"", centers]),
        (
            "a data centre's address",
            center("www.zohoapis.eu"),
            &["--data-center \"www.zohoapis.eu\"", centers],
        ),
        (
            "no accounts server",
            only(true),
            &["--accounts-server is missing", "--data-center", "ZOHO_BACKUP_DATA_CENTER"],
        ),
        ("no API", only(false), &["--api-domain is missing", "--data-center", "ZOHO_BACKUP_DATA_CENTER"]),
        (
            "an API over plain http",
            api("http://www.zohoapis.eu"),
            &["--api-domain \"http://www.zohoapis.eu\"", https],
        ),
        ("an API over FTP", api("ftp://www.zohoapis.eu"), &["--api-domain \"ftp://www.zohoapis.eu\"", https]),
        ("an API on this computer over plain http", api("http://localhost:1"), &["--api-domain", https]),
        (
            "an API over plain http with a password",
            api("http://a:1000.sentinel@b.example"),
            &["--api-domain \"b.example\"", https],
        ),
        (
            "an API with a password",
            api("https://a:1000.sentinel@b.example"),
            &["--api-domain \"b.example\"", "has a user name or password: remove them"],
        ),
        (
            "an API with a user name",
            api("https://1000.sentinel@b.example"),
            &["--api-domain \"b.example\"", "remove them"],
        ),
        (
            "an API with a path",
            api("https://b.example/crm"),
            &["--api-domain", "is more than an origin: write https://b.example"],
        ),
        (
            "an API with a query",
            api("https://b.example?t=1000.sentinel"),
            &["--api-domain \"https://b.example\"", "write https://b.example"],
        ),
        (
            "an API with a fragment",
            api("https://b.example#1000.sentinel"),
            &["--api-domain \"https://b.example\"", "write https://b.example"],
        ),
        ("an API without a scheme", api("www.zohoapis.eu"), &["--api-domain \"www.zohoapis.eu\"", write]),
        ("an empty API", api(""), &["--api-domain \"\"", write]),
        (
            "an accounts server over plain http",
            accounts("http://accounts.zoho.eu"),
            &["--accounts-server \"http://accounts.zoho.eu\"", https],
        ),
        (
            "an accounts server with a password",
            accounts("https://a:1000.sentinel@b.example"),
            &["--accounts-server \"b.example\"", "remove them"],
        ),
        (
            "an accounts server with a path",
            accounts("https://accounts.zoho.eu/oauth/v2/token"),
            &["--accounts-server", "write https://accounts.zoho.eu"],
        ),
        ("no client id", client(None), &["--client-id is missing", "register a self client"]),
        ("an empty client id", client(Some(" ")), &["--client-id", "one word of ASCII"]),
        (
            "a client id of two words",
            client(Some("1000.sentinel 1000.sentinel")),
            &["--client-id", "one word of ASCII"],
        ),
        ("any origin", origin("*"), &["--allowed-origins \"*\"", "--dangerously-allow-any-origin"]),
        ("the opaque origin", origin("null"), &["--allowed-origins \"null\"", "cannot be allowed"]),
        (
            "an origin without a scheme",
            origin("portal.example"),
            &["--allowed-origins \"portal.example\"", write],
        ),
        (
            "an origin over FTP",
            origin("ftp://portal.example"),
            &["--allowed-origins \"ftp://portal.example\"", "neither https nor http"],
        ),
        (
            "an origin with a slash",
            origin("https://portal.example/"),
            &["--allowed-origins", "write https://portal.example"],
        ),
        (
            "an origin with a path",
            origin("https://portal.example/x"),
            &["--allowed-origins", "write https://portal.example"],
        ),
        (
            "an origin with its scheme's port",
            origin("https://portal.example:443"),
            &["--allowed-origins", "write https://portal.example"],
        ),
        (
            "an origin in upper case",
            origin("https://Portal.example"),
            &["--allowed-origins", "write https://portal.example"],
        ),
        (
            "an origin in Unicode",
            origin("https://pörtal.example"),
            &["--allowed-origins", "write https://xn--prtal-jua.example"],
        ),
        (
            "an origin with a wildcard",
            origin("https://*.portal.example"),
            &["--allowed-origins \"https://*.portal.example\"", "list each"],
        ),
        (
            "an origin with a password",
            origin("https://a:1000.sentinel@portal.example"),
            &["--allowed-origins", "write https://portal.example"],
        ),
        (
            "one invalid origin of two",
            origin("https://portal.example,x"),
            &["--allowed-origins \"x\"", write],
        ),
        ("a host with a scheme", hosts("https://backup.portal.example"), &["--allowed-hosts", write]),
        ("a host with a path", hosts("backup.portal.example/x"), &["--allowed-hosts", write]),
        ("a host with a slash", hosts("backup.portal.example/"), &["--allowed-hosts", write]),
        (
            "a host with a password",
            hosts("a:1000.sentinel@backup.portal.example"),
            &["--allowed-hosts", write],
        ),
        ("a host with an invalid port", hosts("backup.portal.example:70000"), &["--allowed-hosts", write]),
        (
            "a host with a wildcard",
            hosts("*.portal.example"),
            &["--allowed-hosts \"*.portal.example\"", "list each"],
        ),
        ("a host in Unicode", hosts("pörtal.example"), &["--allowed-hosts", write]),
        ("an IPv6 host without brackets", hosts("::1"), &["--allowed-hosts", write]),
        (
            "a host name to listen on",
            listen("localhost:8095"),
            &["--listen \"localhost:8095\"", "write it like 127.0.0.1:8095"],
        ),
        (
            "no port to listen on",
            listen("127.0.0.1"),
            &["--listen \"127.0.0.1\"", "write it like 127.0.0.1:8095"],
        ),
        ("a port alone", listen("8095"), &["--listen \"8095\"", "write it like 127.0.0.1:8095"]),
        (
            "a port out of range",
            listen("127.0.0.1:70000"),
            &["--listen \"127.0.0.1:70000\"", "write it like 127.0.0.1:8095"],
        ),
        (
            "all addresses without hosts",
            listen("0.0.0.0:8095"),
            &["--allowed-hosts is missing", "0.0.0.0:8095"],
        ),
        (
            "all addresses of IPv6 without hosts",
            listen("[::]:8095"),
            &["--allowed-hosts is missing", "[::]:8095"],
        ),
        ("a network's address without hosts", listen("192.0.2.1:8095"), &["--allowed-hosts is missing"]),
        ("no cache", cache("0"), &["--cache-seconds \"0\"", "from 1 to 86400"]),
        ("a cache of more than a day", cache("86401"), &["--cache-seconds \"86401\"", "from 1 to 86400"]),
        ("a negative cache", cache("-1"), &["--cache-seconds \"-1\"", "from 1 to 86400"]),
        ("a fraction", cache("1.5"), &["--cache-seconds \"1.5\"", "whole number"]),
        ("a unit", cache("60s"), &["--cache-seconds \"60s\"", "whole number"]),
        ("no number", cache(""), &["--cache-seconds \"\"", "whole number"]),
        ("a number out of range", cache("99999999999999999999"), &["--cache-seconds", "from 1 to 86400"]),
        (
            "a stale time of more than a day",
            stale("86401"),
            &["--stale-seconds \"86401\"", "from 0 to 86400"],
        ),
        ("a negative stale time", stale("-1"), &["--stale-seconds \"-1\"", "from 0 to 86400"]),
        (
            "an unknown log level",
            log("verbose"),
            &["--log-level \"verbose\"", "error, warn, info, debug and trace"],
        ),
        ("no log", log("off"), &["--log-level \"off\"", "error, warn, info, debug and trace"]),
        ("an empty log level", log(""), &["--log-level \"\"", "error, warn, info, debug and trace"]),
    ];
    for (name, given, words) in cases {
        assert_mistake(name, given, &secrets(), words);
    }
}

#[test]
fn any_origin_and_listed_origins_are_mutually_exclusive() {
    let given = Arguments {
        allowed_origins: list("https://portal.example"),
        dangerously_allow_any_origin: Some("true".into()),
        ..good()
    };
    assert_mistake(
        "both",
        &given,
        &secrets(),
        &["--allowed-origins", "--dangerously-allow-any-origin", "unset one of them"],
    );
}

#[test]
fn a_secret_comes_from_the_environment_or_from_a_readable_file() {
    let folder = Folder::new();
    let file = |name: &str, content: &str| folder.write(name, content).display().to_string();
    let good = file("good", SENTINEL);
    let empty = file("empty", "");
    let blank = file("blank", " \n\t\n");
    let words = file("words", "1000.sentinel 1000.sentinel");
    let unicode = file("unicode", "1000.sentinel…");
    let bytes = folder.write("bytes", b"1000.sentinel\xff").display().to_string();
    let missing = folder.path().join("missing").display().to_string();
    let of_folder = folder.path().display().to_string();
    for (name, file_name) in [(SECRET, SECRET_FILE), (TOKEN, TOKEN_FILE)] {
        let cases: &[(&str, Variables<'_>, &[&str])] = &[
            ("neither", &[], &[name, "is missing", file_name]),
            ("both", &[(name, SENTINEL), (file_name, &good)], &[name, file_name, "unset one of them"]),
            ("an empty one", &[(name, "")], &[name, "the environment", "is empty"]),
            ("a blank one", &[(name, " \n")], &[name, "is empty"]),
            ("two words", &[(name, "1000.sentinel x")], &[name, "one word of ASCII"]),
            ("Unicode", &[(name, "1000.sentinel…")], &[name, "one word of ASCII"]),
            ("two lines", &[(name, "1000.sentinel\nx")], &[name, "one word of ASCII"]),
            ("no such file", &[(file_name, &missing)], &[file_name, &missing, "cannot be read"]),
            ("a folder", &[(file_name, &of_folder)], &[file_name, &of_folder, "cannot be read"]),
            ("an empty file", &[(file_name, &empty)], &[file_name, &empty, "is empty"]),
            ("a blank file", &[(file_name, &blank)], &[file_name, &blank, "is empty"]),
            ("a file with two words", &[(file_name, &words)], &[file_name, &words, "one word of ASCII"]),
            ("a file in Unicode", &[(file_name, &unicode)], &[file_name, &unicode, "one word of ASCII"]),
            ("a file that is not text", &[(file_name, &bytes)], &[file_name, &bytes, "cannot be read"]),
            ("the secret in place of its path", &[(file_name, SENTINEL)], &[file_name, "cannot be read"]),
        ];
        for (case, variables, words) in cases {
            let mut environment = secrets();
            environment.remove(name);
            environment
                .extend(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
            assert_mistake(&format!("{case} of {name}"), &self::good(), &environment, words);
        }
    }
}

#[test]
fn a_secret_may_have_white_space_around_it() {
    let folder = Folder::new();
    let file = folder.write("secret", format!("{SENTINEL}\r\n"));
    let environment =
        environment([(SECRET_FILE, &file.display().to_string()), (TOKEN, &format!(" {SENTINEL} "))]);
    let settings = validate(&good(), &environment).unwrap();
    for source in [&settings.client_secret, &settings.refresh_token] {
        assert_eq!(source.read().unwrap().expose_secret(), SENTINEL);
    }
    folder.write("secret", "rotated");
    assert_eq!(settings.client_secret.read().unwrap().expose_secret(), "rotated", "without a restart");
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let folder = Folder::new();
    let given = Arguments {
        data_center: Some("mars".into()),
        api_domain: Some("http://a.example".into()),
        accounts_server: Some("http://b.example".into()),
        client_id: None,
        allowed_origins: list("*,null,https://portal.example,x"),
        allowed_hosts: list("a/,b.example,c/"),
        listen: Some("localhost".into()),
        cache_seconds: Some("no".into()),
        stale_seconds: Some("no".into()),
        include_requester: Some("true".into()),
        widget_dir: Some(folder.path().into()),
        dangerously_allow_any_origin: Some("true".into()),
        log_level: Some("loud".into()),
        check: true,
        example: false,
    };
    let mistakes = validate(&given, &Environment::new()).unwrap_err();
    let settings: Vec<_> = mistakes.iter().map(|mistake| mistake.split(' ').next().unwrap()).collect();
    let expected = [
        "--data-center",
        "--api-domain",
        "--accounts-server",
        "--client-id",
        SECRET,
        TOKEN,
        "--allowed-origins",
        "--allowed-origins",
        "--allowed-origins",
        "--allowed-origins",
        "--listen",
        "--allowed-hosts",
        "--allowed-hosts",
        "--cache-seconds",
        "--stale-seconds",
        "--widget-dir",
        "--log-level",
    ];
    assert_eq!(settings, expected, "{mistakes:#?}");
}

#[test]
fn an_empty_configuration_has_five_mistakes() {
    let mistakes = validate(&Arguments::default(), &Environment::new()).unwrap_err();
    assert_eq!(mistakes.len(), 5, "{mistakes:#?}");
}

#[test]
fn a_data_centre_selects_its_two_servers() {
    // From Zoho's SDKs and documentation.
    let table = [
        ("us", "accounts.zoho.com", "www.zohoapis.com"),
        ("eu", "accounts.zoho.eu", "www.zohoapis.eu"),
        ("in", "accounts.zoho.in", "www.zohoapis.in"),
        ("au", "accounts.zoho.com.au", "www.zohoapis.com.au"),
        ("cn", "accounts.zoho.com.cn", "www.zohoapis.com.cn"),
        ("jp", "accounts.zoho.jp", "www.zohoapis.jp"),
        ("ca", "accounts.zohocloud.ca", "www.zohoapis.ca"),
        ("sa", "accounts.zoho.sa", "www.zohoapis.sa"),
        ("uk", "accounts.zoho.uk", "www.zohoapis.uk"),
    ];
    assert_eq!(DATA_CENTERS.len(), table.len());
    for (name, accounts_server, api_domain) in table {
        for written in [name.to_owned(), name.to_uppercase(), format!(" {name} ")] {
            let settings = settings(&Arguments { data_center: Some(written), ..good() });
            assert_eq!(settings.accounts_server.as_str(), format!("https://{accounts_server}/"));
            assert_eq!(settings.api_domain.as_str(), format!("https://{api_domain}/"));
        }
    }
}

#[test]
fn an_address_takes_precedence_over_the_data_centre() {
    let given = Arguments { api_domain: Some("https://sandbox.zohoapis.eu".into()), ..good() };
    let judged = settings(&given);
    assert_eq!(judged.api_domain.as_str(), "https://sandbox.zohoapis.eu/");
    assert_eq!(judged.accounts_server.as_str(), "https://accounts.zoho.eu/");

    let given = Arguments {
        data_center: None,
        accounts_server: Some("https://accounts.example:8443".into()),
        ..given
    };
    let judged = settings(&given);
    assert_eq!(judged.api_domain.as_str(), "https://sandbox.zohoapis.eu/");
    assert_eq!(judged.accounts_server.as_str(), "https://accounts.example:8443/");
}

#[test]
fn settings_have_defaults() {
    let settings = settings(&good());
    assert_eq!(settings.listen, "127.0.0.1:8095".parse().unwrap());
    assert_eq!(settings.origins, Origins::Listed(vec![]));
    assert_eq!(
        settings.own_hosts,
        ["localhost", "127.0.0.1", "[::1]"].map(|name| OwnHost::new(name).unwrap())
    );
    assert_eq!(settings.cache_time, Duration::from_secs(60));
    assert_eq!(settings.stale_time, Duration::from_secs(3_600));
    assert_eq!(settings.log_level, Level::INFO);
    assert!(!settings.include_requester && settings.widget_files.is_none());
    assert_eq!(settings.warnings(), Vec::<String>::new());
}

#[test]
fn limits_and_lists_are_accepted() {
    let given = Arguments {
        allowed_origins: list("https://portal.example, http://localhost:3000,"),
        allowed_hosts: list("backup.portal.example,[::1]:8443,,192.0.2.1:80"),
        listen: Some("[::1]:0".into()),
        cache_seconds: Some(" 1 ".into()),
        stale_seconds: Some("0".into()),
        log_level: Some("TRACE".into()),
        ..good()
    };
    let judged = settings(&given);
    let origins = ["https://portal.example", "http://localhost:3000"].map(str::to_owned);
    assert_eq!(judged.origins, Origins::Listed(origins.into()));
    let hosts = ["localhost", "127.0.0.1", "[::1]", "backup.portal.example", "[::1]:8443", "192.0.2.1:80"];
    assert_eq!(judged.own_hosts, hosts.map(|name| OwnHost::new(name).unwrap()));
    assert_eq!((judged.cache_time, judged.stale_time), (Duration::from_secs(1), Duration::ZERO));
    assert_eq!(judged.log_level, Level::TRACE);

    let day = Some("86400".to_owned());
    let judged = settings(&Arguments { cache_seconds: day.clone(), stale_seconds: day, ..good() });
    let day = Duration::from_secs(86_400);
    assert_eq!((judged.cache_time, judged.stale_time), (day, day));
}

#[test]
fn dangerous_settings_cause_warnings() {
    let any = settings(&Arguments { dangerously_allow_any_origin: Some("true".into()), ..good() });
    assert_eq!(any.origins, Origins::Any);
    let [warning] = &any.warnings()[..] else { panic!("{:?}", any.warnings()) };
    assert!(warning.contains("pages of every origin"), "{warning}");

    for listen in ["0.0.0.0:8095", "[::]:8095", "192.0.2.1:1"] {
        let given =
            Arguments { listen: Some(listen.into()), allowed_hosts: list("backup.portal.example"), ..good() };
        let [warning] = &settings(&given).warnings()[..] else { panic!("one warning for {listen}") };
        assert!(warning.contains(listen) && warning.contains("beyond this computer"), "{warning}");
    }
    for listen in ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1"] {
        let given = Arguments { listen: Some(listen.into()), ..good() };
        assert_eq!(settings(&given).warnings(), Vec::<String>::new(), "{listen}");
    }
}

#[cfg(unix)]
#[test]
fn a_secret_that_every_user_can_read_causes_a_warning() {
    let folder = Folder::new();
    let [secret, token] = ["secret", "token"].map(|name| folder.write(name, SENTINEL).display().to_string());
    let environment = environment([(SECRET_FILE, &secret), (TOKEN_FILE, &token)]);
    let settings = validate(&good(), &environment).unwrap();
    for (mode, exposed) in [(0o600, false), (0o400, false), (0o640, false), (0o644, true), (0o604, true)] {
        folder.allow("token", mode);
        let warnings = settings.warnings();
        assert_eq!(warnings.len(), usize::from(exposed), "{mode:o}");
        for warning in warnings {
            assert!(warning.contains(&token) && warning.contains("chmod 600"), "{warning}");
            assert!(!warning.contains(SENTINEL), "{warning}");
        }
    }
    folder.allow("secret", 0o644);
    folder.allow("token", 0o644);
    assert_eq!(settings.warnings().len(), 2);
}

#[test]
fn the_widget_folder_must_contain_both_files() {
    let folder = Folder::new();
    let given = Arguments { widget_dir: Some(folder.path().into()), ..good() };
    let path = folder.path().display().to_string();
    for (has, missing) in [(None, "zoho-backup-status.js"), (Some("zoho-backup-status.js"), "widget_bg.wasm")]
    {
        if let Some(name) = has {
            folder.write(name, "content");
        }
        assert_mistake(missing, &given, &secrets(), &["--widget-dir", &path, missing, "cannot be read"]);
    }
    folder.write("widget_bg.wasm", "content");
    let files = settings(&given).widget_files.expect("widget files");
    assert!(files.find("/widget_bg.wasm").is_some() && files.find("/index.html").is_none());
}

#[test]
fn every_flag_has_a_variable_and_no_secret_has_a_flag() {
    let command = Arguments::command();
    for argument in command.get_arguments() {
        let flag = argument.get_long().expect("a long flag");
        if ["check", "example"].contains(&flag) {
            continue;
        }
        let variable = format!("ZOHO_BACKUP_{}", flag.to_uppercase().replace('-', "_"));
        assert_eq!(argument.get_env().and_then(|name| name.to_str()), Some(variable.as_str()));
        assert!(argument.is_hide_env_values_set(), "{flag}: --help must not show the environment");
        assert!(!flag.contains("secret") && !flag.contains("token"), "{flag}");
    }
}

#[test]
fn a_path_is_shown_unless_it_may_be_the_secret_itself() {
    let problem = |path: &str| Source::File(PathBuf::from(path)).read().unwrap_err();
    assert!(problem("/nowhere/secret").starts_with("/nowhere/secret cannot be read"));
    assert!(!problem(SENTINEL).contains(SENTINEL), "somebody took the variable for the secret's own");
}
