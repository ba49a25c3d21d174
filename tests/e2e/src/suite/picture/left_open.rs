//! A page that is left open for longer than the picture may say what it says: it ends itself.

use anyhow::{Context, Result, ensure};

use super::steps::{
    BADGE, Colour, GOOD, IMG, NEUTRAL, becomes, has_colour, is_loaded, mount, play_next_run_in, wiki,
};
use crate::accessibility::prefer;
use crate::session::Session;
use crate::suite::gateway::Chain;
use crate::suite::sizes::PAINTED;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("picture",
    "when the next run comes due, what was green becomes neutral, without a request or a script" => in_view,
    "with reduced motion, too" => reduced_motion,
    "a picture that was scrolled out of view meanwhile is neutral when it is scrolled into view" => scrolled_away,
    "a picture that was below the window meanwhile is neutral when it is scrolled into view" => below,
    "with loading=lazy a picture far below the window is loaded when it comes near, and says what is so then" => lazy,
);

/// Long enough to open a page and look at it on a busy machine.
const AHEAD: i64 = 6;

/// The colour behind icon and word when the run is due: of `Tone::Info`.
const DUE: Colour = [0xe5, 0xf1, 0xfd];

/// A gateway whose picture is good for a few seconds.
struct Promise {
    chain: Chain,
    /// When the next run comes due, in milliseconds.
    due: i64,
}

impl Promise {
    async fn of_the_gateway(session: &Session) -> Result<Self> {
        let chain = mount(session).await?;
        let due = play_next_run_in(&chain, AHEAD);
        Ok(Self { chain, due })
    }

    /// Waits until it is over.
    async fn ends(&self, session: &Session) -> Result<()> {
        // Zoho's clock, of which the gateway knows whole seconds, may be that much behind.
        session.wait(&format!("Date.now() > {}", self.due + 1_000)).await
    }

    /// Checks that the picture was asked for once, and nothing else was.
    fn no_request(&self, session: &Session) -> Result<()> {
        let (pictures, answers) = (session.host.count(BADGE), self.chain.zoho.record().count("scheduled"));
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
    let promise = Promise::of_the_gateway(session).await?;
    is_green(session, IMG).await?;
    becomes(session, "#picture", NEUTRAL[0]).await?;
    let late: i64 = session.eval(&format!("Date.now() - {}", promise.due)).await?;
    session.note(format!("{late} ms after the run came due"));
    ensure!(late > -1_500, "it is neutral {} ms too early", -late);
    promise.no_request(session)
}

async fn reduced_motion(session: &mut Session) -> Result<()> {
    prefer(session.web(), &[("prefers-reduced-motion", "reduce")]).await?;
    in_view(session).await
}

async fn scrolled_away(session: &mut Session) -> Result<()> {
    let promise = Promise::of_the_gateway(session).await?;
    is_green(session, &[IMG, "<p style='margin-top: 6000px'>End</p>"].concat()).await?;
    session.run("scrollTo(0, 6000);").await?;
    session.wait("document.querySelector('#picture').getBoundingClientRect().bottom < -4000").await?;
    promise.ends(session).await?;
    session.run(&["scrollTo(0, 0);", PAINTED].concat()).await?;
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
