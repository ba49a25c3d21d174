//! What caches and clients learn: entity tags, dates, ages, and when to retry.

use super::*;

#[tokio::test]
async fn a_client_that_has_the_document_gets_304() {
    let gateway = Running::to(FakeUpstream::scheduled()).await;
    let tag = gateway.send(get("")).await.header("etag").unwrap().to_owned();
    assert!(tag.len() == 34 && tag.starts_with('"') && tag.ends_with('"'), "{tag} is strong");
    let bare = tag.trim_matches('"');
    for (name, headers, status) in [
        ("the same", format!("if-none-match: {tag}\r\n"), 304),
        ("the same, weakened by a proxy", format!("if-none-match: W/{tag}\r\n"), 304),
        ("one of several", format!("if-none-match: \"x\", {tag}\r\n"), 304),
        ("one of several without spaces", format!("if-none-match: {tag},\"x\"\r\n"), 304),
        ("one of several headers", format!("if-none-match: \"x\"\r\nif-none-match: {tag}\r\n"), 304),
        ("any", "if-none-match: *\r\n".into(), 304),
        ("another", "if-none-match: \"x\"\r\n".into(), 200),
        ("one without quotes", format!("if-none-match: {bare}\r\n"), 200),
        ("a part of it", format!("if-none-match: {}\"\r\n", &tag[..20]), 200),
        ("an empty one", "if-none-match:\r\n".into(), 200),
        ("another header", format!("if-match: {tag}\r\n"), 200),
        ("a date", "if-modified-since: Fri, 31 Dec 9999 23:59:59 GMT\r\n".into(), 200),
    ] {
        let reply = gateway.send(get(&headers)).await;
        assert_eq!((reply.status, reply.header("etag")), (status, Some(tag.as_str())), "{name}");
        assert_eq!(reply.body.is_empty(), status == 304, "{name}");
    }
}

#[tokio::test]
async fn another_document_has_another_entity_tag() {
    let mut tags = BTreeSet::new();
    for document in ["{}", r#"{"status":"SCHEDULED"}"#, r#"{"status":"STOPPED"}"#] {
        let backup = Backup::read(&serde_json::from_str(document).unwrap());
        let answer = Answer { backup, text: format!("{{\"backup\":{document}}}"), date: None };
        let gateway = Running::to(FakeUpstream::of(move || Ok(answer.clone()))).await;
        tags.insert(gateway.send(get("")).await.header("etag").unwrap().to_owned());
    }
    assert_eq!(tags.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_cached_answer_keeps_its_date_while_its_age_grows() {
    let started = SystemTime::now();
    let gateway = Running::to(FakeUpstream::scheduled()).await;
    let first = gateway.send(get("")).await;
    let date = first.header("date").unwrap();
    let read = httpdate::parse_http_date(date).unwrap();
    let spread = read.duration_since(started).unwrap_or_default();
    // Dates have whole seconds: this one may be up to a second before the start.
    assert!(read + Duration::from_secs(1) > started && spread < Duration::from_secs(30), "{date}");
    assert_eq!(first.header("age"), Some("0"));
    for (seconds, age) in [(29, "29"), (1, "30"), (29, "59")] {
        advance(Duration::from_secs(seconds)).await;
        let reply = gateway.send(get("")).await;
        assert_eq!((reply.header("age"), reply.header("date")), (Some(age), Some(date)));
    }
    advance(Duration::from_secs(1)).await;
    assert_eq!(gateway.send(get("")).await.header("age"), Some("0"), "it is fetched again after a minute");
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_the_remaining_wait() {
    for (name, failure, wait) in [
        ("used up credits", Failure::RateLimited(Duration::from_secs(120)), 120),
        ("no token yet", Failure::RenewalPaused(Duration::from_secs(60)), 60),
        ("too many tokens", Failure::too_many_tokens(None), 600),
    ] {
        let gateway = Running::to(failing(failure)).await;
        let left = async || gateway.send(get("")).await.header("retry-after").map(str::to_owned);
        assert_eq!(left().await, Some(wait.to_string()), "{name}");
        advance(Duration::from_millis(50_500)).await;
        assert_eq!(left().await, Some((wait - 50).to_string()), "{name}, rounded up");
    }
}

/// Never answers.
struct Silent;

impl Upstream for Silent {
    async fn fetch_backup(&self, _: &SecretString, _: Instant) -> Result<Answer, Failure> {
        std::future::pending().await
    }

    async fn renew_token(&self, _: Instant) -> Result<Token, Failure> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn one_request_too_many_is_refused_as_busy() {
    let router = router(Gateway::with_upstream(settings("https://zoho.invalid"), Silent));
    let ask = || {
        let request = axum::http::Request::get(BACKUP)
            .header("host", "localhost")
            .header("origin", LISTED[0])
            .body(axum::body::Body::empty());
        Box::pin(router.clone().oneshot(request.unwrap()))
    };
    let mut waiting: Vec<_> = (0..MAX_WAITING).map(|_| ask()).collect();
    for request in &mut waiting {
        assert!(poll_immediate(request).await.is_none(), "it waits");
    }
    let response = ask().await.unwrap();
    let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap());
    assert_eq!(response.status(), 503);
    assert_eq!(header("retry-after"), Some("1"));
    assert_eq!(header("access-control-allow-origin"), Some(LISTED[0]));
    drop(waiting.pop());
    assert!(poll_immediate(&mut ask()).await.is_none(), "there is room again");
}

/// Answers once, and never again.
struct Once(std::sync::atomic::AtomicBool);

impl Upstream for Once {
    async fn fetch_backup(&self, _: &SecretString, _: Instant) -> Result<Answer, Failure> {
        match self.0.swap(true, std::sync::atomic::Ordering::Relaxed) {
            false => Ok(answer()),
            true => std::future::pending().await,
        }
    }

    async fn renew_token(&self, _: Instant) -> Result<Token, Failure> {
        Ok(downstream::token())
    }
}

#[tokio::test(start_paused = true)]
async fn one_request_too_many_gets_the_stale_answer_where_there_is_one() {
    let router = router(Gateway::with_upstream(settings("https://zoho.invalid"), Once(false.into())));
    let ask = || {
        let request =
            axum::http::Request::get(BACKUP).header("host", "localhost").body(axum::body::Body::empty());
        Box::pin(router.clone().oneshot(request.unwrap()))
    };
    assert_eq!(ask().await.unwrap().headers()["age"], "0");
    advance(Duration::from_secs(61)).await;
    let mut waiting: Vec<_> = (0..MAX_WAITING).map(|_| ask()).collect();
    for request in &mut waiting {
        assert!(poll_immediate(request).await.is_none(), "it waits for Zoho");
    }
    let started = Instant::now();
    let response = ask().await.unwrap();
    assert_eq!((response.status().as_u16(), &response.headers()["age"]), (200, &"61".parse().unwrap()));
    assert_eq!(started.elapsed(), Duration::ZERO, "at once");
    // When the answer is too old to be served, there is none.
    advance(Duration::from_secs(3_600)).await;
    assert_eq!(ask().await.unwrap().status(), 503);
}
