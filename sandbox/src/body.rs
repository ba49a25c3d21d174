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

/// These bytes as a body. The request is pending until the last of what there is to send was handed over.
pub(crate) fn body(bytes: Bytes, delivery: Delivery, pending: Pending) -> Body {
    let size = bytes.len();
    let parts = match delivery {
        Delivery::Whole | Delivery::Dropped | Delivery::Reset => {
            pending.answered();
            return Body::from(bytes);
        }
        Delivery::Chunked => vec![bytes],
        Delivery::CutOff => vec![bytes.slice(..size / 2)],
        Delivery::Dripping => (0..size).map(|at| bytes.slice(at..=at)).collect(),
        Delivery::Stalled => vec![],
    };
    // From one part to the next, or to the end: just long enough for hyper to send what it has.
    let ends = matches!(delivery, Delivery::Chunked | Delivery::CutOff);
    let pause = Duration::from_millis(if ends { 20 } else { 1_000 });
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
            return match self.delivery {
                Delivery::CutOff => {
                    self.pending.answered();
                    Poll::Ready(Some(Err(io::Error::other("the scenario cuts the body off"))))
                }
                Delivery::Chunked => Poll::Ready(None),
                _ => Poll::Pending,
            };
        };
        self.missing -= part.len() as u64;
        if self.missing == 0 {
            // Nobody asks for a frame after the last byte.
            self.pending.answered();
        }
        Poll::Ready(Some(Ok(Frame::data(part))))
    }

    /// Becomes the `Content-Length`, if it is exact.
    fn size_hint(&self) -> SizeHint {
        match self.delivery {
            Delivery::Chunked => SizeHint::default(),
            _ => SizeHint::with_exact(self.missing),
        }
    }
}
