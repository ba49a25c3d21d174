//! The gateway as a service: its routes and its middleware.

use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use zoho_backup_picture::theme;

use crate::accept_language::language;
use crate::answers::CachedFailure;
use crate::failure::Failure;
use crate::finish_response::finish_response;
use crate::gateway::Gateway;
use crate::request_refusal::RequestRefusal;
use crate::respond;
use crate::route::Route;

/// The whole service.
pub fn router(gateway: Gateway) -> Router {
    Router::new()
        .fallback(answer)
        .layer(CatchPanicLayer::custom(|_| CachedFailure::now(Failure::Internal).into_response()))
        // Outermost, so that allowed pages can read every response.
        .layer(from_fn_with_state(gateway.clone(), finish_response))
        .with_state(gateway)
}

async fn answer(
    State(gateway): State<Gateway>,
    Extension(route): Extension<Route>,
    request: Request,
) -> Result<Response, RequestRefusal> {
    let (request, _body) = request.into_parts();
    gateway.guard().check(&route, &request)?;
    let Parts { method, uri, headers, .. } = &request;
    Ok(match route {
        Route::Backup if method == Method::OPTIONS => respond::preflight(),
        Route::Backup => match gateway.backup().await? {
            Ok(answer) => respond::backup(&answer, headers),
            Err(failure) => failure.into_response(),
        },
        Route::Badge => {
            let theme = theme::of_query(uri.query()).ok_or(RequestRefusal::Query)?;
            let picture = gateway.badge(theme, language(headers)).await;
            respond::badge(&picture, gateway.guard().badge_sites, headers)
        }
        Route::Health => respond::health(),
        Route::Ready => respond::readiness(gateway.readiness().check()),
        Route::WidgetFile(file) => respond::widget_file(&file, uri.query(), headers),
        Route::Unknown => return Err(RequestRefusal::NotFound),
    })
}
