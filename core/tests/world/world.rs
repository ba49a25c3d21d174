//! One simulated world: a queue of events, what they do to the page, and what the page does to the network.

use crate::alarms::Wake;
use crate::computer::Computer;
use crate::invariants::View;
use crate::mix::{Mix, WidgetMix};
use crate::network::{Ill, Network};
use crate::page::{Browser, Did, Page};
use crate::plot::{self, Event};
use crate::proxy::{Answer, Proxy};
use crate::random::Random;
use crate::story::Entry;
use crate::timeline::Timeline;
use crate::units::{DAY, MINUTE, Millis, SECOND, START};
use crate::watch::Watch;
use crate::wire::Ending;
use std::collections::BTreeMap;
use zoho_backup_core::instant::Timestamp;

/// How long a request may take: `DEADLINE` of `reply.rs`.
const DEADLINE: Millis = 10 * SECOND;
/// How many widgets a page has at most.
const MOST_WIDGETS: usize = 5;

enum Happening {
    Plot(Event),
    Truth,
    Timer(u64),
    Join(usize),
    End { request: u64, sent: Timestamp, ending: Ending },
}

pub struct World {
    pub mix: Mix,
    now: Millis,
    queue: BTreeMap<(Millis, u64), Happening>,
    queued: u64,
    random: Random,
    truth: Timeline,
    proxy: Proxy,
    network: Network,
    computer: Computer,
    page: Page,
    /// Answers that a network may replay.
    past: Vec<Answer>,
    replayed: Option<Answer>,
    pub watch: Watch,
}

impl World {
    pub fn new(seed: u64) -> World {
        let mut random = Random::new(seed);
        let mix = Mix::new(seed, &mut random);
        let truth = Timeline::new(&mut random, START, START + mix.length + 2 * DAY);
        let proxy = Proxy::new(&mix, &mut random, START);
        let network = Network::new(&mix, &mut random, START);
        let computer = Computer::new(&mix, &mut random, START);
        let plot = plot::events(&mix, &mut random, &network, START);
        let chances = Random::new(random.bits());
        let browser =
            Browser { now: computer.now(START), is_hidden: false, is_online: true, random: chances };
        let mut world = World {
            now: START,
            queue: BTreeMap::new(),
            queued: 0,
            random,
            truth,
            proxy,
            network,
            computer,
            page: Page::new(browser),
            past: Vec::new(),
            replayed: None,
            watch: Watch::new(),
            mix,
        };
        plot.into_iter().for_each(|(at, event)| world.at(at, Happening::Plot(event)));
        let changes = world.truth.moments().iter().map(|moment| moment.from).collect::<Vec<_>>();
        changes.into_iter().for_each(|at| world.at(at, Happening::Truth));
        world
    }

    /// Lives to the end. Returns how many events there were.
    pub fn live(&mut self) -> u64 {
        let (mut count, mut checked_at) = (0, START);
        self.look();
        for mix in self.mix.widgets.clone() {
            self.open(mix);
            self.page_did();
        }
        while let Some(((at, _), happening)) = self.queue.pop_first() {
            if at > START + self.mix.length {
                break;
            }
            if at > self.now {
                self.now = at;
                self.page.browser.now = self.computer.now(at);
                // A text that ticks every second changes little else.
                if !matches!(happening, Happening::Timer(_)) || at - checked_at >= 20 * SECOND {
                    checked_at = at;
                    self.with_view(|watch, view| watch.check(view));
                }
            }
            self.happen(happening);
            self.page_did();
            self.look();
            count += 1;
        }
        count
    }

    fn at(&mut self, at: Millis, happening: Happening) {
        self.queued += 1;
        self.queue.insert((at.max(self.now), self.queued), happening);
    }

    fn look(&mut self) {
        self.watch.around.look(self.now, &self.computer, &self.network, &self.proxy);
    }

