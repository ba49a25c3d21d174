//! Zoho's limit of ten tokens in ten minutes is never exceeded.

use super::*;

/// The sandbox enforces Zoho's limit.
#[tokio::test]
async fn tokens_with_a_lifetime_of_a_minute_do_not_exceed_zohos_limit() {
    let zoho = zoho_with(Account { token_life: seconds(60), ..Account::default() }).await;
    let running = Running::with(without_cache(&zoho.origin())).await;
    for _ in 0..100 {
        assert_eq!(running.get().await.status, 200);
        skip(20).await;
    }
    assert!((30..=34).contains(&request_counts(&zoho).1), "{:?}", request_counts(&zoho));
}

/// One step of a random history.
#[derive(Clone, Debug)]
enum Step {
    Wait(u64),
    Ask,
    Api(Turn<()>),
    Accounts(Turn<u64>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let failures = prop_oneof![
        Just(Failure::Unreachable),
        Just(Failure::TimedOut),
        Just(Failure::TokenRefused(TokenRefusal::Other)),
        Just(Failure::too_many_tokens(None)),
        Just(Failure::RateLimited(Duration::from_secs(60))),
    ];
    let api = prop_oneof![
        3 => Just(Gives(())),
        3 => Just(invalid_token()),
        1 => Just(Stalls),
        1 => failures.clone().prop_map(Fails),
    ];
    let accounts = prop_oneof![
        3 => (30..4_000_u64).prop_map(Gives),
        1 => (30..4_000_u64, 1..9_u64).prop_map(|(life, wait)| Gives(life).later(wait)),
        1 => Just(Stalls),
        2 => failures.prop_map(Fails),
    ];
    let step = prop_oneof![
        3 => (0..90_u64).prop_map(Step::Wait),
        1 => (0..4_000_u64).prop_map(Step::Wait),
        8 => Just(Step::Ask),
        1 => api.prop_map(Step::Api),
        1 => accounts.prop_map(Step::Accounts),
    ];
    proptest::collection::vec(step, 1..300)
}

/// The rules alone: no token may be requested for a minute after each request, and for ten after `Access Denied`.
#[derive(Default)]
struct Model {
    pause: Option<Instant>,
    too_many: bool,
}

async fn live(steps: Vec<Step>) {
    let upstream = Scripted::default();
    // Without a cache, so that each step reaches it.
    let token_holder = TokenHolder::new(upstream.clone(), seconds(10));
    let mut model = Model::default();
    for step in steps {
        match step {
            Step::Wait(wait) => advance(seconds(wait)).await,
            Step::Api(turn) => upstream.play([turn]),
            Step::Accounts(turn) => {
                model.too_many = matches!(turn, Fails(Failure::TooManyTokens(_)));
                upstream.play_renewals([turn]);
            }
            Step::Ask => {
                let before = upstream.renewals().len();
                let (started, answer) = (Instant::now(), token_holder.fetch_backup().await);
                let renewals = upstream.renewals().split_off(before);
                assert!(started.elapsed() <= seconds(10), "within its time");
                assert!(renewals.len() <= 1, "at most one renewal per request");
                if let Some(at) = renewals.first() {
                    assert!(model.pause.is_none_or(|until| *at >= until), "too early");
                    model.pause = Some(*at + seconds(if model.too_many { 600 } else { 60 }));
                } else if let Err(Failure::RenewalPaused(left)) = answer {
                    let until = model.pause.expect("a renewal before a pause");
                    assert!(left > Duration::ZERO && started + left <= until, "no longer than needed");
                }
            }
        }
    }
    let renewals = upstream.renewals();
    for (first, eleventh) in renewals.iter().zip(renewals.iter().skip(10)) {
        assert!(*eleventh - *first >= seconds(600), "eleven renewals in ten minutes");
    }
    for (at, end) in upstream.uses() {
        assert!(at < end, "a token was used after its end");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn there_are_never_more_than_ten_renewals_in_ten_minutes(steps in steps()) {
        Builder::new_current_thread().enable_time().start_paused(true).build().unwrap().block_on(live(steps));
    }
}
