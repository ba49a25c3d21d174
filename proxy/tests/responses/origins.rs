//! Which origins may read a response.

use super::*;

#[tokio::test]
async fn no_response_is_readable_from_other_origins() {
    for Case { name, upstream, request, .. } in cases() {
        let gateway = Running::to(upstream.clone()).await;
        for origin in ["https://evil.example", "null", "https://portal.example.evil.example"] {
            let reply = gateway.send(request(&format!("origin: {origin}\r\n"))).await;
            assert_eq!(cors(&reply), [], "{name} from {origin}");
            for (header, value) in ALWAYS {
                assert_eq!(reply.header(header), Some(value), "{header} of {name} from {origin}");
            }
        }
        assert_eq!(upstream.request_count(), 0, "{name}");
    }
}

#[tokio::test]
async fn a_preflight_is_answered_without_asking_zoho() {
    let upstream = FakeUpstream::scheduled();
    let gateway = Running::to(upstream.clone()).await;
    let asks = "access-control-request-method: GET\r\naccess-control-request-headers: x-anything\r\n";
    let reply =
        gateway.send(request("OPTIONS", BACKUP, &format!("origin: https://portal.example\r\n{asks}"))).await;
    assert_eq!((reply.status, reply.text()), (204, ""));
    assert_eq!(
        cors(&reply),
        [
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-methods", "GET, HEAD"),
            ("access-control-allow-origin", "https://portal.example"),
            ("access-control-expose-headers", EXPOSED),
            ("access-control-max-age", "600"),
        ]
    );
    let reply =
        gateway.send(request("OPTIONS", BACKUP, &format!("origin: https://evil.example\r\n{asks}"))).await;
    assert_eq!((reply.status, cors(&reply)), (403, vec![]));
    assert_eq!(upstream.request_count(), 0);
}

#[tokio::test]
async fn any_origin_may_read_if_configured_but_without_credentials() {
    let upstream = FakeUpstream::scheduled();
    let settings = Settings { origins: Origins::Any, ..settings("https://zoho.invalid") };
    let gateway = Running::start(Gateway::with_upstream(settings, upstream.clone())).await;
    for origin in ["null", "https://a.example\r\norigin: https://a.example"] {
        let reply = gateway.send(get(&format!("origin: {origin}\r\n"))).await;
        assert_eq!((reply.status, reply.envelope().as_str()), (403, "ORIGIN_NOT_ALLOWED"), "{origin}");
        assert_eq!(cors(&reply), [], "{origin}");
    }
    let reply = gateway.send(get("sec-fetch-site: cross-site\r\n")).await;
    assert_eq!((reply.status, upstream.request_count()), (403, 0), "an image of any page");
    for origin in ["https://a.example", "http://b.example:1", "moz-extension://c"] {
        let reply = gateway.send(get(&format!("origin: {origin}\r\n"))).await;
        assert_eq!(reply.status, 200);
        let expected = [("access-control-allow-origin", "*"), ("access-control-expose-headers", EXPOSED)];
        assert_eq!(cors(&reply), expected, "{origin}");
        assert_eq!(reply.header("vary"), Some("Origin"));
    }
}

#[tokio::test]
async fn without_listed_origins_only_pages_of_the_gateways_own_origin_may_read() {
    let settings = Settings { origins: Origins::Listed(vec![]), ..settings("https://zoho.invalid") };
    let gateway = Running::start(Gateway::with_upstream(settings, FakeUpstream::scheduled())).await;
    assert_eq!(gateway.send(get("origin: https://portal.example\r\n")).await.status, 403);
    let reply = gateway.send(get("sec-fetch-site: same-origin\r\n")).await;
    assert_eq!((reply.status, cors(&reply)), (200, vec![]));
}
