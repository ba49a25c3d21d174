//! A history as JSON.

use crate::script::{history_of, outcomes};
use zoho_backup_core::history::{History, Outcome, RUNS_TOLD};
use zoho_backup_core::json::Json;

fn read(text: &str) -> History {
    History::read(&serde_json::from_str(text).unwrap()).unwrap()
}

#[test]
fn a_history_is_written_with_the_offset_at_which_zoho_wrote_its_dates() {
    let told = history_of(
        "SCHEDULED@1/15:00+5 00:00..09:58 | INPROGRESS@1/15:00+5 10:01..10:20 | COMPLETED@2/15:00+5 10:25",
    );
    let run = r#"{"due":"2026-11-01T15:00:00+05:00",
        "started":{"after":"2026-11-01T09:58:00Z","by":"2026-11-01T10:01:00Z"},
        "ended":{"after":"2026-11-01T10:20:00Z","by":"2026-11-01T10:25:00Z"},
        "outcome":"completed"}"#;
    let expected = format!(
        r#"{{"runs":[{run}],"last_good":{run},"failures_since":0,"watched_since":"2026-11-01T00:00:00Z"}}"#
    );
    assert_eq!(told.to_json(), serde_json::from_str::<Json>(&expected).unwrap());
}

#[test]
fn what_is_not_known_is_null() {
    let told = history_of("FAILED 00:00..08:00").to_json();
    let expected = r#"{"runs":[{"due":null,"started":null,
        "ended":{"after":null,"by":"2026-11-01T00:00:00Z"},"outcome":"failed"}],
        "last_good":null,"failures_since":1,"watched_since":"2026-11-01T00:00:00Z"}"#;
    assert_eq!(told, serde_json::from_str::<Json>(expected).unwrap());
    let empty = r#"{"runs":[],"last_good":null,"failures_since":0,"watched_since":null}"#;
    assert_eq!(History::default().to_json(), serde_json::from_str::<Json>(empty).unwrap());
}

/// Of two runs, the first has this member.
macro_rules! left_out {
    ($($name:ident: $member:literal;)+) => { $(
        #[test]
        fn $name() {
            let good = r#"{"due":null,"started":null,"ended":{"by":"2026-11-01T00:00:00Z"},"outcome":"failed"}"#;
            let run = good.trim_end_matches('}').to_owned() + "," + $member + "}";
            let told = read(&format!(r#"{{"runs":[{run},{good}]}}"#));
            assert_eq!(outcomes(&told.runs), "- failed");
        }
    )+ };
}

left_out! {
    left_out_with_an_unknown_outcome: r#""outcome":"abandoned""#;
    left_out_without_an_outcome: r#""outcome":null"#;
    left_out_without_an_end: r#""ended":null"#;
    left_out_with_a_malformed_end: r#""ended":{"by":"today"}"#;
    left_out_with_an_end_that_is_turned_round: r#""ended":{"after":"2026-11-02T00:00:00Z","by":"2026-11-01T00:00:00Z"}"#;
    left_out_with_a_malformed_start: r#""started":"2026-11-01T00:00:00Z""#;
    left_out_with_a_malformed_date: r#""due":"Tuesday""#;
    left_out_with_a_date_that_is_a_number: r#""due":1793491200"#;
}

#[test]
fn what_is_no_history_is_none() {
    for text in ["null", "[]", "\"runs\"", "7"] {
        assert_eq!(History::read(&serde_json::from_str(text).unwrap()), None, "{text}");
    }
    for text in ["{}", r#"{"runs":7,"last_good":[],"failures_since":"2","watched_since":"now","more":1}"#] {
        assert_eq!(read(text), History::default(), "{text}");
    }
}

#[test]
fn numbers_that_are_no_counts_saturate() {
    for (number, count) in [("-1", 0), ("2.9", 2), ("1e300", u32::MAX), ("4294967295", u32::MAX)] {
        assert_eq!(read(&format!(r#"{{"failures_since":{number}}}"#)).failures_since, count, "{number}");
    }
}

#[test]
fn ten_runs_are_kept_and_a_last_good_run_that_was_good() {
    let run = |outcome| {
        format!(
            r#"{{"due":null,"started":null,"ended":{{"by":"2026-11-01T00:00:00Z"}},"outcome":"{outcome}"}}"#
        )
    };
    let runs = vec![run("passed"); 12].join(",");
    assert_eq!(read(&format!(r#"{{"runs":[{},{runs}]}}"#, run("lost"))).runs.len(), RUNS_TOLD);
    for outcome in Outcome::ALL {
        let last_good = read(&format!(r#"{{"last_good":{}}}"#, run(outcome.name()))).last_good;
        assert_eq!(last_good.is_some(), outcome.is_good(), "{outcome}");
    }
}
