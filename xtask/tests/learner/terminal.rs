//! A real terminal, held by the test instead of a person.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

/// A program at a terminal.
pub(crate) struct Terminal {
    keyboard: File,
    line: File,
    screen: Arc<Mutex<String>>,
    child: Child,
}

impl Terminal {
    /// Starts `command` at a new terminal of usual size.
    pub(crate) fn start(mut command: Command) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&master).expect("a terminal of one's own");
        unlockpt(&master).expect("a terminal that can be opened");
        let name = ptsname(&master, Vec::new()).expect("it has a name");
        let name = name.to_str().expect("UTF-8").to_owned();
        let line = OpenOptions::new()
            .read(true)
            .write(true)
            .open(name)
            .expect("can be opened");
        let size = Winsize {
            ws_row: 40,
            ws_col: 100,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&line, size).expect("has a size");
        let keyboard = File::from(master);
        let end = || Stdio::from(line.try_clone().expect("can be shared"));
        command
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .env("TERM", "xterm");
        let child = command.spawn().expect("it starts");
        let screen = Arc::new(Mutex::new(String::new()));
        let (shown, mut reader) = (screen.clone(), keyboard.try_clone().expect("can be shared"));
        thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(read @ 1..) = reader.read(&mut chunk) {
                let text = String::from_utf8_lossy(&chunk[..read]);
                shown.lock().expect("is not broken").push_str(&text);
            }
        });
        Self {
            keyboard,
            line,
            screen,
            child,
        }
    }

    /// Presses keys.
    pub(crate) fn press(&mut self, keys: &str) {
        self.keyboard
            .write_all(keys.as_bytes())
            .expect("can be written");
    }

    /// Everything shown so far.
    pub(crate) fn screen(&self) -> String {
        self.screen.lock().expect("is not broken").clone()
    }

    /// Waits until `text` is shown behind the first `from` bytes; returns how much is shown then.
    #[track_caller]
    pub(crate) fn wait_for(&self, from: usize, text: &str, limit: Duration) -> usize {
        let began = Instant::now();
        loop {
            let screen = self.screen();
            if screen.get(from..).is_some_and(|rest| rest.contains(text)) {
                return screen.len();
            }
            assert!(began.elapsed() < limit, "`{text}` was not shown:\n{screen}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for the program's end and says whether the terminal is as it was.
    #[track_caller]
    pub(crate) fn ends(mut self) -> (Option<i32>, String) {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("can be waited for") {
                break status;
            }
            if began.elapsed() > Duration::from_secs(30) {
                self.child.kill().expect("can be ended");
                panic!("it did not end:\n{}", self.screen());
            }
            thread::sleep(Duration::from_millis(5));
        };
        let modes = tcgetattr(&self.line).expect("has modes").local_modes;
        assert!(
            modes.contains(LocalModes::ECHO | LocalModes::ICANON),
            "the terminal was not given back: {modes:?}"
        );
        (status.code(), self.screen())
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([name, &id]).status();
        assert!(sent.expect("kill can be started").success());
    }
}
