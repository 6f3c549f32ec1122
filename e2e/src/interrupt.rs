//! The signals that ask a program to end. Whoever only dies of one leaves its folders behind.

use anyhow::{Context, Result};
use assent_client::setting::one_line;
use nix::{sys::signal::kill, unistd::Pid};
use std::{fmt, io, process::ExitCode};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Hears the signals from when it is made, also while nobody waits.
pub struct Interrupts {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
}

/// How a program ends that is done, or says in one line why it is not.
pub fn end(done: Result<ExitCode>) -> ExitCode {
    done.unwrap_or_else(|error| {
        eprintln!("error: {}", one_line(error.as_ref()));
        ExitCode::FAILURE
    })
}

/// A signal that asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interrupted {
    name: &'static str,
    kind: SignalKind,
}

impl Interrupts {
    /// Begins to listen. From here on the signals end nothing by themselves.
    pub fn listen() -> Result<Self> {
        let signals = || -> io::Result<Self> {
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
                hangup: signal(SignalKind::hangup())?,
            })
        };
        signals().context("signals cannot be listened to")
    }

    /// Waits for the next one.
    pub async fn next(&mut self) -> Interrupted {
        let (name, kind) = tokio::select! {
            _ = self.interrupt.recv() => ("SIGINT", SignalKind::interrupt()),
            _ = self.terminate.recv() => ("SIGTERM", SignalKind::terminate()),
            _ = self.hangup.recv() => ("SIGHUP", SignalKind::hangup()),
        };
        Interrupted { name, kind }
    }
}

impl Interrupted {
    /// Hands it on to another process, if that is there still.
    pub fn hand_on(self, process: u32) {
        let pid = i32::try_from(process).map(Pid::from_raw);
        if let (Ok(pid), Ok(signal)) = (pid, nix::sys::signal::Signal::try_from(self.number())) {
            kill(pid, signal).ok();
        }
    }

    fn number(self) -> i32 {
        self.kind.as_raw_value()
    }

    /// Says that everything is taken down because of it, and gives what a shell would see of a program
    /// that died of it.
    pub fn taken_down(self) -> ExitCode {
        println!("{self}: everything is taken down.");
        ExitCode::from(u8::try_from(128 + self.number()).unwrap_or(u8::MAX))
    }
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
