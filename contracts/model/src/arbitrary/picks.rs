//! The numbers behind a message, and what a number stands for.

use super::ACCOUNTS;

/// A choice from this number on is one of all that there are, not of those that suit.
pub(super) const ANY: u8 = 200;
/// The choice that stands for none that there is.
pub(super) const UNKNOWN: u8 = u8::MAX;
/// How many numbers a step has: as many as most messages take.
pub(super) const NUMBERS: usize = 8;

/// The numbers of a step, one after the other. They are evenly distributed; what asks for one says
/// how likely its choices are, those first that most probably succeed. So the smaller a number is,
/// the better its choice, and of 0 it is the best.
pub(super) struct Picks {
    numbers: [u16; NUMBERS],
    taken: u16,
}

impl Picks {
    pub(super) fn new(numbers: [u16; NUMBERS]) -> Self {
        Self { numbers, taken: 0 }
    }

    /// The next number. A list takes more than there are: it begins anew, each time with other
    /// numbers, of which those are 0 that were.
    fn next(&mut self) -> u32 {
        let number = self.numbers[usize::from(self.taken) % NUMBERS];
        let round = self.taken / NUMBERS as u16;
        self.taken += 1;
        number.wrapping_mul(2 * round + 1).into()
    }

    /// Which of these shares the next number falls into, and how far: of 2^16.
    fn share<const N: usize>(&mut self, weights: [u32; N]) -> (usize, u32) {
        let mut at = self.next() * weights.iter().sum::<u32>();
        for (share, weight) in weights.into_iter().enumerate() {
            if at < weight << 16 {
                return (share, at / weight);
            }
            at -= weight << 16;
        }
        unreachable!("a number is below 2^16")
    }

    /// Any number below `end`.
    pub(super) fn below(&mut self, end: u8) -> u8 {
        scale(self.next(), end)
    }

    /// Yes, so many times of a hundred.
    pub(super) fn yes(&mut self, percent: u32) -> bool {
        self.share([percent, 100 - percent]).0 == 0
    }

    /// A choice: mostly of something that suits.
    pub(super) fn pick(&mut self) -> u8 {
        match self.share([9, 1]) {
            (0, at) => scale(at, 6),
            (_, at) => ANY + scale(at, ACCOUNTS as u8),
        }
    }

    /// A choice that often is the first one, so that much happens to it.
    pub(super) fn favourite(&mut self) -> u8 {
        match self.share([9, 9, 2]) {
            (0, _) => 0,
            (1, at) => scale(at, 6),
            (_, at) => ANY + scale(at, ACCOUNTS as u8),
        }
    }

    /// A choice of something that there is, rarely [`UNKNOWN`].
    pub(super) fn known(&mut self) -> u8 {
        match self.share([216, 24, 10]) {
            (0, at) => scale(at, 6),
            (1, at) => ANY + scale(at, ACCOUNTS as u8),
            _ => UNKNOWN,
        }
    }

    /// 0, or with a chance of one in `rarity` up to `most`, which may be a fault.
    pub(super) fn mostly_0(&mut self, rarity: u32, most: u8) -> u8 {
        match self.share([rarity - 1, 1]) {
            (0, _) => 0,
            (_, at) => scale(at, most + 1),
        }
    }

    /// One of the `good` first of these, rarely one of the others, which are faults.
    pub(super) fn sound<T: Copy, const N: usize>(&mut self, good: u8, all: [T; N]) -> T {
        let number = match self.share([11, 1]) {
            (0, at) => scale(at, good),
            (_, at) => good + scale(at, N as u8 - good),
        };
        all[usize::from(number)]
    }

    /// An amount of tokens: rarely `most`, which mostly is more than there are.
    pub(super) fn amount(&mut self, most: u128) -> u128 {
        match self.share([12, 4, 1]) {
            (0, at) => part(at, 121).into(),
            (1, at) => part(at, 6_001).into(),
            _ => most,
        }
    }

    /// A number of units: mostly some of those that are `there`, rarely all, one more, none or as
    /// many as a number can say.
    pub(super) fn units(&mut self, there: u128) -> u128 {
        let some = |number: u32| 1 + u128::from(number).checked_rem(there).unwrap_or(0);
        match self.share([20, 8, 4, 2, 1, 1]) {
            (0, at) => some(part(at, 3_001)),
            (1, at) => some(part(at, 30_001)),
            (2, _) => there,
            (3, _) => there.saturating_add(1),
            (4, _) => 0,
            _ => u128::MAX,
        }
    }

    /// How long a list is: mostly short, rarely empty or longer than is allowed.
    pub(super) fn length(&mut self) -> u8 {
        match self.share([6, 1]) {
            (0, at) => 1 + scale(at, 3),
            (_, at) => scale(at, 18),
        }
    }
}

/// As far below `end` as `at` is below 2^16.
fn part(at: u32, end: u32) -> u32 {
    (at * end) >> 16
}

fn scale(at: u32, end: u8) -> u8 {
    part(at, end.into()) as u8
}

#[cfg(test)]
mod tests {
    use super::{Picks, NUMBERS};

    #[test]
    fn of_0_every_choice_is_the_first_one_however_many_are_taken() {
        let mut picks = Picks::new([0; NUMBERS]);
        for _ in 0..20 {
            assert_eq!((picks.pick(), picks.known(), picks.mostly_0(3, 9)), (0, 0, 0));
            assert_eq!((picks.below(7), picks.sound(2, [5, 6, 7]), picks.yes(1)), (0, 5, true));
            assert_eq!((picks.amount(9), picks.units(9), picks.length()), (0, 1, 1));
        }
    }

    #[test]
    fn the_numbers_past_the_last_differ_from_the_first() {
        let mut picks = Picks::new([1_000; NUMBERS]);
        let rounds: Vec<u32> = (0..3 * NUMBERS).map(|_| picks.next()).step_by(NUMBERS).collect();
        assert_eq!(rounds, [1_000, 3_000, 5_000]);
    }
}
