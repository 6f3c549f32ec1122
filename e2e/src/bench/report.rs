//! How results are printed.

use std::time::Duration;

/// Rows of what was measured.
#[derive(Default)]
pub struct Table(Vec<[String; 5]>);

impl Table {
    /// Adds what took so long for so many blocks and events.
    pub fn row(&mut self, what: &str, took: Duration, blocks: u64, events: u64, note: String) {
        let rate = |count: u64| format!("{:.0}", per_second(count, took));
        let seconds = format!("{:.2}", took.as_secs_f64());
        self.0.push([what.to_owned(), seconds, rate(blocks), rate(events), note]);
    }

    /// Prints it under a heading.
    pub fn print(&self, heading: &str) {
        println!();
        println!("{heading}");
        let head = ["", "seconds", "blocks/s", "events/s", ""].map(str::to_owned);
        for [what, seconds, blocks, events, note] in std::iter::once(&head).chain(&self.0) {
            let line = format!("  {what:<28}{seconds:>9}{blocks:>10}{events:>10}  {note}");
            println!("{}", line.trim_end());
        }
    }
}

/// What is compared with a goal; more is better.
pub struct Ratio {
    /// Its name.
    pub name: &'static str,
    /// What was measured.
    pub value: f64,
    /// What is wanted.
    pub goal: f64,
}

impl Ratio {
    /// How many times as fast as `other` something was that took so long.
    pub fn of(name: &'static str, took: Duration, other: Duration, goal: f64) -> Self {
        Self { name, value: other.as_secs_f64() / took.as_secs_f64(), goal }
    }

    /// Prints it in one line, for scripts.
    pub fn print(&self) {
        println!("ratio {} {:.2} goal {}", self.name, self.value, self.goal);
    }
}

/// How many a second.
pub fn per_second(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}
