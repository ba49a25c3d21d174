//! Who may send which request. Refused requests never reach Zoho.

use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::badge_sites::BadgeSites;
use crate::origin::Origins;
use crate::own_host::OwnHost;
use crate::request_refusal::RequestRefusal;
use crate::route::Route;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The rules for requests.
#[derive(Debug)]
pub struct Guard {
    /// The origins whose pages may read the backup details.
    pub origins: Origins,
    /// The hosts by which clients address the gateway.
    pub own_hosts: Vec<OwnHost>,
    /// The sites whose pages may show the badge as a picture.
    pub badge_sites: BadgeSites,
}

impl Guard {
    /// Checks a request, before anything is done for it.
    ///
    /// # Errors
    /// The first rule that the request breaks.
    pub fn check(&self, route: &Route, request: &Parts) -> Result<(), RequestRefusal> {
        if request.uri.authority().is_some() {
            return Err(RequestRefusal::AbsoluteForm);
        }
        if !route.allows_any_host() {
            check_host(&self.own_hosts, &request.headers)?;
        }
        match route {
            Route::Backup => {
                self.check_origin(&request.headers, |site| site.is_none_or(|it| it != "cross-site"))?
            }
            Route::Badge => self.check_origin(&request.headers, |site| self.badge_sites.allow(site))?,
            Route::Health | Route::Ready | Route::WidgetFile(_) | Route::Unknown => {}
        }
        check_method(route, &request.method)?;
        if !route.allows_query(request.uri.query()) {
            return Err(RequestRefusal::Query);
        }
        Ok(())
    }

    /// The value of `Access-Control-Allow-Origin`, if the request comes from a page of an allowed origin.
    #[must_use]
    pub fn allowed_origin(&self, request: &HeaderMap) -> Option<HeaderValue> {
        let origin = single(request, &ORIGIN)?;
        let is_allowed = origin.to_str().is_ok_and(|origin| self.origins.allow(origin));
        is_allowed.then(|| match self.origins {
            Origins::Any => HeaderValue::from_static("*"),
            Origins::Listed(_) => origin.clone(),
        })
    }

    /// Without an `Origin`, the request comes from no page, from a page of the same origin, or from a page of another
    /// site that does not use CORS. Browsers say which by `Sec-Fetch-Site`.
    fn check_origin(
        &self,
        request: &HeaderMap,
        allow_site: impl Fn(Option<&HeaderValue>) -> bool,
    ) -> Result<(), RequestRefusal> {
        if request.contains_key(ORIGIN) {
            return self.allowed_origin(request).map(drop).ok_or(RequestRefusal::Origin);
        }
        if allow_site(request.get(SEC_FETCH_SITE)) { Ok(()) } else { Err(RequestRefusal::CrossSite) }
    }
}

/// Checks that a request names exactly one host, and one of these.
///
/// # Errors
/// When it does not.
pub fn check_host(own_hosts: &[OwnHost], request: &HeaderMap) -> Result<(), RequestRefusal> {
    let host = single(request, &HOST).and_then(|host| host.to_str().ok());
    let host = host.ok_or(RequestRefusal::InvalidHost)?;
    let is_own = own_hosts.iter().any(|own| own.matches(host));
    if is_own { Ok(()) } else { Err(RequestRefusal::Host) }
}

fn check_method(route: &Route, method: &Method) -> Result<(), RequestRefusal> {
    match route.methods() {
        Some(allowed) if !allowed.contains(method) => Err(RequestRefusal::Method(allowed)),
        _ => Ok(()),
    }
}

/// The value of a header that is sent exactly once.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())
}
