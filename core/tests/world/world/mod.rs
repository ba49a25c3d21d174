//! One simulated world: a queue of events, what they do to the page, and what the page does to the network.

mod befall;
mod requests;

use crate::alarms::Wake;
use crate::computer::Computer;
use crate::invariants::View;
use crate::mix::{Mix, WidgetMix};
use crate::network::Network;
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
            Browser { told: computer.now(START), is_hidden: false, is_online: true, random: chances };
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
        let changes = world.truth.changes_after(START);
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
                self.page.browser.told = self.computer.now(at);
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
                if self.watch.around.clock_set_at.is_some_and(|at| at > slept_at) {
                    self.watch.around.slept_unseen(self.now - slept_at);
                }
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
}
