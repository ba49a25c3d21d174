//! One browser of one engine: the driver's process, and the session in it.

use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use thirtyfour::{Capabilities, WebDriver};

use crate::engine::Engine;

/// How long a driver may take until it listens.
const START: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub struct Browser {
    pub engine: Engine,
    // Declared before the driver and therefore dropped before it: the drop closes the browser if `quit` did not.
    web: WebDriver,
    driver: Driver,
}

impl Browser {
    /// Starts driver and browser.
    pub async fn start(engine: Engine, headed: bool) -> Result<Self> {
        let driver = Driver::start(engine, headed).await?;
        let capabilities = Capabilities::from(engine.capabilities(headed)?);
        let web = WebDriver::new(format!("http://127.0.0.1:{}", driver.port), capabilities)
            .await
            .with_context(|| format!("{} does not start", engine.name()))?;
        Ok(Self { engine, web, driver })
    }

    pub fn web(&self) -> &WebDriver {
        &self.web
    }

    /// Whether the session still answers.
    pub async fn is_alive(&self) -> bool {
        let answer = tokio::time::timeout(Duration::from_secs(5), self.web.title()).await;
        matches!(answer, Ok(Ok(_)))
    }

    pub async fn quit(self) {
        let Self { web, driver, .. } = self;
        // The end of the driver ends a browser that does not quit.
        let _ = tokio::time::timeout(Duration::from_secs(10), web.quit()).await;
        drop(driver);
    }
}

/// The driver's process.
#[derive(Debug)]
struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    async fn start(engine: Engine, headed: bool) -> Result<Self> {
        // A port that is free at this moment. Drivers differ in how they report a port of their own choice.
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut command = engine.driver(port, headed)?;
        let process = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A process group of its own, so that wrappers such as xvfb-run end with all their children.
            .process_group(0)
            .spawn()
            .with_context(|| format!("{} does not start", command.get_program().display()))?;
        let mut driver = Self { process, port };
        driver.wait_until_it_listens(engine).await?;
        Ok(driver)
    }

    async fn wait_until_it_listens(&mut self, engine: Engine) -> Result<()> {
        let started = Instant::now();
        while tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.is_err() {
            if let Some(status) = self.process.try_wait()? {
                bail!("the driver of {} ended with {status} before it listened", engine.name());
            }
            if started.elapsed() > START {
                bail!("the driver of {} does not listen within {START:?}", engine.name());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Ok(group) = i32::try_from(self.process.id()) {
            let _ = killpg(Pid::from_raw(group), Signal::SIGTERM);
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
