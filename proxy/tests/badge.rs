//! What a picture shows of each result, how long its reader waits, and what it costs. The clock is paused.

mod upstream;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::{join_all, poll_immediate};
use secrecy::SecretString;
use tokio::time::{Instant, advance};
use zoho_backup_proxy::data_center::{DATA_CENTERS, Mismatch};
use zoho_backup_proxy::failure::{Failure, Secret, TokenRefusal};
use zoho_backup_proxy::gateway::{Gateway, MAX_WAITING};
use zoho_backup_proxy::route::BADGE_PATH;
use zoho_backup_proxy::zoho::{Answer, BACKUP_PATH, Token, Upstream};

use upstream::Turn::{Fails, Gives, Panics, Stalls};
use upstream::picture::{GOOD, document, ends_after, title};
use upstream::{InProcess, Reply, Scripted, nothing, settings};

/// An upstream with an answer of this test's own.
#[derive(Clone)]
struct Answering(Arc<dyn Fn() -> Result<Answer, Failure> + Send + Sync>);

impl Answering {
    fn of(answer: impl Fn() -> Result<Answer, Failure> + Send + Sync + 'static) -> Answering {
        Answering(Arc::new(answer))
    }
}

impl Upstream for Answering {
    async fn fetch_backup(&self, _: &SecretString, _: Instant) -> Result<Answer, Failure> {
        (self.0)()
    }

    async fn renew_token(&self, _: Instant) -> Result<Token, Failure> {
        Ok(token())
    }
}

fn token() -> Token {
    Token { secret: "1000.token".into(), lifetime: Duration::from_secs(3_600), mismatch: None }
}

/// What a picture shows that is good and not current.
const GREEN: [&str; 2] = ["#0a6637", "#83e0ab"];
const NOT_CURRENT: &str = ">Not current</text>";

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn gateway(upstream: impl Upstream) -> InProcess {
    InProcess::of(Gateway::with_upstream(settings("http://zoho.invalid"), upstream))
}

async fn picture(gateway: &InProcess) -> Reply {
    gateway.ask("GET", BADGE_PATH, "").await
}

/// The word of a picture, and how long its reader waited.
async fn word(gateway: &InProcess) -> (String, Duration) {
    let asked = Instant::now();
    let reply = picture(gateway).await;
    let name = title(&reply).split_once(". ").expect("a sentence").0;
    (name.strip_prefix("Zoho CRM backup: ").expect("the name").to_owned(), asked.elapsed())
}