    fn with_view(&mut self, act: impl FnOnce(&mut Watch, &View<'_>)) {
        let around = self.watch.around.clone();
        let view = View {
            now: self.now,
            truth: &self.truth,
            mix: &self.mix,
            around: &around,
            keeps: self.proxy.keeps,
            interval: self.page.interval(),
        };
        act(&mut self.watch, &view);
    }

    fn note(&mut self, entry: Entry) {
        self.watch.story.note(self.now, entry);
    }

    fn happen(&mut self, happening: Happening) {
        if let Some((slept_at, until)) = self.computer.sleep {
            return self.happen_asleep(happening, slept_at, until);
        }
        match happening {
            Happening::Plot(event) => self.befall(event),
            Happening::Truth => self.note(Entry::Truth(self.truth.at(self.now).state)),
            Happening::Timer(generation) => self.page.timer(generation),
            Happening::Join(widget) => self.page.join(widget),
            Happening::End { request, sent, ending } => self.end(request, sent, ending),
        }
    }

    /// A sleep stops timers, ends requests, and keeps everything else waiting.
    fn happen_asleep(&mut self, happening: Happening, slept_at: Millis, until: Millis) {
        match happening {
            Happening::Timer(_) => self.at(until + (self.now - slept_at), happening),
            Happening::End { request, sent, .. } => {
                let ending = Ending::Dropped;
                self.at(until + 100, Happening::End { request, sent, ending });
            }
            Happening::Join(_) => self.at(until + 1, happening),
            Happening::Plot(Event::WakeUp { page_hears }) => {
                self.computer.sleep = None;
                self.note(Entry::Page("the computer wakes up"));
                if page_hears {
                    self.page.wake(Wake::PageChanged);
                }
            }
            Happening::Plot(Event::Network | Event::Heal | Event::SetClock(_)) | Happening::Truth => {
                self.computer.sleep = None;
                self.happen(happening);
                self.computer.sleep = Some((slept_at, until));
            }
            Happening::Plot(_) => self.at(until + 2, happening),
        }
    }

    fn befall(&mut self, event: Event) {
        match event {
            Event::Network => self.replayed = None,
            Event::Online(is_online) => {
                self.note(Entry::Page(if is_online {
                    "navigator.onLine: true"
                } else {
                    "navigator.onLine: false"
                }));
                self.page.browser.is_online = is_online;
                self.page.wake(Wake::PageChanged);
            }
            Event::Hide | Event::Show => {
                let is_hidden = matches!(event, Event::Hide);
                self.note(Entry::Page(if is_hidden {
                    "the page is hidden"
                } else {
                    "the page is seen again"
                }));
                self.watch.around.is_hidden = is_hidden;
                self.page.browser.is_hidden = is_hidden;
                self.watch.around.paused(&self.computer);
                self.page.wake(Wake::PageChanged);
            }
            Event::Leave | Event::Return => {
                let is_left = matches!(event, Event::Leave);
                self.note(Entry::Page(if is_left { "the page is left" } else { "the page is returned to" }));
                self.watch.around.is_left = is_left;
                self.watch.around.paused(&self.computer);
                self.page.wake(if is_left { Wake::PageLeft } else { Wake::PageChanged });
            }
            Event::Sleep { until } => {
                self.note(Entry::Page("the computer sleeps"));
                self.watch.around.paused(&self.computer);
                self.computer.sleep = Some((self.now, until));
            }
            Event::WakeUp { .. } => {}
            Event::SetClock(ahead) => self.set_clock(ahead),
            Event::Refresh if self.watch.around.is_left => {}
            Event::Refresh => {
                let widget = self.random.between(0, self.page.widgets.len() as Millis - 1) as usize;
                if !self.page.is_ended(widget) {
                    self.note(Entry::Page("a reader asks for an answer"));
                    self.page.refresh(widget);
                }
            }
            Event::Open | Event::Change | Event::Close => self.host(event),
            Event::Heal => {
                self.note(Entry::Page("network, proxy and clock are sound from now on"));
                self.proxy.heal();
                self.computer.heal(self.now);
                self.clock_was_set();
                self.page.browser.is_online = true;
                self.page.wake(Wake::PageChanged);
            }
        }
    }

    fn set_clock(&mut self, ahead: Millis) {
        self.computer.set(self.now, ahead);
        self.note(Entry::Clock(ahead));
        self.clock_was_set();
    }

    fn clock_was_set(&mut self) {
        self.watch.around.clock_was_set();
        self.page.browser.now = self.computer.now(self.now);
    }

    fn host(&mut self, event: Event) {
        let present = (0..self.page.widgets.len()).filter(|widget| !self.page.is_ended(*widget));
        let present = present.collect::<Vec<_>>();
        let (widget, mix) = (self.random.pick(&present), WidgetMix::new(&mut self.random, 1));
        match event {
            Event::Open if self.page.widgets.len() < MOST_WIDGETS => self.open(mix),
            Event::Close if present.len() > 1 => {
                self.page.close(widget);
                self.with_view(|watch, view| watch.end(view, widget));
            }
            _ => {
                self.page.change(widget, mix);
                self.page_did();
                self.with_view(|watch, view| watch.set_up(view, widget, mix));
            }
        }
    }

    fn open(&mut self, mix: WidgetMix) {
        let widget = self.page.widgets.len();
        self.with_view(|watch, view| watch.set_up(view, widget, mix));
        self.page.open(mix);
    }

    fn page_did(&mut self) {
        for did in self.page.take_did() {
            match did {
                Did::Fetch(request) => self.ask(request),
                Did::Abort => self.note(Entry::Page("the request is aborted")),
                Did::Joining(widget) => self.at(self.now + 5, Happening::Join(widget)),
                Did::Looked { widget, before, step } => {
                    self.with_view(|watch, view| watch.looked(view, widget, &before, step));
                }
            }
        }
        if let Some(timer) = self.page.take_timer() {
            let wait = timer.wait.as_millis() as Millis;
            let late = if self.watch.around.is_hidden { self.random.between(0, MINUTE) } else { 0 };
            let late = late + self.random.between(0, 4);
            self.at(self.now + wait + late, Happening::Timer(timer.generation));
        }
    }

    fn ask(&mut self, request: u64) {
        self.note(Entry::Asked);
        self.watch.around.asked_at = Some(self.now);
        let is_slow = self.random.percent(3);
        let delay = self.random.between(40, if is_slow { 5_000 } else { 700 });
        let (ending, takes) = match self.network.ill(self.now) {
            None => {
                let answer = self.proxy.answer(&self.truth, self.now + delay / 2);
                self.remember(&answer);
                (Ending::Answer { answer, is_replay: false }, delay)
            }
            Some(Ill::Replays) => {
                let is_empty = self.past.is_empty();
                let past = (!is_empty).then(|| self.random.between(0, self.past.len() as Millis - 1));
                let past = past.map(|index| self.past[index as usize].clone());
                let answer = self.replayed.clone().or(past);
                self.replayed = answer.clone();
                (answer.map_or(Ending::Dropped, |answer| Ending::Answer { answer, is_replay: true }), delay)
            }
            Some(Ill::Drops { .. }) => (Ending::Dropped, delay),
            Some(Ill::Stalls) => (Ending::TimedOut, DEADLINE),
            Some(Ill::Refuses { status, body, retry_after }) => {
                (Ending::Refusal { status, body, retry_after }, delay)
            }
        };
        let sent = self.page.browser.now;
        self.at(self.now + takes, Happening::End { request, sent, ending });
    }

    fn remember(&mut self, answer: &Answer) {
        match self.past.len() {
            ..40 => self.past.push(answer.clone()),
            _ => {
                let index = self.random.between(0, 39) as usize;
                self.past[index] = answer.clone();
            }
        }
    }

    fn end(&mut self, request: u64, sent: Timestamp, ending: Ending) {
        if !self.page.is_under_way(request) {
            return;
        }
        let (now, how) = (self.now, ending.name());
        let around = &mut self.watch.around;
        let source_age = match &ending {
            Ending::Answer { answer, is_replay } => {
                around.answered(now, answer, *is_replay);
                Some(now - answer.source_at)
            }
            Ending::Refusal { retry_after, .. } => {
                around.failed();
                around.asked_to_wait(now, retry_after.map_or(0, |wait| Millis::from(wait) * SECOND));
                None
            }
            Ending::Dropped | Ending::TimedOut => {
                around.failed();
                None
            }
        };
        self.note(Entry::Ended { how, source_age });
        self.page.answer(request, ending.exchange(sent, self.page.browser.now));
    }
}
