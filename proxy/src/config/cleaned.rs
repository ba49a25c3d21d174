//! Values as they were meant: an empty variable counts as none, because a container cannot unset what its image sets;
//! quotes, which `--env-file` keeps, are a mistake.

use std::fmt::Display;
use std::path::PathBuf;

use crate::config::arguments::Arguments;
use crate::config::mistakes::Mistakes;
use crate::config::setting::{
    ACCOUNTS_SERVER, ADMIN_LISTEN, ALLOW_ANY_ORIGIN, ALLOWED_HOSTS, ALLOWED_ORIGINS, API_DOMAIN, BADGE_SITES,
    CACHE_SECONDS, CLIENT_ID, DATA_CENTER, HISTORY_DAYS, IDLE_SECONDS, INCLUDE_REQUESTER, LISTEN, LOG_FORMAT,
    LOG_LEVEL, OVERDUE_SECONDS, SOCKET_GROUP, STALE_SECONDS, STATE_DIR, UPSTREAM_PROXY, WATCH_SECONDS,
    WIDGET_DIR,
};

/// The arguments without empty values and quotes. A mistake names the setting, not the value, which may be a secret.
pub fn cleaned(given: &Arguments, mistakes: &mut Mistakes) -> Arguments {
    let mut clean = |setting: &dyn Display, value: &Option<String>| {
        let value = value.as_deref().filter(|value| !value.trim().is_empty())?;
        Some(unquoted(setting, value, mistakes).to_owned())
    };
    let folder = |path: &Option<PathBuf>| path.as_ref().map(|path| path.to_string_lossy().into_owned());
    let (widget_dir, state_dir) = (folder(&given.widget_dir), folder(&given.state_dir));
    // The quotes are around the whole list.
    let [allowed_origins, allowed_hosts] = [
        (&ALLOWED_ORIGINS, given.allowed_origins.join(",")),
        (&ALLOWED_HOSTS, given.allowed_hosts.join(",")),
    ]
    .map(|(setting, list)| clean(setting, &Some(list)).unwrap_or_default());
    let entries = |list: String| list.split(',').map(str::to_owned).collect();
    Arguments {
        data_center: clean(&DATA_CENTER, &given.data_center),
        api_domain: clean(&API_DOMAIN, &given.api_domain),
        accounts_server: clean(&ACCOUNTS_SERVER, &given.accounts_server),
        upstream_proxy: clean(&UPSTREAM_PROXY, &given.upstream_proxy),
        client_id: clean(&CLIENT_ID, &given.client_id),
        allowed_origins: entries(allowed_origins),
        allowed_hosts: entries(allowed_hosts),
        listen: clean(&LISTEN, &given.listen),
        socket_group: clean(&SOCKET_GROUP, &given.socket_group),
        admin_listen: clean(&ADMIN_LISTEN, &given.admin_listen),
        cache_seconds: clean(&CACHE_SECONDS, &given.cache_seconds),
        stale_seconds: clean(&STALE_SECONDS, &given.stale_seconds),
        idle_seconds: clean(&IDLE_SECONDS, &given.idle_seconds),
        watch_seconds: clean(&WATCH_SECONDS, &given.watch_seconds),
        state_dir: clean(&STATE_DIR, &state_dir).map(PathBuf::from),
        history_days: clean(&HISTORY_DAYS, &given.history_days),
        overdue_seconds: clean(&OVERDUE_SECONDS, &given.overdue_seconds),
        include_requester: clean(&INCLUDE_REQUESTER, &given.include_requester),
        widget_dir: clean(&WIDGET_DIR, &widget_dir).map(PathBuf::from),
        dangerously_allow_any_origin: clean(&ALLOW_ANY_ORIGIN, &given.dangerously_allow_any_origin),
        badge_sites: clean(&BADGE_SITES, &given.badge_sites),
        log_level: clean(&LOG_LEVEL, &given.log_level),
        log_format: clean(&LOG_FORMAT, &given.log_format),
        healthcheck: given.healthcheck,
        export_history: given.export_history,
        check: given.check,
        example: given.example,
    }
}

/// The value within its quotes, if it has some: then this is a mistake.
pub fn unquoted<'a>(setting: &dyn Display, value: &'a str, mistakes: &mut Mistakes) -> &'a str {
    let trimmed = value.trim();
    let inner = ['"', '\''].iter().find_map(|quote| trimmed.strip_prefix(*quote)?.strip_suffix(*quote));
    match inner {
        Some(inner) => {
            mistakes.add::<()>(format!("{setting} has quotes around its value: remove them"));
            inner
        }
        None => value,
    }
}
