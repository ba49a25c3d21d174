//! The body of an answer, as its delivery has it: whole, or part by part and perhaps never to the end.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Interval, interval};

use crate::answer::Delivery;
use crate::record::Pending;

/// This text as a body. The request is pending until the last of what there is to send was handed over.
pub(crate) fn body(text: String, delivery: Delivery, pending: Pending) -> Body {
    let text = Bytes::from(text);
    let size = text.len();
    let parts = match delivery {
        Delivery::Whole | Delivery::Dropped | Delivery::Reset => {
            pending.answered();
            return Body::from(text);
        }
        Delivery::CutOff => vec![text.slice(..size / 2)],
        Delivery::Dripping => (0..size).map(|at| text.slice(at..=at)).collect(),
        Delivery::Stalled => vec![],
    };
    // From one part to the next, or to the early end: just long enough for hyper to send what it has.
    let pause = Duration::from_millis(if delivery == Delivery::CutOff { 20 } else { 1_000 });
    let parts = parts.into_iter();
    Body::new(Parts { parts, missing: size as u64, delivery, clock: interval(pause), pending })
}

/// A body in parts. Its request is abandoned if it is dropped before its end.
struct Parts {
    parts: std::vec::IntoIter<Bytes>,
    /// How many bytes of the promised length are still to come.
    missing: u64,
    delivery: Delivery,
    clock: Interval,
    pending: Pending,
}

impl HttpBody for Parts {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        // hyper sends what it has whenever it must wait for more; without the pause, an early end would overtake it.
        ready!(self.clock.poll_tick(context));
        let Some(part) = self.parts.next() else {
            if self.delivery != Delivery::CutOff {
                return Poll::Pending;
            }
            self.pending.answered();
            return Poll::Ready(Some(Err(io::Error::other("the scenario cuts the body off"))));
        };
        self.missing -= part.len() as u64;
        if self.missing == 0 {
            // Nobody asks for a frame after the last byte.
            self.pending.answered();
        }
        Poll::Ready(Some(Ok(Frame::data(part))))
    }

    /// Becomes the `Content-Length`.
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.missing)
    }
}
