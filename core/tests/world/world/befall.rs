//! What befalls the computer, the page and its host.

use super::World;
use crate::alarms::Wake;
use crate::mix::WidgetMix;
use crate::plot::Event;
use crate::story::Entry;
use crate::units::Millis;

/// How many widgets a page has at most.
const MOST_WIDGETS: usize = 5;

impl World {
    pub(super) fn befall(&mut self, event: Event) {
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
        self.watch.around.clock_was_set(self.now);
        self.page.browser.told = self.computer.now(self.now);
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
}
