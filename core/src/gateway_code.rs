//! The errors that the gateway itself answers with, as opposed to those of Zoho that it passes on. The gateway writes
//! them and the widget reads them, so both take them from here.

/// What `details.by` is in an error of the gateway's own: `{"code":…,"details":{"by":"zoho-backup-proxy"},…}`.
pub const GATEWAY: &str = "zoho-backup-proxy";

named_enum! {
    /// Why the gateway refused a request, or got no answer of Zoho. Each code has one meaning and one remedy.
    pub enum GatewayCode {
        /// The path does not allow this query.
        InvalidQuery = "INVALID_QUERY",
        /// There is not exactly one `Host` header, or it is not text.
        InvalidHost = "INVALID_HOST",
        /// The request target names a host, as requests to a forward proxy do.
        NotAProxy = "NOT_A_PROXY",
        /// The `Host` is not one of the gateway's own.
        HostNotAllowed = "HOST_NOT_ALLOWED",
        /// The page's `Origin` is not allowed.
        OriginNotAllowed = "ORIGIN_NOT_ALLOWED",
        /// A page of another site sent the request without an `Origin`.
        CrossSite = "CROSS_SITE",
        /// The path does not exist.
        PathNotFound = "PATH_NOT_FOUND",
        /// The path does not allow this method.
        MethodNotAllowed = "METHOD_NOT_ALLOWED",
        /// Too many requests are waiting for Zoho.
        TooManyWaiting = "TOO_MANY_WAITING",
        /// The accounts server refuses the client id or the client secret.
        ClientRefused = "CLIENT_REFUSED",
        /// The accounts server refuses the refresh token.
        RefreshTokenRefused = "REFRESH_TOKEN_REFUSED",
        /// The accounts server issues no token, for another reason.
        TokenRefused = "TOKEN_REFUSED",
        /// The accounts server has issued too many tokens.
        TooManyTokens = "TOO_MANY_TOKENS",
        /// A token is needed sooner than the gateway requests another.
        RenewalPaused = "RENEWAL_PAUSED",
        /// The file with the client secret cannot be read.
        ClientSecretUnreadable = "CLIENT_SECRET_UNREADABLE",
        /// The file with the refresh token cannot be read.
        RefreshTokenUnreadable = "REFRESH_TOKEN_UNREADABLE",
        /// The token is for another data centre than the API that is asked.
        WrongDataCenter = "WRONG_DATA_CENTER",
        /// The proxy between the gateway and Zoho cannot be reached, or refuses.
        UpstreamProxyFailed = "UPSTREAM_PROXY_FAILED",
        /// There is no connection to Zoho, or it breaks off.
        ZohoUnreachable = "ZOHO_UNREACHABLE",
        /// Zoho gave no complete answer in time.
        ZohoTimedOut = "ZOHO_TIMED_OUT",
        /// One of Zoho's servers failed (HTTP 5xx), without an error code.
        ZohoFailed = "ZOHO_FAILED",
        /// The API's answer is neither a backup document nor one of Zoho's errors.
        ApiAnswerUnreadable = "API_ANSWER_UNREADABLE",
        /// The accounts server's answer is neither a token nor one of its errors.
        AccountsAnswerUnreadable = "ACCOUNTS_ANSWER_UNREADABLE",
        /// The gateway itself failed.
        GatewayFailed = "GATEWAY_FAILED",
    }
}

impl GatewayCode {
    /// The gateway's setting to check: a flag, or the environment variable of a secret, which has no flag.
    pub const fn setting(self) -> Option<&'static str> {
        Some(match self {
            GatewayCode::HostNotAllowed => "--allowed-hosts",
            GatewayCode::OriginNotAllowed | GatewayCode::CrossSite => "--allowed-origins",
            GatewayCode::ClientRefused => "--client-id",
            GatewayCode::TokenRefused | GatewayCode::WrongDataCenter => "--data-center",
            GatewayCode::UpstreamProxyFailed => "--upstream-proxy",
            GatewayCode::RefreshTokenRefused => "ZOHO_BACKUP_REFRESH_TOKEN",
            GatewayCode::RefreshTokenUnreadable => "ZOHO_BACKUP_REFRESH_TOKEN_FILE",
            GatewayCode::ClientSecretUnreadable => "ZOHO_BACKUP_CLIENT_SECRET_FILE",
            GatewayCode::ApiAnswerUnreadable => "--api-domain",
            GatewayCode::AccountsAnswerUnreadable => "--accounts-server",
            GatewayCode::InvalidQuery
            | GatewayCode::InvalidHost
            | GatewayCode::NotAProxy
            | GatewayCode::PathNotFound
            | GatewayCode::MethodNotAllowed
            | GatewayCode::TooManyWaiting
            | GatewayCode::TooManyTokens
            | GatewayCode::RenewalPaused
            | GatewayCode::ZohoUnreachable
            | GatewayCode::ZohoTimedOut
            | GatewayCode::ZohoFailed
            | GatewayCode::GatewayFailed => return None,
        })
    }

    /// Whether it lasts until somebody changes something: see
    /// [`Fault::is_configuration`](crate::fault::Fault::is_configuration).
    pub const fn is_configuration(self) -> bool {
        match self {
            GatewayCode::InvalidQuery
            | GatewayCode::InvalidHost
            | GatewayCode::NotAProxy
            | GatewayCode::HostNotAllowed
            | GatewayCode::OriginNotAllowed
            | GatewayCode::CrossSite
            | GatewayCode::PathNotFound
            | GatewayCode::MethodNotAllowed
            | GatewayCode::ClientRefused
            | GatewayCode::RefreshTokenRefused
            | GatewayCode::WrongDataCenter
            | GatewayCode::ClientSecretUnreadable
            | GatewayCode::RefreshTokenUnreadable => true,
            // Networks, servers and quotas recover, and what is not understood may pass.
            GatewayCode::TooManyWaiting
            | GatewayCode::TokenRefused
            | GatewayCode::TooManyTokens
            | GatewayCode::RenewalPaused
            | GatewayCode::UpstreamProxyFailed
            | GatewayCode::ZohoUnreachable
            | GatewayCode::ZohoTimedOut
            | GatewayCode::ZohoFailed
            | GatewayCode::ApiAnswerUnreadable
            | GatewayCode::AccountsAnswerUnreadable
            | GatewayCode::GatewayFailed => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_by_itself_is_no_matter_of_configuration() {
        let passing = GatewayCode::ALL.iter().filter(|code| !code.is_configuration()).map(|code| code.name());
        let expected = [
            "TOO_MANY_WAITING",
            "TOKEN_REFUSED",
            "TOO_MANY_TOKENS",
            "RENEWAL_PAUSED",
            "UPSTREAM_PROXY_FAILED",
            "ZOHO_UNREACHABLE",
            "ZOHO_TIMED_OUT",
            "ZOHO_FAILED",
            "API_ANSWER_UNREADABLE",
            "ACCOUNTS_ANSWER_UNREADABLE",
            "GATEWAY_FAILED",
        ];
        assert_eq!(passing.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_setting_is_a_flag_or_a_variable_of_the_gateway() {
        let settings: Vec<_> = GatewayCode::ALL.iter().filter_map(|code| code.setting()).collect();
        assert_eq!(settings.len(), 12);
        for setting in settings {
            assert!(setting.starts_with("--") || setting.starts_with("ZOHO_BACKUP_"), "{setting}");
        }
    }
}
