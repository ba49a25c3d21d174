//! What alerts say. Their sentences are a text of their own, which nothing of the widget refers to: they cost it no byte.

use crate::sentence::{Piece, Sentence};
use crate::template::{filled, find};
use zoho_backup_core::alert::{Alert, Facts, News};
use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::history::Run;
use zoho_backup_core::instant::Timestamp;

/// The English sentences: see build.rs.
const ENGLISH: &str = include_str!(concat!(env!("OUT_DIR"), "/alerts.txt"));

/// An alert, and what its sentences depend on beside it.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// The alert; `None` for a test.
    pub alert: Option<&'a Alert>,
    /// What it tells.
    pub facts: &'a Facts,
    /// The name of the account.
    pub label: &'a str,
    /// What the code of its failure means, where that is known.
    pub why: Option<&'a str>,
    /// How dates are written.
    pub date: fn(&DateTime) -> String,
}

impl Message<'_> {
    /// What it says, line by line. The first line is its title.
    pub fn lines(&self) -> Vec<Sentence> {
        let subject = self.subject();
        let mut lines = vec![
            self.sentence(&["title.", &subject].concat()),
            self.of_run(&["what.", &subject].concat(), self.facts.run.as_ref()),
        ];
        let Some(alert) = self.alert else { return lines };
        let is_of_run = ["failed", "missed", "good-again.runs"].contains(&subject.as_str());
        if !is_of_run {
            lines.push(self.of_run("last-run", self.facts.run.as_ref()));
        }
        lines.push(self.of_run("last-good", self.facts.last_good.as_ref()));
        lines.push(self.sentence("failures-since"));
        lines.push(self.sentence(if self.facts.next_run.is_some() { "next-run" } else { "next-run.none" }));
        let remedy = match alert.news {
            // That answers arrive again, or the schedule goes on, makes no failed run good.
            News::GoodAgain if self.facts.failures_since > 0 => "good-again.failures",
            News::GoodAgain => News::GoodAgain.name(),
            News::Known | News::Begun | News::Reminder => alert.trouble.name(),
        };
        lines.push(self.sentence(&["do.", remedy].concat()));
        // It may arrive days later.
        lines.push(self.sentence("as-of"));
        lines
    }

    /// What its title and first sentence are about, as their keys name it.
    fn subject(&self) -> String {
        let Some(alert) = self.alert else { return "test".to_owned() };
        match alert.news {
            News::Known | News::Begun => alert.trouble.name().to_owned(),
            News::Reminder => ["reminder.", alert.trouble.name()].concat(),
            News::GoodAgain => ["good-again.", alert.trouble.topic().name()].concat(),
        }
    }

    /// The sentence of that key about a run, which may have no date, or not be known.
    fn of_run(&self, key: &str, run: Option<&Run>) -> Sentence {
        let form = match run {
            Some(Run { due: Some(_), .. }) => "",
            Some(_) => ".undated",
            None => ".none",
        };
        let of_form = [key, form].concat();
        let key = if find(ENGLISH, &of_form).is_empty() { key } else { &of_form };
        filled(find(ENGLISH, key), &|name| self.fill(name, run))
    }

    fn sentence(&self, key: &str) -> Sentence {
        filled(find(ENGLISH, key), &|name| self.fill(name, None))
    }

    /// The value of a placeholder.
    fn fill(&self, name: &str, run: Option<&Run>) -> Sentence {
        let facts = self.facts;
        let date = |date: &DateTime| Piece::Verbatim((self.date)(date));
        let instant = |at: Timestamp| date(&DateTime { at, offset: 0 });
        let piece = match name {
            "label" => Some(Piece::untrusted(self.label)),
            "due" => run.and_then(|run| run.due.as_ref()).map(date),
            "ended" => run.map(|run| instant(run.ended.by)),
            "since" => facts.since.map(instant),
            "at" => self.alert.map(|alert| instant(alert.at)),
            "next" => facts.next_run.as_ref().map(date),
            "count" => Some(Piece::Verbatim(facts.failures_since.to_string())),
            "code" => facts.code.as_deref().map(Piece::untrusted),
            "outcome" => {
                let key = run.map(|run| ["outcome.", run.outcome.name()].concat());
                key.map(|key| Piece::Own(find(ENGLISH, &key).to_owned()))
            }
            "why" => return self.why(),
            _ => None,
        };
        piece.into_iter().collect()
    }

    /// For which failure nothing can be read.
    fn why(&self) -> Sentence {
        let Some(code) = self.facts.code.as_deref() else { return Sentence::new() };
        let key = if self.why.is_some() { "why" } else { "why.code" };
        filled(find(ENGLISH, key), &|name| match name {
            "why" => self.why.map(|why| Piece::Own(why.to_owned())).into_iter().collect(),
            _ => vec![Piece::untrusted(code)],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentence::joined;
    use zoho_backup_core::alert::{Topic, Trouble};
    use zoho_backup_core::history::{Between, Outcome};

    fn date(date: &DateTime) -> String {
        date.written().unwrap()
    }

    fn run(due: Option<&str>, outcome: Outcome) -> Run {
        let ended = Between { after: None, by: DateTime::parse("2026-11-27T02:40:00Z").unwrap().at };
        Run { job: None, due: due.and_then(DateTime::parse), started: None, ended, outcome }
    }

    fn said(news: News, trouble: Trouble, facts: &Facts) -> Vec<String> {
        let at = Timestamp::default();
        let alert = Alert { news, trouble, key: at, ended: None, at };
        let message = Message { alert: Some(&alert), facts, label: "Sales", why: Some("Wait."), date };
        message.lines().iter().map(|line| joined(line)).collect()
    }

    /// Every kind of alert, with a run, with one without a date, and without one.
    fn all(facts: &Facts) -> Vec<Vec<String>> {
        let news = [News::Begun, News::Reminder, News::GoodAgain];
        let kinds = news.iter().flat_map(|news| Trouble::ALL.iter().map(move |trouble| (*news, *trouble)));
        kinds.map(|(news, trouble)| said(news, trouble, facts)).collect()
    }

    #[test]
    fn a_failed_run_is_told_with_what_an_administrator_needs() {
        let facts = Facts {
            run: Some(run(Some("2026-11-27T07:30:00+05:30"), Outcome::Failed)),
            last_good: Some(run(Some("2026-11-26T07:30:00+05:30"), Outcome::Passed)),
            failures_since: 1,
            next_run: DateTime::parse("2026-11-28T07:30:00+05:30"),
            ..Facts::default()
        };
        let expected = [
            "A backup has failed: Sales",
            "Zoho reports that the run that was due on 2026-11-27T07:30:00+05:30 has failed.",
            "Last good run: due on 2026-11-26T07:30:00+05:30",
            "Failed or missed since then: 1",
            "Next run: 2026-11-28T07:30:00+05:30",
            "What to do: look at the data backup in the settings of Zoho CRM, and start a backup by hand.",
            "As of 1970-01-01T00:00:00Z",
        ];
        assert_eq!(said(News::Begun, Trouble::Failed, &facts), expected);
    }

    #[test]
    fn what_is_not_known_is_called_so() {
        let facts = Facts {
            run: Some(run(Some("2026-11-27T02:00:00Z"), Outcome::NotWatched)),
            since: DateTime::parse("2026-11-27T01:00:00Z").map(|date| date.at),
            code: Some("ZOHO_UNREACHABLE".to_owned()),
            ..Facts::default()
        };
        let expected = [
            "The state of the backup is not known: Sales",
            "The gateway has had no answer of Zoho since 2026-11-27T01:00:00Z. ZOHO_UNREACHABLE: Wait.",
            "Last run: due on 2026-11-27T02:00:00Z, not known",
            "Last good run: not known",
            "Failed or missed since then: 0",
            "Next run: not known",
        ];
        assert_eq!(said(News::Begun, Trouble::Unreadable, &facts)[..6], expected);
    }

    #[test]
    fn answers_that_arrive_again_make_no_failed_run_good() {
        for failures_since in [0, 2] {
            let facts = Facts { failures_since, ..Facts::default() };
            for trouble in [Trouble::Refused, Trouble::Stopped] {
                let lines = said(News::GoodAgain, trouble, &facts);
                let is_over = lines.iter().any(|line| line == "What to do: nothing.");
                assert_eq!(is_over, failures_since == 0, "{lines:#?}");
            }
        }
    }

    #[test]
    fn every_kind_has_its_sentences_and_no_placeholder_is_left_empty() {
        let run_of = |due| move |outcome| Some(run(due, outcome));
        let runs: [&dyn Fn(Outcome) -> Option<Run>; 3] =
            [&run_of(Some("2026-11-27T02:00:00Z")), &run_of(None), &|_| None];
        for run in runs {
            for outcome in Outcome::ALL {
                let facts = Facts {
                    run: run(*outcome),
                    last_good: run(Outcome::Completed),
                    since: Some(Timestamp::default()),
                    code: Some("ZOHO_FAILED".to_owned()),
                    ..Facts::default()
                };
                for lines in all(&facts) {
                    for line in &lines {
                        let is_whole = !line.is_empty() && !line.contains(['{', '}']) && !line.contains("  ");
                        assert!(is_whole && !line.contains(" on ,") && !line.contains(" on ."), "{lines:#?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_test_says_that_it_is_one() {
        let facts = Facts::default();
        let message = Message { alert: None, facts: &facts, label: "Sales", why: None, date };
        let lines: Vec<_> = message.lines().iter().map(|line| joined(line)).collect();
        assert_eq!(lines[0], "Test of alerts: Sales");
        assert!(lines[1].starts_with("This is a test: nothing is wrong."), "{lines:?}");
    }

    #[test]
    fn every_line_is_a_sentence_of_its_own_key() {
        let source = include_str!("alerts.txt").lines();
        let lines: Vec<_> = source.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        assert_eq!(ENGLISH.lines().collect::<Vec<_>>(), lines);
        for line in &lines {
            let (key, sentence) = line.split_once(" = ").expect(line);
            assert_eq!(find(ENGLISH, key), sentence, "{key} is defined twice");
        }
    }

    #[test]
    fn a_label_never_begins_a_line() {
        let facts = Facts::default();
        for lines in all(&facts) {
            assert!(lines.iter().all(|line| !line.starts_with("Sales")), "{lines:?}");
        }
        assert_eq!(Topic::ALL.len(), 4);
    }
}
