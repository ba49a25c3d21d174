//! A client that speaks plain HTTP/1.1 over a stream: the tests send what a library would refuse, and see what a
//! library would hide.

use std::net::SocketAddr;

use sandbox::Sandbox;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

/// A response as it came over the wire.
pub struct Response {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Response {
    pub fn read(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("all headers");
        let head = String::from_utf8(bytes[..end].into()).expect("headers are text");
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head, body: bytes[end + 4..].into() }
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

/// A request on a connection of its own, which the server closes after the response.
pub struct Request<'a> {
    pub method: &'a str,
    pub path: &'a str,
    /// Lines that end with `\r\n`.
    pub headers: &'a str,
    pub body: &'a str,
}

impl Request<'_> {
    /// All bytes that the server sends before it closes the connection.
    pub async fn send(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> Vec<u8> {
        let Self { method, path, headers, body } = self;
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: sandbox\r\nconnection: close\r\n\
             content-length: {length}\r\n{headers}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut response = Vec::new();
        stream.read_to_end(&mut response).await.unwrap();
        response
    }
}

pub async fn sandbox() -> Sandbox {
    Sandbox::start(0).await.expect("a free port")
}

/// All bytes that the server sends before it closes the connection.
pub async fn raw(address: SocketAddr, method: &str, path: &str, headers: &str) -> Vec<u8> {
    let stream = TcpStream::connect(address).await.unwrap();
    Request { method, path, headers, body: "" }.send(stream).await
}

pub async fn request(sandbox: &Sandbox, method: &str, path: &str, headers: &str) -> Response {
    Response::read(&raw(sandbox.address(), method, path, headers).await)
}

/// Requests this path as a page of another origin.
pub async fn get(sandbox: &Sandbox, path: &str) -> Response {
    request(sandbox, "GET", path, "origin: https://portal.example\r\n").await
}

pub async fn scenario(sandbox: &Sandbox, name: &str) -> Response {
    get(sandbox, &format!("/scenarios/{name}/crm/bulk/v6/backup")).await
}
