//! The request that the widget makes: what its wasm and the script's head start must agree on.

/// The options of `fetch` that every request has, by their names in the Fetch standard.
///
/// They make a simple request, which needs no preflight. `no-cache` revalidates by `ETag`. `manual` makes the redirect
/// of an expired sign-on visible instead of following it.
pub const FETCH_OPTIONS: [(&str, &str); 4] =
    [("mode", "cors"), ("cache", "no-cache"), ("redirect", "manual"), ("referrerPolicy", "no-referrer")];
