//! The body of a response, delivered whole or in parts, and not always to the end.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Interval, interval};

use crate::record::Pending;
use crate::wire_response::Delivery;

/// A body of these bytes. The request is pending until hyper has taken the last byte that is sent.
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
    // The pause before each part and before the end. 20 ms are enough for hyper to send what it has.
    let ends = matches!(delivery, Delivery::Chunked | Delivery::CutOff);
    let pause = Duration::from_millis(if ends { 20 } else { 1_000 });
    let parts = parts.into_iter();
    Body::new(Parts { parts, missing: size as u64, delivery, clock: interval(pause), pending })
}

/// A body in parts. If it is dropped before its end, its request counts as abandoned.
struct Parts {
    parts: std::vec::IntoIter<Bytes>,
    /// How many bytes of the announced length are not sent yet.
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
        // hyper flushes while it waits for more. Without the pause, an early end would discard what is not flushed.
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
            // hyper requests no frame after the last byte.
            self.pending.answered();
        }
        Poll::Ready(Some(Ok(Frame::data(part))))
    }

    /// An exact size becomes the `Content-Length`.
    fn size_hint(&self) -> SizeHint {
        match self.delivery {
            Delivery::Chunked => SizeHint::default(),
            _ => SizeHint::with_exact(self.missing),
        }
    }
}
