//! Says how the indexer gets on: a bar on a terminal, else a line every few seconds.

use std::io::{self, IsTerminal as _, Write};
use std::sync::LazyLock;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use tokio::time::{Instant, sleep_until};

use crate::store::{Block, Written};

/// How often a line says how it gets on.
const LINE: Duration = Duration::from_secs(5);
/// How often the bar does.
const BAR: Duration = Duration::from_millis(500);
/// Who is behind by more than so many blocks catches up; who is not follows.
const BEHIND: u64 = 256;

/// The bar's place on the terminal, which lines of the log have to leave.
static TERMINAL: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// Standard error for the lines of the log: they come out above the bar.
#[must_use]
pub fn stderr() -> impl Write {
    struct AboveTheBar;
    impl Write for AboveTheBar {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            TERMINAL.suspend(|| io::stderr().write(line))
        }

        fn flush(&mut self) -> io::Result<()> {
            io::stderr().flush()
        }
    }
    AboveTheBar
}

/// How the indexer gets on since it connected.
pub(crate) struct Progress {
    on_terminal: bool,
    bar: Option<ProgressBar>,
    caught_up: bool,
    span: Span,
}

/// What was written since it was last said.
#[derive(Debug, Clone)]
struct Span {
    since: Instant,
    blocks: u64,
    events: u64,
    undecoded: u64,
    /// The last block that was written.
    block: u64,
    finalized: u64,
}

impl Progress {
    /// Nothing was written yet since it connected.
    pub(crate) fn new() -> Self {
        Self {
            on_terminal: io::stderr().is_terminal(),
            bar: None,
            caught_up: false,
            span: Span::new(0, 0),
        }
    }

    /// Notes what was written, and says so if it is time.
    pub(crate) fn wrote(&mut self, blocks: &[Block], finalized: u64, written: &Written) {
        let Some(last) = blocks.last() else { return };
        self.span.add(blocks, finalized, written);
        if self.due().is_some_and(|due| due <= Instant::now()) {
            self.say();
        }
        if !self.caught_up && last.number >= finalized {
            self.caught_up = true;
            self.end_bar();
            tracing::info!(
                block_number = last.number,
                block_hash = %last.hash,
                "The indexer has caught up"
            );
        }
    }

    /// Waits until something is to be said by [`Self::say`]; for ever when there is nothing.
    pub(crate) async fn wait(&self) {
        match self.due() {
            Some(due) => sleep_until(due).await,
            None => std::future::pending().await,
        }
    }

    /// Says how it gets on.
    pub(crate) fn say(&mut self) {
        let span = &self.span;
        if !span.is_behind() {
            self.end_bar();
            self.span.say_events();
        } else if self.on_terminal {
            let from = span.block.saturating_sub(span.blocks);
            let bar = self.bar.get_or_insert_with(|| bar(from));
            bar.set_length(span.finalized);
            bar.set_position(span.block);
            bar.set_message(span.pace());
        } else {
            tracing::info!(
                block_number = span.block,
                finalized = span.finalized,
                events = span.events,
                undecoded = span.undecoded,
                "The indexer catches up: {}",
                span.pace()
            );
        }
        self.span = Span::new(self.span.block, self.span.finalized);
    }

    /// When something is to be said; an idle chain gives no reason.
    fn due(&self) -> Option<Instant> {
        let catches_up = self.span.is_behind();
        let every = if catches_up && self.on_terminal { BAR } else { LINE };
        let news = self.span.events > 0 || (catches_up && self.span.blocks > 0);
        news.then(|| self.span.since + every)
    }

    fn end_bar(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end_bar();
    }
}

impl Span {
    fn new(block: u64, finalized: u64) -> Self {
        let since = Instant::now();
        Self { since, blocks: 0, events: 0, undecoded: 0, block, finalized }
    }

    fn add(&mut self, blocks: &[Block], finalized: u64, written: &Written) {
        self.blocks += u64::try_from(blocks.len()).unwrap_or(u64::MAX);
        self.events += written.events;
        self.undecoded += written.undecoded;
        self.block = blocks.last().map_or(self.block, |last| last.number);
        self.finalized = finalized;
    }

    fn is_behind(&self) -> bool {
        self.finalized.saturating_sub(self.block) > BEHIND
    }

    fn say_events(&self) {
        if self.events > 0 {
            tracing::info!(
                block_number = self.block,
                blocks = self.blocks,
                events = self.events,
                undecoded = self.undecoded,
                "Events were written"
            );
        }
    }

    /// How fast it goes, and how long it takes at that.
    fn pace(&self) -> String {
        self.pace_over(self.since.elapsed())
    }

    fn pace_over(&self, time: Duration) -> String {
        let ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
        let a_second = |count: u64| count.saturating_mul(1_000) / ms;
        let (blocks, events) = (a_second(self.blocks), a_second(self.events));
        let ahead = self.finalized.saturating_sub(self.block);
        match ahead.saturating_mul(ms).checked_div(self.blocks) {
            Some(left) => format!("{blocks} blocks/s, {events} events/s, {} left", span_of(left)),
            None => format!("{blocks} blocks/s, {events} events/s"),
        }
    }
}

/// A time in words.
fn span_of(ms: u64) -> String {
    let seconds = ms.div_ceil(1_000);
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

fn bar(from: u64) -> ProgressBar {
    let template = ProgressStyle::with_template("[{bar:30}] block {pos} of {len}, {msg}");
    let style = template.unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = TERMINAL.add(ProgressBar::no_length().with_style(style.progress_chars("=> ")));
    bar.set_position(from);
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(blocks: u64, events: u64, block: u64, finalized: u64) -> Span {
        Span { since: Instant::now(), blocks, events, undecoded: 0, block, finalized }
    }

    #[test]
    fn the_pace_is_per_second_and_the_rest_takes_as_long_at_it() {
        let half = Duration::from_millis(500);
        let pace = |span: Span| span.pace_over(half);
        assert_eq!(pace(span(500, 20, 1_000, 11_000)), "1000 blocks/s, 40 events/s, 10 s left");
        assert_eq!(
            pace(span(500, 0, 1_000, 101_500)),
            "1000 blocks/s, 0 events/s, 1 min 41 s left"
        );
        assert_eq!(
            pace(span(1, 0, 1_000, 10_001_000)),
            "2 blocks/s, 0 events/s, 1388 h 53 min left"
        );
        assert_eq!(pace(span(0, 0, 1_000, 11_000)), "0 blocks/s, 0 events/s");
    }

    #[tokio::test]
    async fn a_line_is_due_every_few_seconds_and_none_on_an_idle_chain() {
        let on = |span| Progress { on_terminal: false, bar: None, caught_up: false, span };
        let after = |progress: &Progress| progress.due().map(|due| due - progress.span.since);
        let idle = on(span(300, 0, 1_000, 1_000));
        assert_eq!(after(&idle), None, "blocks without events are no news to who follows");
        let mut following = on(span(3, 2, 1_000, 1_000));
        assert_eq!(after(&following), Some(LINE));
        following.say();
        assert_eq!(after(&following), None);
        let mut catching_up = on(span(300, 0, 1_000, 9_000));
        assert_eq!(after(&catching_up), Some(LINE));
        let mut on_terminal = on(span(300, 0, 1_000, 9_000));
        on_terminal.on_terminal = true;
        assert_eq!(after(&on_terminal), Some(BAR));
        // What is overdue is not waited for.
        catching_up.span.since -= LINE;
        tokio::time::timeout(LINE / 2, catching_up.wait()).await.unwrap();
    }
}
