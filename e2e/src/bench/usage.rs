//! What a process has used, from /proc.

use anyhow::{Context, Result};
use std::{fs, time::Duration};

/// Clock ticks a second in /proc: the same on every Linux that Rust runs on.
const TICKS: u64 = 100;

/// The most memory that a process has held so far, KiB.
pub fn peak_memory(id: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|rest| rest.split_whitespace().next()).context("VmHWM")?;
    Ok(number.parse()?)
}

/// The processor time of a process, with that of its children which ended, and of those which live.
pub fn processor(id: u32) -> Duration {
    let mut ticks = of_one(id).map_or(0, |(_, ticks)| ticks);
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let other = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok());
        if let Some((parent, own)) = other.and_then(of_one)
            && parent == id
        {
            ticks += own;
        }
    }
    Duration::from_millis(ticks * 1_000 / TICKS)
}

/// Parent, and ticks of it and its children that ended.
fn of_one(id: u32) -> Option<(u32, u64)> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name before it may hold anything: fields 3 (state) and so on follow the last bracket.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
    let ticks = (14..=17).filter_map(field).sum();
    Some((u32::try_from(field(4)?).ok()?, ticks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_used_something() -> Result<()> {
        let before = processor(std::process::id());
        let mut number = 1u64;
        for n in 0..200_000_000u64 {
            number = std::hint::black_box(number.wrapping_mul(n | 1));
        }
        assert!(processor(std::process::id()) > before, "{number}");
        assert!(peak_memory(std::process::id())? > 1_000);
        Ok(())
    }
}
