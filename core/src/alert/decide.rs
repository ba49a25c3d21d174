//! History, present, and the alerts so far → the next alerts.

use crate::alert::kind::{Alert, News, Topic, Trouble};
use crate::alert::present::{Answers, Present, Schedule, UNREADABLE_AFTER};
use crate::history::{History, Run};
use crate::instant::Timestamp;
use std::time::Duration;

/// How often somebody is reminded of what lasts.
const REMINDER: Duration = Duration::from_secs(86_400);

/// By topic, the most pressing first: what cannot be read hides the rest, and a schedule that is stopped its runs.
const TOPICS: [Topic; 4] = [Topic::Answers, Topic::Schedule, Topic::State, Topic::Runs];

/// The alerts that follow, in their order. `told` are those so far, in theirs.
///
/// - A run that failed or was missed is told of once, unless a good one came after it. A missed run that turns out to have
///   failed is told of again.
/// - Where nothing was ever told, only what stands now is: not what the history knows from before.
/// - *Good again* comes once after each trouble that was told of, and a reminder at most once a day.
/// - A run of which it is not known what became changes nothing.
pub fn decide(history: &History, present: &Present, told: &[Alert], now: Timestamp) -> Vec<Alert> {
    let mut alerts = Alerts { told, new: Vec::new(), now };
    alerts.tell_runs(history);
    alerts.tell_schedule(present.schedule);
    alerts.tell_doubt(present);
    alerts.tell_answers(present.answers);
    alerts.remind();
    alerts.new
}

struct Alerts<'a> {
    told: &'a [Alert],
    new: Vec<Alert>,
    now: Timestamp,
}

impl Alerts<'_> {
    fn tell_runs(&mut self, history: &History) {
        let is_first = self.told.is_empty();
        for (number, run) in history.runs.iter().enumerate().rev() {
            let Some(trouble) = Trouble::of(run.outcome) else { continue };
            if self.is_forgotten(run, trouble, history) {
                continue;
            }
            let (key, mut later) = (run.date().at, history.runs.iter().take(number));
            // Of two jobs with the same date, the later one counts.
            let is_same = |other: &Run| Trouble::of(other.outcome) == Some(trouble) && other.date().at == key;
            if later.clone().any(is_same) {
                continue;
            }
            let stands = match is_first {
                true => !later.any(|run| run.outcome.is_known()),
                false => !later.any(|run| run.outcome.is_good()),
            };
            let news = if stands { News::Begun } else { News::Known };
            self.add(Alert { news, trouble, key, ended: Some(run.ended.by), at: self.now });
        }
        let last = history.runs.iter().find(|run| run.outcome.is_known());
        if last.is_some_and(|run| run.outcome.is_good()) {
            self.end(Topic::Runs);
        }
    }

    /// Whether this is a failure that was told of, of which the history has forgotten the first looks: it then seems to
    /// begin with the oldest look that is left.
    fn is_forgotten(&self, run: &Run, trouble: Trouble, history: &History) -> bool {
        let is_before = |alert: &Alert| alert.ended.is_some_and(|ended| ended <= run.ended.by);
        run.due.is_none()
            && history.watched_since == Some(run.ended.by)
            && self.told.iter().any(|alert| alert.trouble == trouble && is_before(alert))
    }

    fn tell_schedule(&mut self, schedule: Schedule) {
        match schedule {
            Schedule::Stopped { since } if self.last(Topic::Schedule).is_none() => {
                self.begin(Trouble::Stopped, since);
            }
            Schedule::Active => self.end(Topic::Schedule),
            Schedule::Stopped { .. } | Schedule::NotKnown => {}
        }
    }

    fn tell_doubt(&mut self, present: &Present) {
        match present.doubt {
            Some(doubt) if self.last(Topic::State).is_none() => self.begin(Trouble::Unclear, doubt.since),
            None if present.answers == Answers::Arriving => self.end(Topic::State),
            _ => {}
        }
    }

    fn tell_answers(&mut self, answers: Answers) {
        let open = self.last(Topic::Answers);
        match answers {
            Answers::Missing { since, is_lasting: true, .. } => {
                // It may have begun as a failure that passes.
                if !self.is_open(Trouble::Refused) {
                    self.begin(Trouble::Refused, since);
                }
            }
            Answers::Missing { since, lasted, .. } if open.is_none() && lasted >= UNREADABLE_AFTER => {
                self.begin(Trouble::Unreadable, since);
            }
            Answers::Arriving => self.end(Topic::Answers),
            Answers::Missing { .. } => {}
        }
    }

    /// Reminds of the most pressing trouble that still lasts.
    fn remind(&mut self) {
        let Some(last) = TOPICS.into_iter().find_map(|topic| self.last(topic)) else { return };
        let is_reminder = |alert: &&Alert| alert.news == News::Reminder;
        let reminded = self.told.iter().rev().find(is_reminder).map(|reminder| reminder.at);
        let is_long_ago = |at: Timestamp| {
            // Where the clock was set back meanwhile, nothing else tells how long ago that is.
            self.now.since(at).max(at.since(self.now)) >= REMINDER
        };
        if is_long_ago(last.at) && reminded.is_none_or(is_long_ago) {
            let (news, key) = (News::Reminder, last.at);
            self.add(Alert { news, trouble: last.trouble, key, ended: None, at: self.now });
        }
    }

    fn begin(&mut self, trouble: Trouble, key: Timestamp) {
        self.add(Alert { news: News::Begun, trouble, key, ended: None, at: self.now });
    }

    /// Says that it is over, if somebody was told of it.
    fn end(&mut self, topic: Topic) {
        let Some(first) = self.open(topic).last() else { return };
        let Alert { trouble, key, .. } = *first;
        self.add(Alert { news: News::GoodAgain, trouble, key, ended: None, at: self.now });
    }

    /// What was told of the trouble that lasts, the latest first.
    fn open(&self, topic: Topic) -> impl Iterator<Item = &Alert> {
        let all = self.told.iter().chain(&self.new).rev();
        let of_topic = all.filter(move |alert| alert.is_told() && alert.trouble.topic() == topic);
        of_topic.take_while(|alert| alert.news != News::GoodAgain)
    }

    fn last(&self, topic: Topic) -> Option<Alert> {
        self.open(topic).next().copied()
    }

    fn is_open(&self, trouble: Trouble) -> bool {
        self.open(trouble.topic()).any(|alert| alert.trouble == trouble)
    }

    fn add(&mut self, alert: Alert) {
        if !self.told.iter().chain(&self.new).any(|other| other.is_same(&alert)) {
            self.new.push(alert);
        }
    }
}
