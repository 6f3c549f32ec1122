//! The signals that ask a program to end. Whoever only dies of one leaves its folders behind.

use anyhow::{Context, Result};
use nix::{sys::signal::kill, unistd::Pid};
use std::{fmt, io};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Hears the signals from when it is made, also while nobody waits.
pub struct Interrupts {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
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

    /// What a shell would see of a program that died of it.
    pub fn exit_code(self) -> u8 {
        u8::try_from(128 + self.number()).unwrap_or(u8::MAX)
    }
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