#[tokio::test(start_paused = true)]
async fn it_shows_the_state_the_next_run_and_as_of_when() {
    let cases = [
        (GOOD, "Scheduled", "The next run is planned.", "Next run: 2999-12-31 23:30 +05:30"),
        (
            r#"{"backup":{"status":"FAILED","scheduled_date":"2999-12-31T23:30:00Z"}}"#,
            "Failed",
            "Zoho reports that the last backup failed.",
            "Next run: 2999-12-31 23:30 UTC",
        ),
        (
            r#"{"backup":{"status":"SCHEDULED","scheduled_date":"2022-07-26T09:58:45+05:30"}}"#,
            "Overdue",
            "The run should have started on 2022-07-26 09:58 +05:30, and Zoho still reports it as scheduled.",
            "Planned run: 2022-07-26 09:58 +05:30",
        ),
        (
            r#"{"backup":{"status":"<b>PAUSED</b>&"}}"#,
            "Unknown",
            "Zoho reports a status that is not known here: &lt;b&gt;PAUSED&lt;/b&gt;&amp;.",
            "",
        ),
    ];
    for (sent, word, reason, next) in cases {
        let gateway = gateway(Answering::of(move || Ok(document(sent))));
        let reply = picture(&gateway).await;
        let title = title(&reply);
        assert!(title.starts_with(&format!("Zoho CRM backup: {word}. {reason} ")), "{title}");
        assert!(title.contains(next) && title.contains("As of 20"), "{title}");
        assert_eq!(
            reply.text().contains("Next run") || reply.text().contains("Planned run"),
            !next.is_empty()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_scheduled_is_a_picture_too() {
    let gateway = gateway(Answering::of(|| Ok(nothing())));
    let reply = picture(&gateway).await;
    let title = title(&reply);
    assert!(title.contains("Not set up. No backup is scheduled for this account."), "{title}");
    assert_eq!(gateway.get().await.status, 204);
}

#[tokio::test(start_paused = true)]
async fn every_failure_is_a_picture_with_the_words_of_the_widget() {
    let mismatch = Mismatch { issued: &DATA_CENTERS[0], asked: &DATA_CENTERS[1] };
    let cases = [
        (
            Failure::ZohoError("NO_PERMISSION".into()),
            "The user of the proxy's token may not read backup data. Ask the CRM administrator for the permission, or use \
             an administrator's token.",
        ),
        (
            Failure::ZohoError("LICENSE_EXPIRED".into()),
            "Zoho answered with the error LICENSE_EXPIRED. Look up this code in Zoho's documentation of the API.",
        ),
        (Failure::RateLimited(seconds(60)), "Too many requests: "),
        (
            Failure::TokenRefused(TokenRefusal::Client),
            "The gateway answers CLIENT_REFUSED: Zoho refuses the gateway's client id or client secret: correct them, and \
             check the data center. Check the gateway's setting --client-id, and its log.",
        ),
        (
            Failure::UnreadableSecret(Secret::RefreshToken),
            "Check the gateway's setting ZOHO_BACKUP_REFRESH_TOKEN_FILE, and its log.",
        ),
        (Failure::WrongDataCenter(mismatch), "The gateway answers WRONG_DATA_CENTER: "),
        (Failure::too_many_tokens(None), "The gateway answers TOO_MANY_TOKENS: "),
        (
            Failure::Unreachable,
            "The gateway answers ZOHO_UNREACHABLE: The gateway cannot reach Zoho, or the connection breaks off: check its \
             network, DNS and CA certificates. Look this code up in the gateway's documentation, and check its log.",
        ),
        (Failure::TimedOut, "The gateway answers ZOHO_TIMED_OUT: "),
        (Failure::Internal, "The gateway answers GATEWAY_FAILED: "),
    ];
    for (failure, words) in cases {
        let upstream = Answering::of({
            let failure = failure.clone();
            move || Err(failure.clone())
        });
        let gateway = gateway(upstream);
        let reply = picture(&gateway).await;
        let title = title(&reply);
        let start = "Zoho CRM backup: Not available. The state of the backup is not known. ";
        assert!(title.starts_with(start) && title.contains(words), "{failure:?}: {title}");
        assert_eq!(ends_after(reply.text()), Some(610.0), "{failure:?}");
        assert!(gateway.get().await.status >= 500, "{failure:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_a_picture() {
    let upstream = Scripted::default();
    upstream.play([Panics]);
    let reply = picture(&gateway(upstream)).await;
    assert!(title(&reply).contains("The gateway answers GATEWAY_FAILED"), "{reply:?}");
    assert!(!reply.holds(b"script"), "nothing of the panic message");
}

#[tokio::test(start_paused = true)]
async fn a_picture_ends_when_its_answer_is_stale_and_a_stale_one_is_not_current() {
    let is_down = Arc::<AtomicBool>::default();
    let upstream = Answering::of({
        let is_down = is_down.clone();
        move || if is_down.load(Ordering::SeqCst) { Err(Failure::Unreachable) } else { Ok(document(GOOD)) }
    });
    let gateway = gateway(upstream);
    picture(&gateway).await;
    is_down.store(true, Ordering::SeqCst);
    let mut age = 0;
    for (at, end) in
        [(1, Some(600.0)), (59, Some(550.0)), (300, Some(310.0)), (601, Some(9.0)), (609, Some(1.0))]
    {
        advance(seconds(at - age)).await;
        age = at;
        let reply = picture(&gateway).await;
        assert!(title(&reply).starts_with("Zoho CRM backup: Scheduled. "), "after {at} seconds");
        assert_eq!(ends_after(reply.text()), end, "after {at} seconds");
        assert!(GREEN.iter().all(|green| reply.text().contains(green)), "after {at} seconds");
    }
    for at in [611, 3_000, 3_599] {
        advance(seconds(at - age)).await;
        age = at;
        let reply = picture(&gateway).await;
        let title = title(&reply);
        assert!(
            title.starts_with("Zoho CRM backup: Scheduled, not current. The next run was planned when"),
            "{title}"
        );
        assert_eq!((ends_after(reply.text()), reply.text().matches(NOT_CURRENT).count()), (None, 1));
        assert!(!GREEN.iter().any(|green| reply.text().contains(green)), "after {at} seconds");
    }
    advance(seconds(1)).await;
    assert_eq!(word(&gateway).await.0, "Not available", "the answer is too old to be served");
    is_down.store(false, Ordering::SeqCst);
    advance(seconds(120)).await;
    assert_eq!(word(&gateway).await.0, "Scheduled");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_has_the_picture_gets_304_until_the_next_step_of_its_end() {
    let gateway = gateway(Answering::of(|| Ok(document(GOOD))));
    gateway.ask("GET", BADGE_PATH, "").await;
    // Of the first second a picture ends later by a step.
    advance(Duration::from_secs(1)).await;
    let first = gateway.ask("GET", BADGE_PATH, "").await;
    let tag = first.header("etag").unwrap().to_owned();
    assert_eq!(ends_after(first.text()), Some(600.0));
    for (later, status, end) in
        [(0, 304, None), (8, 304, None), (2, 200, Some(590.0)), (10, 200, Some(580.0))]
    {
        advance(Duration::from_secs(later)).await;
        let reply = gateway.ask("GET", BADGE_PATH, &tag).await;
        assert_eq!(reply.status, status, "{later} seconds later");
        assert_eq!(reply.body.is_empty(), status == 304, "{later} seconds later");
        assert_eq!(reply.header("etag") == Some(&tag), status == 304, "{later} seconds later");
        assert_eq!(reply.header("cache-control"), Some("private, no-cache"));
        assert!(reply.header("content-security-policy").unwrap().contains("sha256-"));
        if let Some(end) = end {
            assert_eq!(ends_after(reply.text()), Some(end), "{later} seconds later");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn it_never_makes_zoho_be_asked_more_often_than_the_answer() {
    let upstream = Scripted::default();
    upstream.play([Gives(()).later(2), Fails(Failure::Unreachable).later(2)]);
    let gateway = gateway(upstream.clone());
    for asked in [1, 2] {
        let storm = (0..100).map(|reader| {
            let target = [BACKUP_PATH, BADGE_PATH][reader % 2];
            gateway.ask("GET", target, "")
        });
        let replies = join_all(storm).await;
        assert!(replies.iter().all(|reply| reply.status == 200), "{replies:?}");
        assert_eq!(upstream.count(), (asked, 1));
        // Fresh, or remembered as a failure.
        for _ in 0..14 {
            picture(&gateway).await;
            advance(seconds(1)).await;
        }
        assert_eq!(upstream.count(), (asked, 1));
        advance(seconds(46)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn after_three_seconds_it_is_not_known_yet() {
    let upstream = Scripted::default();
    upstream.play([Gives(()).later(8), Stalls]);
    let gateway = gateway(upstream.clone());
    assert_eq!(word(&gateway).await, ("Checking".to_owned(), seconds(3)));
    assert_eq!(word(&gateway).await, ("Checking".to_owned(), seconds(3)), "of the same request");
    assert_eq!(word(&gateway).await, ("Overdue".to_owned(), seconds(2)), "it was not cancelled");
    assert_eq!(upstream.count(), (1, 1));
    advance(seconds(60)).await;
    assert_eq!(word(&gateway).await, ("Overdue".to_owned(), seconds(3)), "the stale answer");
    upstream.play([Stalls]);
    let reply = picture(&self::gateway(upstream)).await;
    let title = title(&reply);
    assert!(title.starts_with("Zoho CRM backup: Checking. Waiting for the first answer. As of "), "{title}");
    assert_eq!(ends_after(reply.text()), Some(610.0));
}

#[tokio::test(start_paused = true)]
async fn the_answer_is_waited_for_as_long_as_before() {
    let upstream = Scripted::default();
    upstream.play([Stalls]);
    let gateway = gateway(upstream.clone());
    let asked = Instant::now();
    let (answer, picture) = tokio::join!(gateway.summary(), word(&gateway));
    assert_eq!((answer.as_str(), asked.elapsed()), ("504 ZOHO_TIMED_OUT", seconds(9)));
    assert_eq!((picture, upstream.count()), (("Checking".to_owned(), seconds(3)), (1, 1)));
}

/// An upstream that never answers.
struct Hangs;

impl Upstream for Hangs {
    async fn fetch_backup(&self, _: &SecretString, _: Instant) -> Result<Answer, Failure> {
        std::future::pending().await
    }

    async fn renew_token(&self, _: Instant) -> Result<Token, Failure> {
        Ok(token())
    }
}

#[tokio::test(start_paused = true)]
async fn one_request_too_many_is_not_known_yet_at_once() {
    let gateway = gateway(Hangs);
    let mut waiting: Vec<_> = (0..MAX_WAITING).map(|_| Box::pin(gateway.get())).collect();
    for request in &mut waiting {
        assert!(poll_immediate(request).await.is_none(), "it waits for Zoho");
    }
    assert_eq!(word(&gateway).await, ("Checking".to_owned(), Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn log_and_metrics_name_its_route() {
    let inner = Gateway::with_upstream(settings("http://zoho.invalid"), Scripted::default());
    let gateway = InProcess::of(inner.clone());
    for target in [BADGE_PATH, "/badge.svg?theme=dark", "/badge.svg?x"] {
        gateway.ask("GET", target, "").await;
    }
    let requests = inner.observations().so_far().requests;
    let of_badge: Vec<_> = requests.iter().filter(|((route, _), _)| *route == BADGE_PATH).collect();
    assert_eq!(of_badge.len(), requests.len(), "{requests:?}");
    assert_eq!(
        of_badge.iter().map(|((_, status), count)| (*status, **count)).collect::<Vec<_>>(),
        [(200, 2), (400, 1)]
    );
}
