//! The program as it is deployed, with a sandbox that speaks TLS in place of Zoho.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use sandbox::{Account, Options, Sandbox, Tls};
use tokio::runtime::Runtime;

use crate::folder::Folder;
use crate::reply::Reply;

pub const PATH: &str = "/crm/bulk/v6/backup";
/// How long a test waits for what must happen.
const DEADLINE: Duration = Duration::from_secs(20);

/// A sandbox, and a folder for the files of one test.
pub struct Zoho {
    pub sandbox: Sandbox,
    pub folder: Folder,
    /// Runs the sandbox.
    _runtime: Runtime,
}

impl Zoho {
    pub fn start() -> Zoho {
        let (runtime, tls) = (Runtime::new().expect("a runtime"), Tls::new().expect("a certificate"));
        let folder = Folder::new();
        folder.write("ca.pem", tls.authority());
        let options = Options { account: Some(Account::default()), tls: Some(tls) };
        let sandbox = runtime.block_on(Sandbox::start_with(0, options)).expect("a free port");
        Zoho { sandbox, folder, _runtime: runtime }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with a valid configuration, to be started.
    pub fn program(&self) -> Command {
        self.program_by(Command::new(env!("CARGO_BIN_EXE_zoho-backup-proxy")))
    }

    /// The same, started by this command, which already names the program.
    pub fn program_by(&self, mut command: Command) -> Command {
        let Account { client_id, client_secret, refresh_token, .. } = Account::default();
        let origin = self.sandbox.origin();
        command
            .args(["--api-domain", &origin, "--accounts-server", &origin, "--client-id", &client_id])
            .env_clear()
            .env("ZOHO_BACKUP_CLIENT_SECRET", client_secret)
            .env("ZOHO_BACKUP_REFRESH_TOKEN", refresh_token)
            .env("SSL_CERT_FILE", self.path("ca.pem"))
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .stdin(Stdio::null());
        command
    }
}

/// A process of the program. It is killed when its handle is dropped.
pub struct Program {
    child: Child,
    log: Arc<(Mutex<Log>, Condvar)>,
}

#[derive(Default)]
struct Log {
    lines: Vec<String>,
    has_ended: bool,
}

impl Program {
    pub fn spawn(mut command: Command) -> Program {
        let mut child = command.spawn().expect("the program starts");
        let lines = BufReader::new(child.stderr.take().expect("a log")).lines();
        let log = Arc::<(Mutex<Log>, Condvar)>::default();
        let written = log.clone();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                written.0.lock().expect("no panic").lines.push(line);
                written.1.notify_all();
            }
            written.0.lock().expect("no panic").has_ended = true;
            written.1.notify_all();
        });
        Program { child, log }
    }

    /// Starts it, and waits until it listens. Returns where.
    pub fn start(command: Command) -> (Program, Place) {
        let program = Program::spawn(command);
        let place = program.place("answering at ");
        (program, place)
    }

    /// Where it listens by the log line with this text before the place.
    pub fn place(&self, text: &str) -> Place {
        let line = self.wait_for(text);
        let (_, place) = line.split_once(text).expect("it contains it");
        let place = place.trim_end_matches(['"', '}']);
        match place.strip_prefix("unix:") {
            Some(path) => Place::Unix(path.split('"').next().expect("a path").into()),
            None => {
                let address = place.strip_prefix("http://").and_then(|rest| rest.split('/').next());
                Place::Tcp(address.and_then(|address| address.parse().ok()).expect("an address"))
            }
        }
    }

    /// The first line with this text, as soon as there is one.
    pub fn wait_for(&self, text: &str) -> String {
        self.wait_for_nth(text, 1)
    }

    /// The nth line with this text, counted from 1.
    pub fn wait_for_nth(&self, text: &str, number: usize) -> String {
        let until = Instant::now() + DEADLINE;
        let mut log = self.log.0.lock().expect("no panic");
        loop {
            if let Some(line) = log.lines.iter().filter(|line| line.contains(text)).nth(number - 1) {
                return line.clone();
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(!log.has_ended && !left.is_zero(), "no {text:?} number {number} in {:#?}", log.lines);
            log = self.log.1.wait_timeout(log, left).expect("no panic").0;
        }
    }

    pub fn lines(&self) -> Vec<String> {
        self.log.0.lock().expect("no panic").lines.clone()
    }

    pub fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).expect("an id");
        kill(Pid::from_raw(id), signal).expect("it runs");
    }

    /// Waits for its end, and returns its whole log.
    pub fn wait(mut self) -> (ExitStatus, Vec<String>) {
        let status = wait_until("the program ends", || self.child.try_wait().expect("a child"));
        wait_until("the log ends", || self.log.0.lock().expect("no panic").has_ended.then_some(()));
        (status, self.lines())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Looks again and again until there is something, for as long as a test waits.
pub fn wait_until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + DEADLINE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < until, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

/// Where a gateway listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

/// A connection to it.
pub trait Stream: Read + Write + Send {}

impl<T: Read + Write + Send> Stream for T {}

impl Place {
    pub fn connect(&self) -> io::Result<Box<dyn Stream>> {
        let limit = Some(DEADLINE);
        Ok(match self {
            Place::Tcp(address) => {
                let stream = TcpStream::connect(address)?;
                stream.set_read_timeout(limit)?;
                Box::new(stream)
            }
            Place::Unix(path) => {
                let stream = UnixStream::connect(path)?;
                stream.set_read_timeout(limit)?;
                Box::new(stream)
            }
        })
    }

    /// Sends bytes, and returns everything up to the end of the connection.
    pub fn send(&self, request: impl AsRef<[u8]>) -> io::Result<Vec<u8>> {
        let mut stream = self.connect()?;
        stream.write_all(request.as_ref())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    }

    /// The response at this path.
    pub fn get(&self, path: &str) -> Reply {
        Reply::read(&self.send(get(path)).expect("an answer"))
    }
}

/// A request that ends its connection.
pub fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
}
