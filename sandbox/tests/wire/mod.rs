//! HTTP as it goes over the wire: what a client's library would refuse to send, or would hide, is of interest here.

#![allow(dead_code, reason = "no test file uses all of it")]

use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// An answer as it came over the wire.
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn read(answer: &[u8]) -> Self {
        let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("all headers");
        let head = String::from_utf8(answer[..end].into()).expect("headers are text");
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head, body: answer[end + 4..].into() }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers(name).next()
    }

    /// Every value of this header.
    pub fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        let headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers.filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub fn text(&self) -> &str {
        str::from_utf8(&self.body).expect("the body is text")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }
}

/// A request whose answer ends with its connection.
pub struct Request<'a> {
    pub method: &'a str,
    pub path: &'a str,
    /// Lines that end with `\r\n`.
    pub headers: &'a str,
    pub body: &'a str,
}

impl Request<'_> {
    /// What the server sends on this connection before it closes it.
    pub async fn send(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> Vec<u8> {
        let Self { method, path, headers, body } = self;
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: sandbox\r\nconnection: close\r\n\
             content-length: {length}\r\n{headers}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        answer
    }
}
