//! The badge of a scenario as a picture, as a gateway would draw it if the scenario's reply had just arrived. For pages
//! that show pictures; the scenario's turn does not pass on.

use std::time::Duration;

use axum::body::Bytes;
use time::OffsetDateTime;
use zoho_backup_core::fault::Fault;
use zoho_backup_core::freshness::Freshness;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::knowledge::{Answer, Knowledge};
use zoho_backup_core::no_answer::{Attempt, NoAnswer, Place};
use zoho_backup_core::options::Theme;
use zoho_backup_core::policy::Policy;
use zoho_backup_core::reply::{self, Body, Details, MAX_BYTES, Reply};
use zoho_backup_core::verdict::verdict;
use zoho_backup_picture::{MEDIA_TYPE, Picture};

use crate::instant::instant;
use crate::wire_response::{Delivery, WireResponse};

/// The picture of a reply that arrives at `now`, or of the fault that it is.
pub(crate) fn badge(reply: &WireResponse, theme: Theme, now: OffsetDateTime) -> WireResponse {
    let now = instant(now);
    let known = knowledge(reply, now);
    let verdict = verdict(&known, now, &Policy::default());
    let svg = Picture { verdict: &verdict, now, theme, language: None }.svg();
    WireResponse::body(200, MEDIA_TYPE, svg).with("cache-control", "no-cache")
}

fn knowledge(reply: &WireResponse, now: Timestamp) -> Knowledge {
    match read(reply) {
        Ok(details) => {
            let freshness = Some(Freshness::new(now, Duration::ZERO, None));
            Knowledge { answer: Some(Answer::new(details, freshness)), ..Knowledge::default() }
        }
        Err(fault) => Knowledge { fault: Some(fault), ..Knowledge::default() },
    }
}

/// What a widget would read of it.
fn read(response: &WireResponse) -> Result<Details, Fault> {
    let WireResponse { status, body, delay, delivery, .. } = response;
    match delivery {
        Delivery::Whole | Delivery::Chunked if delay.is_zero() => {}
        Delivery::Dropped | Delivery::Reset | Delivery::CutOff => return Err(no_answer(NoAnswer::Failed)),
        _ => return Err(no_answer(NoAnswer::TimedOut)),
    }
    if (300..400).contains(status) {
        return Err(Fault::redirected());
    }
    if body.len() > MAX_BYTES {
        return Err(Fault::too_large());
    }
    reply::read(Reply { status: *status, body: document(body), retry_at: None })
}

fn document(body: &Bytes) -> Body {
    Body::read(&String::from_utf8_lossy(body), |text| serde_json::from_str(text).ok())
}

/// As of a proxy on another origin than the page's.
fn no_answer(ended: NoAnswer) -> Fault {
    let proxy = Place { origin: "https://proxy.example", host: "proxy.example" };
    Fault::no_answer(&Attempt { ended, is_online: true, proxy, ..Attempt::default() })
}
