//! Which rows of which list somebody sees.

/// Who is a party to a row, in SQL: `$1` are the accounts whose own data somebody may see, `$2` those as which he has
/// to do with the data of others; both null for whoever sees all. The tables have the names that the statements give
/// them. Each names the columns that are compared with `$1`, those with `$2`, and what else lets somebody see a row.
macro_rules! seen {
    // Which organisations there are, and with which roles, is no secret to those who sign in; that somebody is a
    // patient is.
    (participants) => {
        $crate::sight::seen!(@ ["p.account"] ["p.account"] ["(p.roles <> 0 and p.roles & 1 = 0)"])
    };
    (mandates) => { $crate::sight::seen!(@ ["m.subject", "m.agent"] ["m.subject"] []) };
    (successions) => { $crate::sight::seen!(@ ["u.subject", "u.successor"] [] []) };
    (grants) => { $crate::sight::seen!(@ ["g.owner", "g.granted_by"] ["g.grantee"] []) };
    (denials) => { $crate::sight::seen!(@ ["d.owner"] ["d.requester"] []) };
    (delegations) => { $crate::sight::seen!(@ ["d.owner", "d.delegate"] [] []) };
    (emergency_windows) => {
        $crate::sight::seen!(@ ["w.patient", "w.opened_by"] ["w.provider"] [])
    };
    (emergency_bars) => { $crate::sight::seen!(@ ["e.key"] [] []) };
    (sanctions) => { $crate::sight::seen!(@ ["s.provider"] ["s.provider"] []) };
    (access_log) => { $crate::sight::seen!(@ ["a.owner", "a.asked_by"] ["a.requester"] []) };
    // Of the whole log, which nobody else sees.
    (access_log_head) => { $crate::sight::seen!(@ ["a.owner"] [] []) };
    (proposals) => { $crate::sight::seen!(@ ["p.owner", "p.proposed_by"] ["p.requester"] []) };
    (erasures) => { $crate::sight::seen!(@ ["e.owner"] ["e.requester"] []) };
    // Each half of the patient's has an index.
    (reports) => {
        $crate::sight::seen!(@
            ["r.owner", "r.doctor"]
            ["r.owner", "r.doctor"]
            [
                "(r.patient = any($1) and r.patient_signed_at_ms is not null)",
                "(r.patient = any($1) and r.patient_signed_at_ms is null)",
            ])
    };
    (report_audits) => {
        $crate::sight::seen!(@
            ["a.owner", "a.auditor"]
            ["a.owner"]
            ["exists (
                select from reports r
                where r.owner = a.owner and r.series = a.series and r.patient = any($1)
            )"])
    };
    (rewards) => { $crate::sight::seen!(@ ["r.account"] ["r.account"] []) };
    (reward_budgets) => { $crate::sight::seen!(@ ["u.requester"] ["u.requester"] []) };
    (reward_budget_movements) => { $crate::sight::seen!(@ ["m.requester"] ["m.requester"] []) };
    (reward_accruals) => { $crate::sight::seen!(@ ["a.owner"] ["a.requester", "a.sponsor"] []) };
    (reward_unfunded) => { $crate::sight::seen!(@ ["u.owner"] ["u.requester"] []) };
    (reward_withdrawals) => { $crate::sight::seen!(@ ["w.owner", "w.paid_to"] ["w.owner"] []) };
    (token_balances) => { $crate::sight::seen!(@ ["t.account"] ["t.account"] []) };
    (token_receipts) => { $crate::sight::seen!(@ ["r.account"] ["r.account"] []) };
    (carbon_balances) => { $crate::sight::seen!(@ ["c.owner"] ["c.owner"] []) };
    (carbon_approvals) => {
        $crate::sight::seen!(@ ["a.owner", "a.operator"] ["a.owner", "a.operator"] [])
    };
    (carbon_escrows) => {
        $crate::sight::seen!(@ ["e.owner", "e.operator"] ["e.owner", "e.operator"] [])
    };
    (carbon_accounts) => { $crate::sight::seen!(@ ["a.account"] ["a.account"] []) };
    (carbon_duties) => { $crate::sight::seen!(@ ["d.account"] ["d.account"] []) };
    (carbon_emission_reports) => {
        $crate::sight::seen!(@ ["r.account", "r.verifier"] ["r.account", "r.verifier"] [])
    };
    (carbon_surrenders) => { $crate::sight::seen!(@ ["s.account"] ["s.account"] []) };
    (carbon_standings) => { $crate::sight::seen!(@ ["s.account"] ["s.account"] []) };
    (@ [$($own:literal),*] [$($party:literal),*] [$($other:literal),* $(,)?]) => {
        concat!(
            "($1::bytea[] is null",
            $(" or ", $own, " = any($1)",)*
            $(" or ", $party, " = any($2)",)*
            $(" or ", $other,)*
            ")"
        )
    };
}
pub(crate) use seen;
