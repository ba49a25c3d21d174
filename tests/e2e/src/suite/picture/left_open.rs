//! A page that is left open for longer than the picture may say what it says: it ends itself.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use thirtyfour::WindowHandle;

use super::steps::{
    BADGE, Colour, GOOD, IMG, NEUTRAL, becomes, has_colour, is_loaded, is_seen, mount, play_next_run_in, wiki,
};
use crate::accessibility::prefer;
use crate::page::Page;
use crate::session::Session;
use crate::suite::gateway::Chain;
use crate::suite::sizes::PAINTED;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("picture",
    "when the next run comes due, what was green becomes neutral, without a request or a script" => in_view,
    "with reduced motion, too" => reduced_motion,
    "a page that is opened again meanwhile does not prolong it" => opened_again,
    "a picture that was scrolled out of view meanwhile is neutral when it is scrolled into view" => scrolled_away,
    "a picture in a window behind another is neutral when the window is seen again" => behind,
    "a picture that is loaded in a window behind another is neutral when the window is seen" => loaded_behind,
    "a picture that was below the window meanwhile is neutral when it is scrolled into view" => below,
    "with loading=lazy a picture far below the window is loaded when it comes near, and says what is so then" => lazy,
);

/// Long enough to open a page and look at it. On a busy machine it takes another attempt.
const AHEAD: i64 = 4;
const ATTEMPTS: usize = 5;

/// The colour behind icon and word when the run is due: of `Tone::Info`.
const DUE: Colour = [0xe5, 0xf1, 0xfd];

/// A gateway whose picture is good for a few seconds.
struct Promise {
    chain: Chain,
    /// When the next run comes due, in milliseconds.
    due: i64,
    /// How often the picture was asked for before.
    requests: usize,
}

impl Promise {
    async fn of_the_gateway(session: &Session) -> Result<Self> {
        let chain = mount(session).await?;
        let due = play_next_run_in(&chain, AHEAD);
        Ok(Self { chain, due, requests: session.host.count(BADGE) })
    }

    /// The same, with a page that shows the picture, which is still green.
    async fn shown(session: &Session, page: &str) -> Result<Self> {
        for _ in 0..ATTEMPTS {
            let promise = Self::of_the_gateway(session).await?;
            if promise.shows_green(session, page).await? {
                return Ok(promise);
            }
        }
        bail!("{ATTEMPTS} times the page took longer than the promise of its picture")
    }

