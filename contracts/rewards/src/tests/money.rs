//! Five thousand pseudo-random operations, a quarter of the accruals in a pause, against plain
//! books of what each account was paid and took.

use super::*;
use std::collections::BTreeMap;

const ACCOUNTS: [AccountId; 5] = [ALICE, BOB, CAROL, DAVE, SPONSOR];
const CAP: u128 = 40;

/// What ought to be where.
#[derive(Default)]
struct Books {
    budgets: BTreeMap<AccountId, u128>,
    pots: BTreeMap<u8, (AccountId, u128)>,
    owed: BTreeMap<AccountId, u128>,
    paid: u128,
    held: u128,
    /// When it was that the three earned, the latest time.
    earned: BTreeMap<(AccountId, AccountId, u8), u64>,
    /// Since when, and what, a requester spent of a purpose's pot.
    spent: BTreeMap<(u8, AccountId), (u64, u128)>,
}

impl Books {
    fn accrue(&mut self, event: &Accrued, now: u64) {
        let Accrued { owner, requester, purpose, amount, sponsor, at, .. } = *event;
        assert_eq!(at, now);
        let before = self.earned.insert((owner, requester, purpose), now);
        assert!(before.is_none_or(|before| now >= before + PERIOD), "once in a period");
        if let Some(sponsor) = sponsor {
            let (named, balance) = self.pots.get_mut(&purpose).unwrap();
            assert_eq!(*named, sponsor);
            *balance -= amount;
            let spent = self.spent.entry((purpose, requester)).or_insert((now, 0));
            if now >= spent.0 + PERIOD {
                *spent = (now, 0);
            }
            spent.1 += amount;
            assert!(spent.1 <= CAP, "no more than the cap");
        } else {
            *self.budgets.get_mut(&requester).unwrap() -= amount;
        }
        *self.owed.entry(owner).or_default() += amount;
    }

    fn replace(&mut self, purpose: u8, sponsor: Option<AccountId>) {
        if let Some((previous, balance)) = self.pots.remove(&purpose) {
            *self.owed.entry(previous).or_default() += balance;
        }
        if let Some(sponsor) = sponsor {
            self.pots.insert(purpose, (sponsor, 0));
            self.spent.retain(|(other, _), _| *other != purpose);
        }
    }

    fn check(&self, data: &Data) {
        let budgets: u128 = self.budgets.values().sum();
        let pots: u128 = self.pots.values().map(|(_, balance)| balance).sum();
        let owed: u128 = self.owed.values().sum();
        assert_eq!(data.totals(), totals(budgets, pots, owed, self.paid));
        assert_eq!(data.remainder(self.held), Ok(0));
        for account in ACCOUNTS {
            let budget = self.budgets.get(&account).copied().unwrap_or_default();
            assert_eq!(data.budget(account), budget);
            let owed = self.owed.get(&account).copied().unwrap_or_default();
            assert_eq!(data.statement(account).owed, owed);
        }
        for purpose in [TREATMENT, RESEARCH] {
            let pot = data.pot(purpose).map(|pot| (pot.sponsor, pot.balance));
            assert_eq!(pot, self.pots.get(&purpose).copied());
        }
    }
}

#[ink::test]
fn money_is_where_it_was_put_until_it_is_earned_or_taken_back() {
    let mut data = data();
    let mut books = Books::default();
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut random = move |bound: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % bound
    };
    let (mut now, mut answers) = (NOW, [0u32; 5]);
    for number in 1..=5_000 {
        now += random(10);
        let account = ACCOUNTS[random(5) as usize];
        let other = ACCOUNTS[random(5) as usize];
        let purpose = random(2) as u8;
        let amount = u128::from(random(60));
        match random(16) {
            0 => {
                if data.fund(account, other, amount).is_ok() {
                    *books.budgets.entry(other).or_default() += amount;
                    books.held += amount;
                }
            }
            1 => {
                if data.withdraw_budget(account, amount).is_ok() {
                    *books.budgets.get_mut(&account).unwrap() -= amount;
                    books.held -= amount;
                }
            }
            2 | 3 => {
                let sponsor = books.pots.get(&purpose).map_or(account, |(sponsor, _)| *sponsor);
                if data.sponsor(sponsor, purpose, amount, CAP).is_ok() {
                    books.pots.get_mut(&purpose).unwrap().1 += amount;
                    books.held += amount;
                }
            }
            4 => {
                if data.withdraw_pot(account, purpose, amount).is_ok() {
                    books.pots.get_mut(&purpose).unwrap().1 -= amount;
                    books.held -= amount;
                }
            }
            5 if random(4) == 0 => {
                let sponsor = (random(3) > 0).then_some(account);
                if data.set_sponsor(purpose, sponsor).is_ok() {
                    books.replace(purpose, sponsor);
                }
            }
            6 => {
                let to = if random(2) == 0 { account } else { other };
                if let Ok(event) = data.withdraw_to(account, CONTRACT, to) {
                    assert_eq!(books.owed.insert(account, 0), Some(event.amount));
                    books.paid += event.amount;
                    books.held -= event.amount;
                }
            }
            7 => {
                let (amount, required) = (amount / 2, purpose == RESEARCH && random(2) == 0);
                data.set_tariff(now, 30, purpose, Tariff { amount, required }).unwrap();
            }
            _ => {
                let access = Access { owner: account, requester: other, purpose, number };
                let paused = random(4) == 0;
                let booking = data.accrue(CONSENT, now, paused, access).unwrap();
                if let Booking::Paid(event) = &booking {
                    assert!(!paused);
                    books.accrue(event, now);
                    answers[usize::from(event.sponsor.is_some())] += 1;
                }
                match booking.answer() {
                    Accrual::Earned(_) => {}
                    Accrual::Nothing => answers[2] += 1,
                    Accrual::Unfunded => answers[3] += 1,
                    Accrual::Declined => answers[4] += 1,
                }
            }
        }
        books.check(&data);
    }
    assert!(answers.iter().all(|count| *count > 50), "{answers:?}");
}
