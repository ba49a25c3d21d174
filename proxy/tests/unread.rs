//! Clients that leave sent data unread are disconnected, on every kind of socket. The clock is paused.

mod downstream;

use std::future::pending;
use std::time::Duration;

use downstream::folder::Folder;
use downstream::{FakeUpstream, settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, sleep};
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::config::listen::{Listen, SocketFile};
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::listener::Listener;
use zoho_backup_proxy::router::router;
use zoho_backup_proxy::serve::{Limits, serve};
use zoho_backup_proxy::unread_limit::UnreadLimit;
use zoho_backup_proxy::widget_files::WidgetFiles;

const LIMIT: Duration = Duration::from_secs(30);

#[tokio::test(start_paused = true)]
async fn a_write_fails_when_nothing_was_read_for_the_limit() {
    let (near, mut far) = tokio::io::duplex(4);
    let mut near = UnreadLimit::new(near, LIMIT);
    let started = Instant::now();
    let writing = tokio::spawn(async move { near.write_all(b"0123456789").await });
    // Each byte that is read starts the time anew.
    for _ in 0..3 {
        sleep(Duration::from_secs(29)).await;
        far.read_u8().await.unwrap();
    }
    let error = writing.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
    assert_eq!(started.elapsed(), Duration::from_secs(3 * 29 + 30));
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_read_in_time_has_no_limit() {
    let (near, mut far) = tokio::io::duplex(1);
    let mut near = UnreadLimit::new(near, LIMIT);
    let writing = tokio::spawn(async move { near.write_all(&[7; 100]).await });
    for _ in 0..100 {
        sleep(Duration::from_secs(29)).await;
        assert_eq!(far.read_u8().await.unwrap(), 7);
    }
    writing.await.unwrap().unwrap();
}

#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn a_client_of_a_unix_socket_that_reads_nothing_is_disconnected() {
    let folder = Folder::new();
    // More than the buffers of a socket hold.
    const SIZE: usize = 8 << 20;
    folder.write("zoho-backup-status.js", "script");
    folder.write("widget_bg.wasm", vec![b'w'; SIZE]);
    let widget_files = Some(WidgetFiles::load(folder.path()).unwrap());
    let settings = Settings { widget_files, ..settings("https://zoho.invalid") };
    let gateway = Gateway::with_upstream(settings, FakeUpstream::scheduled());
    let path = folder.path().join("socket");
    let listener =
        Listener::bind(&Listen::Unix(SocketFile { path: path.clone(), group: None })).await.unwrap();
    // One connection at a time: the next is served when the first has ended.
    tokio::spawn(serve(listener, router(gateway), Limits { connections: 1, ..Limits::default() }, pending()));
    let mut unread = tokio::net::UnixStream::connect(&path).await.unwrap();
    unread.write_all(b"GET /widget_bg.wasm HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut next = tokio::net::UnixStream::connect(&path).await.unwrap();
    next.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();

    let started = Instant::now();
    let mut answer = String::new();
    next.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let took = started.elapsed();
    assert!(took >= LIMIT && took < LIMIT + Duration::from_secs(1), "{took:?}");
    let mut got = Vec::new();
    let _ = unread.read_to_end(&mut got).await;
    assert!(got.len() < SIZE, "the rest was not sent: {}", got.len());
}
