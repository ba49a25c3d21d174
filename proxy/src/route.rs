//! What a request path leads to. A path is parsed once per request; the answer, the allowed methods and the log line
//! follow from it.

use std::sync::Arc;

use axum::http::Method;
use zoho_backup_picture::theme;

use crate::widget_files::{WidgetFile, WidgetFiles};
use crate::zoho::BACKUP_PATH;

/// The path of the health check.
pub const HEALTH_PATH: &str = "/healthz";

/// The path of the readiness check.
pub const READY_PATH: &str = "/readyz";

/// The path of the badge as a picture.
pub const BADGE_PATH: &str = "/badge.svg";

/// What a request path leads to.
#[derive(Clone, Debug)]
pub enum Route {
    /// Zoho's backup details.
    Backup,
    /// The badge as a picture.
    Badge,
    /// The health check of the process.
    Health,
    /// The check that the gateway can read its secrets.
    Ready,
    /// One of the widget's files.
    WidgetFile(Arc<WidgetFile>),
    /// Nothing.
    Unknown,
}

impl Route {
    /// Parses a path, which must match to the byte. Without widget files their paths are unknown.
    #[must_use]
    pub fn parse(path: &str, widget_files: Option<&WidgetFiles>) -> Route {
        match path {
            BACKUP_PATH => Route::Backup,
            BADGE_PATH => Route::Badge,
            HEALTH_PATH => Route::Health,
            READY_PATH => Route::Ready,
            _ => match widget_files.and_then(|files| files.find(path)) {
                Some(file) => Route::WidgetFile(file.clone()),
                None => Route::Unknown,
            },
        }
    }

    /// The allowed methods; `None` where the method makes no difference.
    #[must_use]
    pub fn methods(&self) -> Option<&'static [Method]> {
        match self {
            Route::Backup => Some(&[Method::GET, Method::HEAD, Method::OPTIONS]),
            Route::Badge | Route::Health | Route::Ready | Route::WidgetFile(_) => {
                Some(&[Method::GET, Method::HEAD])
            }
            Route::Unknown => None,
        }
    }

    /// Whether this query is allowed.
    #[must_use]
    pub fn allows_query(&self, query: Option<&str>) -> bool {
        match self {
            Route::Backup => query.is_none(),
            Route::Badge => theme::of_query(query).is_some(),
            _ => true,
        }
    }

    /// Whether any `Host` may be named, or none: probes connect by address. The answers hold nothing that a page of
    /// another site could use.
    #[must_use]
    pub fn allows_any_host(&self) -> bool {
        matches!(self, Route::Health | Route::Ready)
    }

    /// The name in the log: a path that the gateway knows, or `other`. An unknown path is never logged, because it may
    /// contain anything.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Route::Backup => BACKUP_PATH,
            Route::Badge => BADGE_PATH,
            Route::Health => HEALTH_PATH,
            Route::Ready => READY_PATH,
            Route::WidgetFile(file) => file.route,
            Route::Unknown => "other",
        }
    }
}
