//! The messages for mistakes: each names the setting, the value unless it is secret, and the remedy.

use super::*;

#[test]
fn every_mistake_names_the_setting_and_the_remedy() {
    let text = |written: &str| Some(written.to_owned());
    let api = |address: &str| Arguments { api_domain: text(address), ..good() };
    let accounts = |address: &str| Arguments { accounts_server: text(address), ..good() };
    let origin = |origins: &str| Arguments { allowed_origins: list(origins), ..good() };
    let hosts = |hosts: &str| Arguments { allowed_hosts: list(hosts), ..good() };
    let log_as = |format: &str| Arguments { log_format: text(format), ..good() };
    let badge = |sites: &str| Arguments { badge_sites: text(sites), ..good() };
    let listen = |address: &str| Arguments { listen: text(address), ..good() };
    let cache = |seconds: &str| Arguments { cache_seconds: text(seconds), ..good() };
    let stale = |seconds: &str| Arguments { stale_seconds: text(seconds), ..good() };
    let watch = |seconds: &str| Arguments { watch_seconds: text(seconds), ..good() };
    let state = |path: &str| Arguments { state_dir: Some(path.into()), ..good() };
    let days = |days: &str| Arguments { history_days: text(days), ..good() };
    let overdue = |seconds: &str| Arguments { overdue_seconds: text(seconds), ..good() };
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
        ("an empty client id", client(Some(" ")), &["--client-id", "is missing"]),
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
        (
            "a Unix socket without a path",
            listen("unix:"),
            &["--listen \"unix:\"", "write it like unix:/run/"],
        ),
        (
            "a folder as a Unix socket",
            listen("unix:/run/"),
            &["--listen \"unix:/run/\"", "write it like unix:/run/"],
        ),
        (
            "a long path of a Unix socket",
            listen(&format!("unix:/{}", "x".repeat(107))),
            &["--listen", "longer than 107 bytes"],
        ),
        (
            "an unknown group",
            Arguments { socket_group: text("no-such-group"), ..listen("unix:/run/gateway") },
            &["--socket-group \"no-such-group\"", "is not a group of this machine"],
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
        ("no cache", cache("0"), &["--cache-seconds \"0\"", "from 1 to 86400"]),
        ("a cache of more than a day", cache("86401"), &["--cache-seconds \"86401\"", "from 1 to 86400"]),
        ("a negative cache", cache("-1"), &["--cache-seconds \"-1\"", "from 1 to 86400"]),
        ("a fraction", cache("1.5"), &["--cache-seconds \"1.5\"", "whole number"]),
        ("a unit", cache("60s"), &["--cache-seconds \"60s\"", "whole number"]),
        ("a number out of range", cache("99999999999999999999"), &["--cache-seconds", "from 1 to 86400"]),
        (
            "a stale time of more than a day",
            stale("86401"),
            &["--stale-seconds \"86401\"", "from 0 to 86400"],
        ),
        ("a watch that asks too often", watch("59"), &["--watch-seconds \"59\"", "from 60 to 900"]),
        ("a watch that asks too rarely", watch("901"), &["--watch-seconds \"901\"", "from 60 to 900"]),
        ("a watch with a unit", watch("5m"), &["--watch-seconds \"5m\"", "whole number"]),
        ("a history of no day", days("0"), &["--history-days \"0\"", "from 1 to 3650"]),
        ("a history of centuries", days("3651"), &["--history-days \"3651\"", "from 1 to 3650"]),
        ("a negative time", overdue("-1"), &["--overdue-seconds \"-1\"", "whole number of seconds"]),
        ("an hour in words", overdue("1h"), &["--overdue-seconds \"1h\"", "whole number of seconds"]),
        (
            "no state directory",
            state("/nowhere/at/all"),
            &["--state-dir \"/nowhere/at/all\"", "is not a folder", "create one"],
        ),
        (
            "a file as state directory",
            state("Cargo.toml"),
            &["--state-dir \"Cargo.toml\"", "is not a folder"],
        ),
        ("a negative stale time", stale("-1"), &["--stale-seconds \"-1\"", "from 0 to 86400"]),
        (
            "an unknown log level",
            log("verbose"),
            &["--log-level \"verbose\"", "error, warn, info, debug and trace"],
        ),
        ("no log", log("off"), &["--log-level \"off\"", "error, warn, info, debug and trace"]),
        ("an unknown log format", log_as("xml"), &["--log-format \"xml\"", "neither text nor json"]),
        (
            "unknown sites",
            badge("cross-origin"),
            &["--badge-sites \"cross-origin\"", "same-origin, same-site and any"],
        ),
        (
            "a site",
            badge("wiki.example"),
            &["--badge-sites \"wiki.example\"", "same-origin, same-site and any"],
        ),
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
fn all_mistakes_are_reported_at_once() {
    let folder = Folder::new();
    let given = Arguments {
        data_center: Some("mars".into()),
        api_domain: Some("http://a.example".into()),
        accounts_server: Some("http://b.example".into()),
        upstream_proxy: Some("https://c.example".into()),
        client_id: None,
        allowed_origins: list("*,null,https://portal.example,x"),
        allowed_hosts: list("a/,b.example,c/"),
        listen: Some("localhost".into()),
        cache_seconds: Some("no".into()),
        stale_seconds: Some("no".into()),
        watch_seconds: Some("no".into()),
        state_dir: Some(folder.path().join("missing")),
        history_days: Some("no".into()),
        overdue_seconds: Some("no".into()),
        include_requester: Some("true".into()),
        widget_dir: Some(folder.path().into()),
        dangerously_allow_any_origin: Some("true".into()),
        badge_sites: Some("all".into()),
        log_level: Some("loud".into()),
        log_format: Some("xml".into()),
        socket_group: None,
        idle_seconds: Some("no".into()),
        admin_listen: Some("0.0.0.0:8096".into()),
        healthcheck: false,
        export_history: false,
        alert_url_file: Some("https://hooks.example/1000.sentinel".into()),
        alert_format: Some("email".into()),
        alert_proxy: Some("https://d.example".into()),
        label: Some("\u{200b}".into()),
        heartbeat_url_file: Some(folder.path().join("missing")),
        alert_test: false,
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
        "--upstream-proxy",
        "--allowed-origins",
        "--allowed-origins",
        "--allowed-origins",
        "--allowed-origins",
        "--listen",
        "--allowed-hosts",
        "--allowed-hosts",
        "--admin-listen",
        "--idle-seconds",
        "--cache-seconds",
        "--stale-seconds",
        "--watch-seconds",
        "--state-dir",
        "--history-days",
        "--overdue-seconds",
        "--widget-dir",
        "--badge-sites",
        "--alert-url-file",
        "--heartbeat-url-file",
        "--alert-format",
        "--alert-proxy",
        "--label",
        "--log-level",
        "--log-format",
    ];
    assert_eq!(settings, expected, "{mistakes:#?}");
}

#[test]
fn an_empty_value_counts_as_none() {
    let empty = || Some(" ".to_owned());
    let given = Arguments {
        api_domain: empty(),
        accounts_server: empty(),
        upstream_proxy: empty(),
        allowed_origins: list(""),
        allowed_hosts: list(" , "),
        listen: empty(),
        cache_seconds: empty(),
        stale_seconds: empty(),
        watch_seconds: empty(),
        state_dir: Some("".into()),
        history_days: empty(),
        overdue_seconds: empty(),
        alert_url_file: Some(" ".into()),
        alert_format: empty(),
        alert_proxy: empty(),
        label: empty(),
        heartbeat_url_file: Some("".into()),
        include_requester: empty(),
        widget_dir: Some("".into()),
        dangerously_allow_any_origin: empty(),
        badge_sites: empty(),
        log_level: empty(),
        ..good()
    };
    let [with, without] = [settings(&given), settings(&good())].map(|settings| format!("{settings:?}"));
    assert_eq!(with, without);
    let given = Arguments { client_id: empty(), ..good() };
    assert_mistake("missing", &given, &secrets(), &["--client-id", "is missing"]);
}

#[test]
fn quotes_around_a_value_are_named_without_it() {
    let quoted = |value: &str| Some(format!("\"{value}\""));
    let cases = [
        ("--client-id", Arguments { client_id: quoted("1000.A"), ..good() }),
        ("--data-center", Arguments { data_center: Some("'eu'".into()), ..good() }),
        ("--listen", Arguments { listen: quoted("127.0.0.1:1"), ..good() }),
        (
            "--allowed-origins",
            Arguments { allowed_origins: list("\"https://a.example,https://b.example\""), ..good() },
        ),
        ("--allowed-hosts", Arguments { allowed_hosts: list("'a.example'"), ..good() }),
        ("--cache-seconds", Arguments { cache_seconds: quoted("60"), ..good() }),
        ("--log-level", Arguments { log_level: quoted("info"), ..good() }),
    ];
    for (name, given) in cases {
        assert_mistake(name, &given, &secrets(), &[name, "has quotes around its value: remove them"]);
    }
    for variable in [SECRET, TOKEN] {
        let mut environment = secrets();
        environment.insert(variable.into(), format!("'{SENTINEL}'"));
        let mistakes = validate(&good(), &environment).unwrap_err();
        assert_eq!(mistakes, [format!("{variable} has quotes around its value: remove them")]);
    }
}

#[test]
fn an_upstream_proxy_has_an_address_without_credentials() {
    for (address, problem) in [
        ("proxy.intranet:3128", "is not the address of a proxy"),
        ("https://proxy.intranet", "is not the address of a proxy"),
        ("socks5://proxy.intranet", "is not the address of a proxy"),
        ("http://proxy.intranet:3128/path", "write http://proxy.intranet:3128"),
    ] {
        let given = Arguments { upstream_proxy: Some(address.into()), ..good() };
        assert_mistake(address, &given, &secrets(), &["--upstream-proxy", address, problem]);
    }
    let given = Arguments { upstream_proxy: Some(format!("http://me:{SENTINEL}@proxy.intranet")), ..good() };
    let mistakes = validate(&given, &secrets()).unwrap_err();
    assert!(mistakes[0].contains("set ZOHO_BACKUP_UPSTREAM_PROXY_CREDENTIALS"), "{mistakes:?}");
    assert!(!mistakes[0].contains(SENTINEL), "{mistakes:?}");
    let mut environment = secrets();
    environment.insert("ZOHO_BACKUP_UPSTREAM_PROXY_CREDENTIALS".into(), format!("me:{SENTINEL}"));
    assert_mistake("credentials alone", &good(), &environment, &["--upstream-proxy", "is missing"]);
    let given = Arguments { upstream_proxy: Some("http://proxy.intranet:3128".into()), ..good() };
    let proxy = validate(&given, &environment).unwrap().upstream_proxy.expect("a proxy");
    assert_eq!((proxy.url.as_str(), proxy.credentials.is_some()), ("http://proxy.intranet:3128/", true));
}

#[test]
fn an_empty_configuration_has_five_mistakes() {
    let mistakes = validate(&Arguments::default(), &Environment::new()).unwrap_err();
    assert_eq!(mistakes.len(), 5, "{mistakes:#?}");
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
fn alerts_need_an_address_in_a_file_and_a_gateway_that_watches_and_remembers() {
    let folder = Folder::new();
    let file = |name: &str, content: &str| Some(folder.write(name, content));
    let text = |written: &str| Some(written.to_owned());
    let complete = Arguments {
        watch_seconds: text("300"),
        state_dir: Some(folder.path().to_owned()),
        alert_url_file: file("alert-url", "https://hooks.example/1000.sentinel\n"),
        heartbeat_url_file: file("heartbeat-url", "http://127.0.0.1:1/1000.sentinel"),
        ..good()
    };
    let valid = settings(&complete).alerts;
    assert_eq!(
        (valid.url.is_some(), valid.heartbeat_url.is_some(), valid.proxy.is_some()),
        (true, true, false)
    );
    assert_eq!((valid.format, valid.label.as_str()), (AlertFormat::Json, "Zoho CRM backup"));

    let url =
        |name: &str, content: &str| Arguments { alert_url_file: file(name, content), ..complete.clone() };
    let neither = "neither https nor http to this computer";
    let cases: &[(&str, Arguments, &[&str])] = &[
        (
            "no watch",
            Arguments { watch_seconds: None, heartbeat_url_file: None, ..complete.clone() },
            &["--alert-url-file needs", "--watch-seconds", "300 is a good choice"],
        ),
        (
            "no state directory",
            Arguments { state_dir: None, ..complete.clone() },
            &["--alert-url-file needs", "--state-dir", "name the folder"],
        ),
        (
            "a heartbeat without a watch",
            Arguments { watch_seconds: None, alert_url_file: None, ..complete.clone() },
            &["--heartbeat-url-file needs", "--watch-seconds"],
        ),
        (
            "the address in place of a file",
            Arguments {
                alert_url_file: Some("https://hooks.example/1000.sentinel".into()),
                ..complete.clone()
            },
            &["--alert-url-file is no path", "write the address into a file"],
        ),
        (
            "the address without its scheme",
            Arguments { alert_url_file: Some("hooks.example/1000.sentinel".into()), ..complete.clone() },
            &["--alert-url-file is not the whole path", "from the root on"],
        ),
        (
            "no such file",
            Arguments { heartbeat_url_file: Some("/nowhere/at/all".into()), ..complete.clone() },
            &["--heartbeat-url-file", "/nowhere/at/all cannot be read", "write one line"],
        ),
        ("an empty file", url("empty", "\n"), &["--alert-url-file", "empty", "write one line"]),
        (
            "plain http to another computer",
            url("plain", "http://hooks.example/1000.sentinel"),
            &["--alert-url-file", neither],
        ),
        ("no address", url("none", "1000.sentinel"), &["--alert-url-file", neither]),
        (
            "two addresses",
            url("two", "https://a.example https://b.example"),
            &["--alert-url-file", "more than a secret", "write one line"],
        ),
        (
            "an unknown format",
            Arguments { alert_format: text("email"), ..complete.clone() },
            &["--alert-format \"email\"", "json, slack and teams"],
        ),
        (
            "a label that is not seen",
            Arguments { label: text("\u{200b}\u{202e}"), ..complete.clone() },
            &["--label has nothing that can be seen"],
        ),
        (
            "a proxy with a password",
            Arguments {
                alert_proxy: text("http://user:1000.sentinel@proxy.example:3128"),
                ..complete.clone()
            },
            &["--alert-proxy \"proxy.example:3128\"", "ZOHO_BACKUP_ALERT_PROXY_CREDENTIALS"],
        ),
        (
            "a test without an address",
            Arguments { alert_test: true, alert_url_file: None, ..complete.clone() },
            &["--alert-url-file is missing", "to which the test is sent"],
        ),
    ];
    for (name, given, words) in cases {
        assert_mistake(name, given, &secrets(), words);
        let mistakes = validate(given, &secrets()).unwrap_err().join(" ");
        assert!(!mistakes.contains("hooks.example"), "{name}: the host is a secret, too: {mistakes}");
    }
}

#[test]
fn a_secret_address_that_others_can_read_is_warned_of() {
    let folder = Folder::new();
    folder.write("alert-url", "https://hooks.example/1000.sentinel");
    folder.allow("alert-url", 0o644);
    let given = Arguments {
        watch_seconds: Some("300".into()),
        state_dir: Some(folder.path().to_owned()),
        alert_url_file: Some(folder.path().join("alert-url")),
        ..good()
    };
    let warnings = settings(&given).warnings();
    assert!(
        cfg!(not(unix)) || warnings.iter().any(|it| it.contains("alert-url is readable by")),
        "{warnings:?}"
    );
}
