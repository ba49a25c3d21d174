//! Paths, queries and methods.

use super::*;

refused! { other_paths_are_not_found: 404, "PATH_NOT_FOUND";
    the_root: to("/");
    an_unknown_path: to("/admin");
    the_token_endpoint: to("/oauth/v2/token");
    another_api_of_zoho: to("/crm/v6/users");
    an_older_version: to("/crm/bulk/v2/backup");
    a_newer_version: to("/crm/bulk/v8/backup");
    a_longer_path: to("/crm/bulk/v6/backup/urls");
    a_shorter_path: to("/crm/bulk/v6");
    a_longer_last_segment: to("/crm/bulk/v6/backups");
    a_shorter_last_segment: to("/crm/bulk/v6/backu");
    a_path_before_it: to("/x/crm/bulk/v6/backup");
    upper_case: to("/CRM/bulk/v6/backup");
    two_slashes_at_the_start: to("//crm/bulk/v6/backup");
    a_host_after_two_slashes: to("//evil.example/crm/bulk/v6/backup");
    two_slashes_within: to("/crm//bulk/v6/backup");
    a_slash_at_the_end: to("/crm/bulk/v6/backup/");
    two_slashes_at_the_end: to("/crm/bulk/v6/backup//");
    an_encoded_slash: to("/crm%2Fbulk/v6/backup");
    an_encoded_slash_in_lower_case: to("/crm/bulk/v6%2fbackup");
    an_encoded_slash_at_the_end: to("/crm/bulk/v6/backup%2F");
    an_encoded_letter: to("/crm/bulk/v6/%62ackup");
    a_slash_encoded_twice: to("/crm%252Fbulk/v6/backup");
    a_letter_encoded_twice: to("/crm/bulk/v6/%2562ackup");
    an_overlong_slash: to("/crm%C0%AFbulk/v6/backup");
    an_encoded_zero_at_the_end: to("/crm/bulk/v6/backup%00");
    an_encoded_line_end: to("/crm/bulk/v6/backup%0d%0aX:%20y");
    an_encoded_query: to("/crm/bulk/v6/backup%3Fa=b");
    an_encoded_fragment: to("/crm/bulk/v6/backup%23");
    a_dot_segment: to("/crm/bulk/v6/./backup");
    a_dot_segment_at_the_start: to("/./crm/bulk/v6/backup");
    a_parent_segment: to("/x/../crm/bulk/v6/backup");
    a_parent_segment_at_the_end: to("/crm/bulk/v6/backup/..");
    parent_segments_after_it: to("/crm/bulk/v6/backup/../../../v6/users");
    an_encoded_parent_segment: to("/x/%2e%2e/crm/bulk/v6/backup");
    a_parent_segment_with_a_semicolon: to("/..;/crm/bulk/v6/backup");
    a_parent_segment_with_a_semicolon_inside: to("/crm/bulk/v6/x/..;/backup");
    a_parameter: to("/crm/bulk/v6/backup;a=b");
    an_empty_parameter: to("/crm/bulk/v6;/backup");
    a_path_below_the_health_check: to("/healthz/crm/bulk/v6/backup");
    a_widget_file_if_none_are_served: to("/zoho-backup-status.js");
    the_asterisk_form: request("OPTIONS", "*", "").into();
}

fn at_the_token_endpoint(method: &str) -> Vec<u8> {
    request(method, TOKEN_PATH, &format!("content-length: 0\r\norigin: {}\r\n", LISTED[0])).into()
}

refused! { other_paths_are_not_found_with_any_method: 404, "PATH_NOT_FOUND";
    post: at_the_token_endpoint("POST");
    put: at_the_token_endpoint("PUT");
    delete: at_the_token_endpoint("DELETE");
    options: at_the_token_endpoint("OPTIONS");
}

fn overridden(method: &str, headers: &str) -> Vec<u8> {
    request(method, BACKUP, &format!("content-length: 0\r\n{headers}")).into()
}

refused! { other_methods_are_not_allowed: 405, "METHOD_NOT_ALLOWED";
    post: by("POST");
    put: by("PUT");
    delete: by("DELETE");
    patch: by("PATCH");
    trace: by("TRACE");
    propfind: by("PROPFIND");
    query: by("QUERY");
    an_unknown_method: by("BACKUP");
    get_in_lower_case: by("get");
    post_from_a_page_that_may_ask: overridden("POST", "origin: https://portal.example\r\n");
    post_that_would_be_get: overridden("POST", "x-http-method-override: GET\r\n");
    post_that_would_be_get_by_another_name: overridden("POST", "x-method-override: GET\r\n");
    post_that_would_be_get_by_a_third_name: overridden("POST", "x-http-method: GET\r\n");
    post_with_a_query_that_would_make_it_get: request("POST", "/crm/bulk/v6/backup?_method=GET", "").into();
    post_with_a_form: [request("POST", BACKUP, "content-length: 11\r\n"), "_method=GET".into()].concat().into();
    post_without_its_body: request("POST", BACKUP, "content-length: 1000000\r\n").into();
}

#[tokio::test]
async fn a_refused_method_is_answered_with_the_allowed_ones() {
    let gateway = Running::to(FakeUpstream::scheduled()).await;
    for (path, allowed) in [(BACKUP, "GET, HEAD, OPTIONS"), ("/healthz", "GET, HEAD")] {
        let reply = gateway.send(request("POST", path, "content-length: 0\r\n")).await;
        assert_eq!(
            (reply.header("allow"), &*reply.envelope()),
            (Some(allowed), "METHOD_NOT_ALLOWED"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_health_check_does_not_ask_zoho_and_allows_only_reading() {
    let sandbox = zoho().await;
    let gateway = Running::before(&sandbox).await;
    let reply = gateway.send(request("GET", "/healthz", "")).await;
    assert_eq!((reply.status, reply.text()), (200, "ok\n"));
    for method in ["POST", "OPTIONS", "DELETE"] {
        let reply = gateway.send(request(method, "/healthz", "content-length: 0\r\n")).await;
        assert_eq!((reply.status, reply.header("allow")), (405, Some("GET, HEAD")), "{method}");
        assert_eq!(reply.envelope(), "METHOD_NOT_ALLOWED");
    }
    assert_eq!(sandbox.record().all().len(), 0);
    is_served(&gateway, &sandbox).await;
}

refused! { a_query_is_not_allowed: 400, "INVALID_QUERY";
    an_empty_one: to("/crm/bulk/v6/backup?");
    a_parameter: to("/crm/bulk/v6/backup?a=b");
    a_query_that_bypasses_caches: to("/crm/bulk/v6/backup?1658809725");
    another_target: to("/crm/bulk/v6/backup?url=http://evil.example/");
    a_path: to("/crm/bulk/v6/backup?/../users");
    two_question_marks: to("/crm/bulk/v6/backup??");
    in_a_preflight: request("OPTIONS", "/crm/bulk/v6/backup?a=b", "").into();
}
