//! Steps of the tests of the picture.

use anyhow::{Context, Result, ensure};
use png::{Decoder, Transformations};
use sandbox::WireResponse;
use sandbox::document::{Document, Field};
use sandbox::wire_response::JSON;
use std::io::Cursor;
use std::time::{Duration, Instant};
use time::OffsetDateTime;

use crate::page::Page;
use crate::session::{PATIENCE, Session};
use crate::suite::gateway::Chain;

/// The path of the picture.
pub const BADGE: &str = "/badge.svg";

/// As proxy/README.md says it.
pub const IMG: &str =
    "<img id=picture src=\"/badge.svg\" alt=\"State of the Zoho CRM backup\" height=\"28\">";

/// A colour of the screen: red, green, blue.
pub type Colour = [u8; 3];

/// The colour behind icon and word, in light and in dark, from picture/src/colours.rs.
pub const GOOD: [Colour; 2] = [[0xe2, 0xf4, 0xe8], [0x14, 0x34, 0x1f]];
pub const NEUTRAL: [Colour; 2] = [[0xe3, 0xe8, 0xef], [0x2c, 0x36, 0x46]];

/// Mounts a gateway to a Zoho of its own on the page's origin.
pub async fn mount(session: &Session) -> Result<Chain> {
    let (chain, gateway) = Chain::start(&[], 60, None).await?;
    session.host.mount(gateway);
    Ok(chain)
}

/// Makes Zoho's next run be this many seconds ahead; returns when it comes due, in milliseconds.
pub fn play_next_run_in(chain: &Chain, seconds: i64) -> i64 {
    let document = Document {
        status: Field::Text("SCHEDULED"),
        scheduled_date: Field::Ahead(seconds),
        start_date: Field::Null,
        rrule: Field::Absent,
        requester: Field::Text("Patricia Boyle"),
    };
    let now = OffsetDateTime::now_utc();
    chain.zoho.play("scheduled", WireResponse::body(200, JSON, document.to_json(now).to_string()));
    // Zoho's dates are whole seconds.
    (now.unix_timestamp() + seconds) * 1_000
}

/// A page that runs no script, as a wiki is.
pub fn wiki(body: &str) -> Page {
    Page::verbatim(format!("<title>Wiki</title><style>body {{ margin: 0 }}</style>{body}"))
        .policy("default-src 'none'; style-src 'unsafe-inline'; img-src 'self' {api}")
}

/// Waits until the picture with this selector is loaded.
pub async fn is_loaded(session: &Session, selector: &str) -> Result<()> {
    session.wait(&format!("(({{ complete, naturalWidth }}) => complete && naturalWidth > 0)(document.querySelector('{selector}'))")).await
}

/// The colour behind the icon of the picture with this selector, which is in view, as a screenshot has it.
pub async fn colour(session: &Session, selector: &str) -> Result<Colour> {
    let [left, top, scale]: [f64; 3] = session
        .eval(&format!(
            "(({{ left, top }}) => [left, top, devicePixelRatio])(document.querySelector('{selector}').getBoundingClientRect())"
        ))
        .await?;
    // Of the window: WebKit's picture of an element is black.
    let screenshot = session.web().screenshot_as_png().await.context("the driver takes no screenshot")?;
    let [x, y] = POINT;
    pixel(&screenshot, (left + x) * scale, (top + y) * scale)
}

/// A point of the pill that is neither icon nor word nor corner, from the picture's own corner.
const POINT: [f64; 2] = [15.5, 3.5];

fn pixel(screenshot: &[u8], x: f64, y: f64) -> Result<Colour> {
    let mut decoder = Decoder::new(Cursor::new(screenshot));
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info()?;
    let mut pixels = vec![0; reader.output_buffer_size().context("the screenshot is too large")?];
    let frame = reader.next_frame(&mut pixels)?;
    let is_inside = (0.0..f64::from(frame.width)).contains(&x) && (0.0..f64::from(frame.height)).contains(&y);
    ensure!(is_inside, "{x}, {y} is outside of the screenshot");
    let at = y as usize * frame.line_size + x as usize * frame.color_type.samples();
    Ok([pixels[at], pixels[at + 1], pixels[at + 2]])
}

/// Whether they are the same to the eye: engines round differently.
pub fn is_same(found: Colour, expected: Colour) -> bool {
    found.iter().zip(expected).all(|(found, expected)| found.abs_diff(expected) <= 2)
}

/// Checks the colour of the picture with this selector.
pub async fn has_colour(session: &Session, selector: &str, expected: Colour) -> Result<()> {
    let found = colour(session, selector).await?;
    ensure!(is_same(found, expected), "{selector} is {found:02x?} instead of {expected:02x?}");
    Ok(())
}

/// Waits until the picture with this selector has this colour.
pub async fn becomes(session: &Session, selector: &str, expected: Colour) -> Result<()> {
    let started = Instant::now();
    loop {
        let found = colour(session, selector).await?;
        if is_same(found, expected) {
            return Ok(());
        }
        ensure!(
            started.elapsed() < PATIENCE,
            "{selector} is {found:02x?} instead of {expected:02x?} after {PATIENCE:?}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until the server has seen something.
pub async fn is_seen(what: &str, condition: impl Fn() -> bool) -> Result<()> {
    let started = Instant::now();
    while !condition() {
        ensure!(started.elapsed() < PATIENCE, "{what} is not seen within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}
