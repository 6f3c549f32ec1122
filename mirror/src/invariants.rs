//! What holds between rows, which the schema cannot express: each invariant is a sentence and a query
//! for the rows that break it.
//!
//! Both stand in `invariants/<name>.sql`, the sentence as the comment that the file begins with.

use sqlx::PgConnection;

/// What holds between rows of a mirror after every block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invariant {
    /// Its name, which is that of its file.
    pub name: &'static str,
    /// The comment with the sentence, and the query: one text column, a row for each that breaks it.
    pub sql: &'static str,
}

/// A row that breaks an invariant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Name of the invariant.
    pub invariant: &'static str,
    /// Which row it is, and what is wrong with it.
    pub row: String,
}

impl Invariant {
    /// The invariant in words, and what of it is left to the writer since SQL cannot express it.
    #[must_use]
    pub fn sentence(&self) -> String {
        let comment = self.sql.lines().map_while(|line| line.strip_prefix("-- "));
        comment.collect::<Vec<_>>().join(" ")
    }

    /// The rows that break it.
    ///
    /// # Errors
    ///
    /// When the database fails, or its schema is not that of [`crate::MIGRATOR`].
    pub async fn violations(&self, db: &mut PgConnection) -> Result<Vec<Violation>, sqlx::Error> {
        let rows: Vec<String> = sqlx::query_scalar(self.sql).fetch_all(db).await?;
        Ok(rows.into_iter().map(|row| Violation { invariant: self.name, row }).collect())
    }
}

/// The rows that break any of [`INVARIANTS`]; empty: all hold.
///
/// Reads whole tables, so it is for tests, and for an operator who doubts a database. Ask it between
/// blocks: within one, what two contracts say of the same matter comes one after the other.
///
/// # Errors
///
/// When the database fails, or its schema is not that of [`crate::MIGRATOR`].
pub async fn violations(db: &mut PgConnection) -> Result<Vec<Violation>, sqlx::Error> {
    let mut violations = Vec::new();
    for invariant in INVARIANTS {
        violations.extend(invariant.violations(&mut *db).await?);
    }
    Ok(violations)
}

macro_rules! invariants {
    ($($name:literal,)*) => {
        /// All invariants, place first, then a contract after the other.
        pub const INVARIANTS: &[Invariant] = &[$(Invariant {
            name: $name,
            sql: include_str!(concat!("../invariants/", $name, ".sql")),
        },)*];
    };
}

invariants! {
    "watermark",
    "blocks",
    "projections",
    "positions",
    "raw_events",
    "codes",
    "one_writer",
    "references",
    "governance",
    "participants",
    "mandates",
    "guardianships",
    "successions",
    "keys",
    "guardian_acts",
    "agency",
    "grants",
    "epochs",
    "delegate_revocations",
    "denials",
    "restrictions",
    "log_chain",
    "log_basis",
    "emergencies",
    "emergency_refusals",
    "agreements",
    "reports",
    "report_audits",
    "reward_sums",
    "reward_budgets",
    "reward_pots",
    "reward_accesses",
    "reward_tariffs",
    "reward_backing",
    "token_sums",
    "token_freezes",
    "token_takeovers",
    "token_treasury",
    "carbon_numbers",
    "batch_sums",
    "holding_sums",
    "operators",
    "carbon_freezes",
    "periods",
    "duties",
    "duty_times",
    "settlements",
    "standings",
    "orders",
    "staff_trades",
    "order_escrow",
    "fills",
    "fill_legs",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_an_invariant_with_a_sentence() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/invariants");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        let mut named: Vec<String> =
            INVARIANTS.iter().map(|invariant| format!("{}.sql", invariant.name)).collect();
        named.sort();
        assert_eq!(files, named);
        for invariant in INVARIANTS {
            assert!(invariant.sentence().ends_with('.'), "{}", invariant.name);
        }
    }

    #[test]
    fn the_powers_that_are_known_are_those_of_the_contracts() {
        use assent_events::power;
        let mandates = include_str!("../invariants/mandates.sql");
        let (staff, guardian) = (power::ALL, power::GUARDIAN);
        let known = format!("then m.powers & ~{staff} <> 0 else m.powers <> {guardian} end");
        assert!(mandates.contains(&known), "{mandates}");
        // Those that are asked for, each of what it is for.
        let agency = include_str!("../invariants/agency.sql");
        for (act, power, times) in [
            ("a.asked_by::bytea) as agent,", power::ASK, 1),
            ("w.opened_by,", power::BREAK_GLASS, 1),
            ("(w.provider::bytea,", power::BREAK_GLASS, 1),
            ("(w.patient::bytea,", power::GUARDIAN, 1),
            ("r.anchored_by::bytea,", power::ANCHOR | power::GUARDIAN, 1),
            ("r.revoked_by,", power::ANCHOR | power::GUARDIAN, 1),
            ("r.patient_signed_by,", power::SIGN | power::GUARDIAN, 1),
            ("r.doctor_signed_by,", power::SIGN, 1),
            ("p.proposed_by,", power::SIGN, 1),
            ("p.withdrawn_by,", power::SIGN, 1),
            ("r.answered_by,", power::SIGN, 1),
            ("g.granted_by,", power::GUARDIAN, 1),
            ("substring(e.data from 33 for 32),", power::TRADE, 1),
            ("changed.by,", power::GUARDIAN, 1),
            ("        end for 32),", power::GUARDIAN, 1),
        ] {
            let asked = format!("{act} {power}");
            assert_eq!(agency.matches(&asked).count(), times, "{asked}");
        }
        // Who has one of these may not.
        let none = power::ALL | power::GUARDIAN;
        for (act, power) in [
            ("w.opened_by,", power::GUARDIAN),
            ("w.reviewed_by,", none),
            ("g.granted_by,", none),
            ("p.answered_by,", power::SIGN),
            ("f.filled_by,", power::TRADE),
            ("ruled.by,", power::GUARDIAN),
            ("decided.by,", power::GUARDIAN),
            ("p.proposed_by,", power::GUARDIAN),
            ("r.answered_by,", power::GUARDIAN),
            ("a.auditor,", none),
        ] {
            let asked = format!("{act} -{power}");
            assert_eq!(agency.matches(&asked).count(), 1, "{asked}");
        }
    }

    #[test]
    fn the_readme_lists_the_invariants_as_they_are() {
        let rows: String = INVARIANTS
            .iter()
            .map(|invariant| format!("| `{}` | {} |\n", invariant.name, invariant.sentence()))
            .collect();
        let readme = include_str!("../README.md");
        let (_, table) = readme.split_once("| Invariant | Says |\n|---|---|\n").unwrap();
        let (table, _) = table.split_once("\n\n").unwrap();
        assert_eq!(format!("{table}\n"), rows, "put these lines into mirror/README.md:\n{rows}");
    }
}
