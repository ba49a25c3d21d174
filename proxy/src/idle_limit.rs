//! Limits for how long a connection may be idle, and for how long a client may take to send the head of a request.
//!
//! hyper has one limit for both. Here the shorter one counts from the first byte of a head, so that connections of a web
//! server in front live longer than its pauses, and slow clients still hold no connection.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// The limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadLimits {
    /// From the first byte of a head to its end. Also from the start of the connection to the first byte: what connects
    /// has a request to send.
    pub head: Duration,
    /// From an answer to the first byte of the next request.
    pub idle: Duration,
}

/// A connection of which a read fails when a limit has passed and no request is being answered.
#[derive(Debug)]
pub struct IdleLimit<S> {
    stream: S,
    limits: ReadLimits,
    activity: Activity,
    /// How many requests were answered by the time of the last read.
    answered: u64,
    /// Since when the client could send a request: the start, the last answer, or the last byte of it that it has taken.
    waiting_since: Instant,
    /// Since when a head has begun and not ended.
    head_since: Option<Instant>,
    end: LineEnd,
    timer: Pin<Box<Sleep>>,
}

/// Which requests of a connection are being answered. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Activity(Arc<Answers>);

#[derive(Debug, Default)]
struct Answers {
    is_answering: AtomicBool,
    count: AtomicU64,
}

/// A request that is being answered, until it is dropped.
#[derive(Debug)]
#[must_use = "the request counts as answered when this is dropped"]
pub struct Answering(Arc<Answers>);

impl Activity {
    /// A request has arrived. HTTP/1 answers one at a time.
    pub fn begin(&self) -> Answering {
        self.0.is_answering.store(true, Ordering::Relaxed);
        Answering(self.0.clone())
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.count.fetch_add(1, Ordering::Relaxed);
        self.0.is_answering.store(false, Ordering::Relaxed);
    }
}

/// How what was received so far ends. A head ends with an empty line, so after one no other has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LineEnd {
    /// With an empty line, or nothing was received.
    EmptyLine,
    /// With a line that is not empty.
    Line,
    /// The same, and the return of another line end.
    LineAndReturn,
    /// In the middle of a line.
    Open,
}

impl LineEnd {
    fn after(self, byte: u8) -> LineEnd {
        match (self, byte) {
            // Empty lines before a head are ignored.
            (LineEnd::EmptyLine, b'\r' | b'\n') | (LineEnd::Line | LineEnd::LineAndReturn, b'\n') => {
                LineEnd::EmptyLine
            }
            (LineEnd::Line, b'\r') => LineEnd::LineAndReturn,
            (LineEnd::Open, b'\n') => LineEnd::Line,
            _ => LineEnd::Open,
        }
    }
}

impl<S> IdleLimit<S> {
    /// Limits a new connection. Whoever answers its requests reports them to `activity`.
    pub fn new(stream: S, limits: ReadLimits, activity: Activity) -> IdleLimit<S> {
        let now = Instant::now();
        IdleLimit {
            stream,
            limits,
            activity,
            answered: 0,
            waiting_since: now,
            head_since: None,
            end: LineEnd::EmptyLine,
            timer: Box::pin(sleep_until(now + limits.head)),
        }
    }

    /// Takes note of the bytes that have arrived.
    fn receive(&mut self, bytes: &[u8]) {
        self.end = bytes.iter().fold(self.end, |end, byte| end.after(*byte));
        let has_begun = self.end != LineEnd::EmptyLine;
        self.head_since = has_begun.then(|| self.head_since.unwrap_or_else(Instant::now));
    }

    /// The client could send another request only now.
    fn restart(&mut self) {
        self.waiting_since = Instant::now();
        self.head_since = self.head_since.map(|_| self.waiting_since);
    }

    /// When the current limit ends; `None` while a request is being answered.
    fn deadline(&mut self) -> Option<Instant> {
        let answered = self.activity.0.count.load(Ordering::Relaxed);
        if answered != self.answered {
            self.answered = answered;
            self.restart();
        }
        if self.activity.0.is_answering.load(Ordering::Relaxed) {
            return None;
        }
        Some(match self.head_since {
            Some(since) => since + self.limits.head,
            None if self.answered == 0 => self.waiting_since + self.limits.head,
            None => self.waiting_since + self.limits.idle,
        })
    }

    fn poll_deadline(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let deadline = self.deadline();
        // hyper may not read again after an answer before something wakes the task, so the timer also runs meanwhile, and
        // rings before any limit that begins then has passed.
        let ring_at = deadline.unwrap_or_else(|| Instant::now() + self.limits.head.min(self.limits.idle));
        // Set later only when it rings, so that a busy connection does not set it for every request.
        if ring_at < self.timer.deadline() {
            self.timer.as_mut().reset(ring_at);
        }
        loop {
            ready!(self.timer.as_mut().poll(cx));
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Poll::Ready(());
            }
            self.timer.as_mut().reset(ring_at);
        }
    }

    fn written<T>(&mut self, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if matches!(written, Poll::Ready(Ok(_))) {
            self.answered = self.activity.0.count.load(Ordering::Relaxed);
            self.restart();
        }
        written
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for IdleLimit<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if read.is_ready() {
            // An answer that was given since then restarts the limits before these bytes count.
            let _ = self.deadline();
            self.receive(&buffer.filled()[before..]);
            return read;
        }
        ready!(self.poll_deadline(cx));
        Poll::Ready(Err(ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for IdleLimit<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.written(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.written(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_has_begun_unless_the_last_line_is_empty() {
        for (received, has_begun) in [
            ("", false),
            ("G", true),
            ("GET / HTTP/1.1\r\n", true),
            ("GET / HTTP/1.1\r\n\r", true),
            ("GET / HTTP/1.1\r\n\r\n", false),
            ("GET / HTTP/1.1\n\n", false),
            ("GET / HTTP/1.1\r\nhost: a\r\n\r\n", false),
            ("GET / HTTP/1.1\r\nhost: a\r\n\r\nGET", true),
            ("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n", false),
            ("\r\n", false),
            ("\r\n\r\n", false),
            ("\r\nG", true),
            ("a\r\n\rb", true),
            ("a\r\n\r\r\n", true),
        ] {
            let end = received.bytes().fold(LineEnd::EmptyLine, LineEnd::after);
            assert_eq!(end != LineEnd::EmptyLine, has_begun, "{received:?}");
        }
    }
}
