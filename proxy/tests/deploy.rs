//! The files for deployment: that they fit the workspace and each other.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use zoho_backup_core::reason::State;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn deploy(name: &str) -> String {
    fs::read_to_string(root().join("proxy/deploy").join(name)).unwrap()
}

/// The lines of a unit that mean something.
fn directives(unit: &str) -> Vec<String> {
    let text = deploy(unit);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(str::to_owned).collect()
}

#[test]
fn the_image_is_built_from_every_member_of_the_workspace() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let members = manifest.lines().find_map(|line| line.strip_prefix("members = ")).expect("the members");
    let members: Vec<&str> = members.split('"').skip(1).step_by(2).collect();
    assert!(members.contains(&"proxy"), "{members:?}");
    let containerfile = deploy("Containerfile");
    let copied: Vec<_> = containerfile
        .lines()
        .filter_map(|line| line.strip_prefix("COPY "))
        .filter(|line| !line.starts_with("--"))
        .flat_map(|line| line.rsplit_once(' ').expect("a destination").0.split(' '))
        .collect();
    for needed in members.iter().chain(&["src", "Cargo.lock"]) {
        let is_copied = copied.iter().any(|folder| Path::new(needed).starts_with(folder));
        assert!(is_copied, "COPY {needed} {needed} is missing: cargo refuses a workspace without it");
    }
    for folder in copied {
        assert!(root().join(folder).exists(), "COPY {folder}: it does not exist");
    }
}

/// What one account's unit says and the template does not, and the other way round.
#[test]
fn the_template_has_the_sandbox_of_the_unit() {
    let (unit, template) =
        (directives("zoho-backup-proxy.service"), directives("zoho-backup-proxy@.service"));
    let name = |line: &String| line.split('=').next().unwrap().to_owned();
    let differ = |these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|line| !those.contains(line)).map(name).collect()
    };
    let by_account = [
        "Description",
        "EnvironmentFile",
        "LoadCredential",
        "LoadCredential",
        "RuntimeDirectory",
        "StateDirectory",
    ];
    assert_eq!(differ(&unit, &template), by_account);
    let mut of_template = differ(&template, &unit);
    of_template.retain(|name| !by_account.contains(&name.as_str()));
    assert_eq!(of_template, ["Group", "Environment"], "its socket");
}

#[test]
fn the_units_keep_the_secrets_off_the_disk_and_starts_within_zohos_limit() {
    for unit in ["zoho-backup-proxy.service", "zoho-backup-proxy@.service"] {
        let directives = directives(unit);
        for expected in
            ["LimitCORE=0", "MemorySwapMax=0", "ExecReload=/bin/kill -HUP $MAINPID", "Type=notify"]
        {
            assert!(directives.iter().any(|line| line == expected), "{unit} lacks {expected}");
        }
        let number = |name: &str| {
            let value = directives.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            value.and_then(|value| value.parse::<u64>().ok()).unwrap_or_else(|| panic!("{unit} lacks {name}"))
        };
        let (interval, burst) = (number("StartLimitIntervalSec"), number("StartLimitBurst"));
        assert!(interval >= 600 && burst < 10, "ten tokens in ten minutes: {burst} in {interval}");
        assert!(number("RestartSec") * burst >= interval, "{unit} is restarted after every crash");
    }
}

#[test]
fn every_snippet_sends_one_of_the_gateways_own_hosts() {
    for (file, upstream, host) in [
        ("nginx.conf", "    proxy_pass http", "    proxy_set_header Host localhost;"),
        ("nginx-accounts.conf", "    proxy_pass http", "    proxy_set_header Host localhost;"),
        ("Caddyfile", "reverse_proxy ", "header_up Host localhost"),
    ] {
        let text = deploy(file);
        // The sign-on has its own host.
        let is_to_gateway =
            |line: &&str| line.trim_start().starts_with(upstream.trim_start()) && !line.contains("4180");
        let (upstreams, hosts) = (text.lines().filter(is_to_gateway).count(), text.matches(host).count());
        assert!(upstreams > 0 && upstreams == hosts, "{file}: {upstreams} upstreams, {hosts} hosts");
    }
}

/// It says what the answer says.
#[test]
fn every_snippet_has_the_badge_under_the_sign_on() {
    for (file, location) in
        [("nginx.conf", "location = /badge.svg {"), ("nginx-accounts.conf", "location = /eu/badge.svg {")]
    {
        let text = deploy(file);
        let (_, block) = text.split_once(location).unwrap_or_else(|| panic!("{file} lacks {location}"));
        let block = block.split_once("\n}").expect("its end").0;
        assert!(block.contains("    auth_request /sign-on-check;"), "{file}: {block}");
    }
    let text = deploy("Caddyfile");
    assert!(text.contains("@backup path /crm/bulk/v6/backup /badge.svg"), "{text}");
    let block = text.split_once("handle @backup {").expect("the block").1;
    assert!(block.trim_start().lines().take(4).any(|line| line.contains("forward_auth")), "{block}");
}

/// systemd itself judges the units, and the README has its figure.
#[cfg(target_os = "linux")]
#[test]
fn systemd_accepts_the_units() {
    use std::process::Command;

    let version = Command::new("systemd-analyze").arg("--version").output();
    let version = version.expect("systemd is installed: `cargo xtask test native` does it");
    let output = Command::new(root().join("proxy/deploy/check.sh")).output().expect("sh");
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "{text}");
    let figures: Vec<_> = text.lines().filter_map(|line| line.split_once(": exposure ")).collect();
    assert_eq!(figures.len(), 2, "{text}");
    // Another version of systemd may judge differently.
    if String::from_utf8_lossy(&version.stdout).starts_with("systemd 252 ") {
        let readme = fs::read_to_string(root().join("proxy/README.md")).unwrap();
        for (unit, figure) in figures {
            assert!(
                readme.contains(&format!("its exposure {figure} of 10 (systemd 252")),
                "{unit}: {figure}"
            );
        }
    }
}

/// With series that fail, are late, fall silent, or are well.
#[test]
fn the_rules_for_prometheus_alert_when_they_should() {
    let promtool = std::env::var_os("PROMTOOL").unwrap_or_else(|| "promtool".into());
    for arguments in
        [["check", "rules", "prometheus-rules.yml"], ["test", "rules", "prometheus-rules-test.yml"]]
    {
        let output = Command::new(&promtool)
            .args(arguments)
            .current_dir(root().join("proxy/deploy"))
            .output()
            .expect("promtool, which `cargo xtask test native` fetches");
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.success(), "promtool {}:\n{said}", arguments.join(" "));
    }
}

/// An alert for a state or reason that does not exist would never fire.
#[test]
fn the_rules_for_prometheus_name_states_that_exist() {
    let rules = deploy("prometheus-rules.yml");
    let selected =
        rules.split("state").filter_map(|rest| rest.strip_prefix("=~\"").or(rest.strip_prefix("=\"")));
    let states: Vec<_> = selected.flat_map(|rest| rest.split('"').next().unwrap().split('|')).collect();
    assert_eq!(states, ["failed", "overdue", "stopped", "none"]);
    for state in states {
        assert!(State::from_name(state).is_some(), "{state}");
    }
}