    /// Opens a page whose picture is green. `false` if the promise was over before that could be seen.
    async fn shows_green(&self, session: &Session, page: &str) -> Result<bool> {
        let shown = is_green(session, page).await;
        let is_over: bool = session.eval(&format!("Date.now() > {} - 1000", self.due)).await?;
        match shown {
            Ok(()) => Ok(true),
            Err(_) if is_over => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Waits until it is over.
    async fn ends(&self, session: &Session) -> Result<()> {
        // Zoho's clock, of which the gateway knows whole seconds, may be that much behind.
        session.wait(&format!("Date.now() > {}", self.due + 1_000)).await
    }

    /// Waits until the picture is neutral, and checks that it is so when the promise is over.
    async fn is_kept(&self, session: &Session) -> Result<()> {
        becomes(session, "#picture", NEUTRAL[0]).await?;
        let late: i64 = session.eval(&format!("Date.now() - {}", self.due)).await?;
        session.note(format!("{late} ms after the run came due"));
        // Much sooner than a picture of an answer that is not current.
        ensure!((-1_500..10_000).contains(&late), "it is neutral {late} ms after the run came due");
        Ok(())
    }

    /// Checks that the picture was asked for once, and nothing else was.
    fn no_request(&self, session: &Session) -> Result<()> {
        let pictures = session.host.count(BADGE) - self.requests;
        let answers = self.chain.zoho.record().count("scheduled");
        ensure!(
            (pictures, answers) == (1, 1),
            "{pictures} requests to the gateway, {answers} requests to Zoho"
        );
        Ok(())
    }
}

async fn is_green(session: &Session, page: &str) -> Result<()> {
    session.open(wiki(page)).await?;
    is_loaded(session, "#picture").await?;
    has_colour(session, "#picture", GOOD[0]).await.context("at first")
}

async fn in_view(session: &mut Session) -> Result<()> {
    let promise = Promise::shown(session, IMG).await?;
    promise.is_kept(session).await?;
    promise.no_request(session)
}

/// The browser has stored the picture, and asks whether it is still the same.
async fn opened_again(session: &mut Session) -> Result<()> {
    let promise = Promise::shown(session, IMG).await?;
    session.wait(&format!("Date.now() > {}", promise.due - 2_000)).await?;
    promise.shows_green(session, IMG).await?;
    promise.is_kept(session).await?;
    session.note(format!("{} requests for the picture", session.host.count(BADGE)));
    Ok(())
}

async fn reduced_motion(session: &mut Session) -> Result<()> {
    prefer(session.web(), &[("prefers-reduced-motion", "reduce")]).await?;
    in_view(session).await
}

async fn scrolled_away(session: &mut Session) -> Result<()> {
    let promise = Promise::shown(session, &[IMG, "<p style='margin-top: 6000px'>End</p>"].concat()).await?;
    session.run("scrollTo(0, 6000);").await?;
    session.wait("document.querySelector('#picture').getBoundingClientRect().bottom < -4000").await?;
    promise.ends(session).await?;
    session.run(&["scrollTo(0, 0);", PAINTED].concat()).await?;
    has_colour(session, "#picture", NEUTRAL[0]).await?;
    promise.no_request(session)
}

/// Opens a window before the page, which hides it; returns the page's.
async fn hide(session: &Session) -> Result<WindowHandle> {
    let second = "<script>new BroadcastChannel('opened').postMessage(null);</script>";
    session.open_window(Page::new(second).without_widget()).await
}

async fn behind(session: &mut Session) -> Result<()> {
    let promise = Promise::shown(session, IMG).await?;
    let page = hide(session).await?;
    promise.ends(session).await?;
    session.close_window(page).await?;
    session.run(PAINTED).await?;
    has_colour(session, "#picture", NEUTRAL[0]).await?;
    promise.no_request(session)
}

async fn loaded_behind(session: &mut Session) -> Result<()> {
    let promise = Promise::of_the_gateway(session).await?;
    let script = format!(
        "<style>body {{ margin: 0 }}</style><script>new BroadcastChannel('load').onmessage = () =>
           document.body.insertAdjacentHTML('beforeend', {});</script>",
        Value::from(IMG)
    );
    session.open(Page::new(script).without_widget()).await?;
    let page = hide(session).await?;
    session.run("new BroadcastChannel('load').postMessage(null);").await?;
    is_seen("the request for the picture", || session.host.count(BADGE) == 1).await?;
    promise.ends(session).await?;
    session.close_window(page).await?;
    session.run(PAINTED).await?;
    has_colour(session, "#picture", NEUTRAL[0]).await?;
    promise.no_request(session)
}

async fn below(session: &mut Session) -> Result<()> {
    let promise = Promise::of_the_gateway(session).await?;
    session.open(wiki(&["<p style='margin-bottom: 6000px'>Start</p>", IMG].concat())).await?;
    is_loaded(session, "#picture").await?;
    promise.ends(session).await?;
    session.run(&["document.querySelector('#picture').scrollIntoView();", PAINTED].concat()).await?;
    has_colour(session, "#picture", NEUTRAL[0]).await?;
    promise.no_request(session)
}

/// For engines in which the time of a picture begins when it is drawn first.
async fn lazy(session: &mut Session) -> Result<()> {
    let promise = Promise::of_the_gateway(session).await?;
    let picture = IMG.replace("<img ", "<img loading=lazy ");
    session.open(wiki(&["<p style='margin-bottom: 12000px'>Start</p>", &picture].concat())).await?;
    promise.ends(session).await?;
    ensure!(session.host.count(BADGE) == 0, "it is loaded before it comes near");
    session.run("document.querySelector('#picture').scrollIntoView();").await?;
    is_loaded(session, "#picture").await?;
    becomes(session, "#picture", DUE).await?;
    promise.no_request(session)
}
