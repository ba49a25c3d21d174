//! Valid values, defaults and warnings.

use super::*;

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
        ("ae", "accounts.zoho.ae", "www.zohoapis.ae"),
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
    let valid = settings(&given);
    assert_eq!(valid.api_domain.as_str(), "https://sandbox.zohoapis.eu/");
    assert_eq!(valid.accounts_server.as_str(), "https://accounts.zoho.eu/");

    let given = Arguments {
        data_center: None,
        accounts_server: Some("https://accounts.example:8443".into()),
        ..given
    };
    let valid = settings(&given);
    assert_eq!(valid.api_domain.as_str(), "https://sandbox.zohoapis.eu/");
    assert_eq!(valid.accounts_server.as_str(), "https://accounts.example:8443/");
}

#[test]
fn settings_have_defaults() {
    let settings = settings(&good());
    assert_eq!(settings.listen.address(), "127.0.0.1:8095".parse().ok());
    assert_eq!(settings.origins, Origins::Listed(vec![]));
    assert_eq!(
        settings.own_hosts,
        ["localhost", "127.0.0.1", "[::1]"].map(|name| OwnHost::new(name).unwrap())
    );
    assert_eq!(settings.cache_time, Duration::from_secs(60));
    assert_eq!(settings.stale_time, Duration::from_secs(3_600));
    assert_eq!((settings.watch_interval, settings.state_dir.as_deref()), (None, None), "it writes nothing");
    assert_eq!(settings.history_time, Duration::from_secs(400 * 86_400));
    assert_eq!(settings.overdue_after, Policy::default().overdue_after, "as the widget's");
    assert_eq!(settings.log_level, Level::INFO);
    assert_eq!(settings.badge_sites, BadgeSites::SameOrigin);
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
    let valid = settings(&given);
    let origins = ["https://portal.example", "http://localhost:3000"].map(str::to_owned);
    assert_eq!(valid.origins, Origins::Listed(origins.into()));
    let hosts = ["localhost", "127.0.0.1", "[::1]", "backup.portal.example", "[::1]:8443", "192.0.2.1:80"];
    assert_eq!(valid.own_hosts, hosts.map(|name| OwnHost::new(name).unwrap()));
    assert_eq!((valid.cache_time, valid.stale_time), (Duration::from_secs(1), Duration::ZERO));
    assert_eq!(valid.log_level, Level::TRACE);

    let day = Some("86400".to_owned());
    let valid = settings(&Arguments { cache_seconds: day.clone(), stale_seconds: day, ..good() });
    let day = Duration::from_secs(86_400);
    assert_eq!((valid.cache_time, valid.stale_time), (day, day));
}

#[test]
fn the_badge_has_three_kinds_of_sites() {
    for sites in BadgeSites::ALL {
        for written in [sites.name().to_owned(), sites.name().to_uppercase(), format!(" {} ", sites.name())] {
            let given = Arguments { badge_sites: Some(written), ..good() };
            assert_eq!(settings(&given).badge_sites, sites);
        }
    }
}

#[test]
fn the_address_to_listen_on_is_an_own_host_unless_it_stands_for_all() {
    for (listen, own) in [
        ("10.1.2.3:8095", Some("10.1.2.3")),
        ("127.0.0.2:0", Some("127.0.0.2")),
        ("[2001:db8::1]:8095", Some("[2001:db8::1]")),
        ("[::ffff:10.1.2.3]:8095", Some("10.1.2.3")),
        ("127.0.0.1:8095", None),
        ("[::1]:8095", None),
        ("0.0.0.0:8095", None),
        ("[::]:8095", None),
        ("[::ffff:0.0.0.0]:8095", None),
    ] {
        let given = Arguments { listen: Some(listen.into()), allowed_hosts: list("a.example"), ..good() };
        let names = ["localhost", "127.0.0.1", "[::1]"].into_iter().chain(own).chain(["a.example"]);
        let expected: Vec<_> = names.map(|name| OwnHost::new(name).unwrap()).collect();
        assert_eq!(settings(&given).own_hosts, expected, "{listen}");
    }
    // With an address of its own, it needs no other name.
    let own = settings(&Arguments { listen: Some("192.0.2.1:8095".into()), ..good() }).own_hosts;
    assert!(
        own.iter().any(|own| own.matches("192.0.2.1:8095"))
            && !own.iter().any(|own| own.matches("a.example"))
    );
}

#[cfg(unix)]
#[test]
fn a_unix_socket_has_a_path_and_a_group() {
    for (socket_group, group) in [(None, None), (Some("root"), Some(0)), (Some("4711"), Some(4711))] {
        let given = Arguments {
            listen: Some("unix:/run/zoho-backup-proxy/socket".into()),
            socket_group: socket_group.map(Into::into),
            ..good()
        };
        let settings = settings(&given);
        let path = "/run/zoho-backup-proxy/socket".into();
        assert_eq!(settings.listen, Listen::Unix(SocketFile { path, group }), "{socket_group:?}");
        assert_eq!(settings.listen.to_string(), "unix:/run/zoho-backup-proxy/socket");
        assert_eq!(settings.warnings(), Vec::<String>::new(), "only this machine can connect");
        assert!(settings.own_hosts.iter().any(|own| own.matches("localhost")), "as nginx names it");
    }
    // An address has no group, so that an unknown one changes nothing.
    settings(&Arguments { socket_group: Some("no-such-group".into()), ..good() });
}

#[test]
fn dangerous_settings_cause_warnings() {
    let any = settings(&Arguments { dangerously_allow_any_origin: Some("true".into()), ..good() });
    assert_eq!(any.origins, Origins::Any);
    let [warning] = &any.warnings()[..] else { panic!("{:?}", any.warnings()) };
    assert!(warning.contains("pages of every origin"), "{warning}");

    for sites in BadgeSites::ALL {
        let warnings = settings(&Arguments { badge_sites: Some(sites.name().into()), ..good() }).warnings();
        let is_warned_of = warnings.iter().any(|warning| warning.contains("--badge-sites"));
        assert_eq!(is_warned_of, sites == BadgeSites::Any, "{warnings:?}");
    }

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

#[test]
fn every_flag_has_a_variable_and_no_secret_has_a_flag() {
    let command = Arguments::command();
    for argument in command.get_arguments() {
        let flag = argument.get_long().expect("a long flag");
        if ["check", "example", "healthcheck", "export-history"].contains(&flag) {
            continue;
        }
        let variable = format!("ZOHO_BACKUP_{}", flag.to_uppercase().replace('-', "_"));
        assert_eq!(argument.get_env().and_then(|name| name.to_str()), Some(variable.as_str()));
        assert!(argument.is_hide_env_values_set(), "{flag}: --help must not show the environment");
        assert!(!flag.contains("secret") && !flag.contains("token"), "{flag}");
    }
}
