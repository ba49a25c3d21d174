//! Secrets that are replaced or damaged while the gateway runs.

use super::*;

/// Both secrets in files of a temporary folder.
struct Files(PathBuf);

impl Files {
    fn new(name: &str, account: &Account) -> Files {
        let folder =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let files = Files(folder);
        files.write(account);
        files
    }

    fn write(&self, account: &Account) {
        std::fs::write(self.0.join("client-secret"), format!("{}\n", account.client_secret)).unwrap();
        std::fs::write(self.0.join("refresh-token"), format!("{}\n", account.refresh_token)).unwrap();
    }

    fn settings(&self, zoho: &Sandbox) -> Settings {
        Settings {
            client_secret: Source::file(self.0.join("client-secret")),
            refresh_token: Source::file(self.0.join("refresh-token")),
            ..without_cache(&zoho.origin())
        }
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn rotated() -> Account {
    Account {
        client_secret: "rotated-secret".into(),
        refresh_token: "1000.rotated".into(),
        ..Account::default()
    }
}

#[tokio::test]
async fn rotated_secrets_need_no_restart() {
    let (zoho, files) = (zoho().await, Files::new("rotated", &Account::default()));
    let running = Running::with(files.settings(&zoho)).await;
    running.get().await;
    skip(61).await;
    zoho.set_account(rotated());
    files.write(&rotated());
    assert_eq!(
        (running.get().await.status, request_counts(&zoho)),
        (200, (2, 1)),
        "the token outlives the rotation"
    );
    zoho.revoke_tokens();
    assert_eq!((running.get().await.status, request_counts(&zoho)), (200, (4, 2)));
}

#[tokio::test]
async fn secrets_rotated_late_work_within_a_minute() {
    let (zoho, files) = (zoho().await, Files::new("late", &Account::default()));
    let running = Running::with(files.settings(&zoho)).await;
    running.get().await;
    skip(61).await;
    zoho.set_account(rotated());
    zoho.revoke_tokens();
    let reply = running.get().await;
    assert_eq!((reply.status, reply.code().as_deref()), (502, Some("CLIENT_REFUSED")));
    files.write(&rotated());
    skip(61).await;
    assert_eq!((running.get().await.status, request_counts(&zoho).1), (200, 3));
}

#[tokio::test]
async fn an_unreadable_secret_is_reported_without_its_path() {
    let (zoho, files) = (zoho().await, Files::new("unreadable", &Account::default()));
    let running = Running::with(files.settings(&zoho)).await;
    std::fs::write(files.0.join("refresh-token"), " \n").unwrap();
    let reply = running.get().await;
    assert_eq!((reply.status, reply.code().as_deref()), (502, Some("REFRESH_TOKEN_UNREADABLE")));
    assert_eq!(
        (reply.message().as_str(), request_counts(&zoho)),
        ("The gateway cannot read its refresh token: correct its file.", (0, 0))
    );
    files.write(&Account::default());
    skip(61).await;
    assert_eq!(running.get().await.status, 200);
}
