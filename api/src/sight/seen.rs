//! Which rows of which list somebody sees.

/// Who is a party to a row, in SQL: `$1` are the accounts whose own data somebody may see, `$2` those as which he has
/// to do with the data of others; both null for whoever sees all. The tables have the names that the statements give
/// them.
macro_rules! seen {
    // Which organisations there are, and with which roles, is no secret to those who sign in; that somebody is a
    // patient is.
    (participants) => {
        $crate::sight::seen!(@ "p.account = any($1) or p.account = any($2)
                or (p.roles <> 0 and p.roles & 1 = 0)")
    };
    (mandates) => {
        $crate::sight::seen!(@
            "m.subject = any($1) or m.subject = any($2) or m.agent = any($1)")
    };
    (successions) => { $crate::sight::seen!(@ "u.subject = any($1) or u.successor = any($1)") };
    (grants) => {
        $crate::sight::seen!(@
            "g.owner = any($1) or g.grantee = any($2) or g.granted_by = any($1)")
    };
    (denials) => { $crate::sight::seen!(@ "d.owner = any($1) or d.requester = any($2)") };
    (delegations) => { $crate::sight::seen!(@ "d.owner = any($1) or d.delegate = any($1)") };
    (emergency_windows) => {
        $crate::sight::seen!(@
            "w.patient = any($1) or w.provider = any($2) or w.opened_by = any($1)")
    };
    (emergency_bars) => { $crate::sight::seen!(@ "e.key = any($1)") };
    (sanctions) => { $crate::sight::seen!(@ "s.provider = any($1) or s.provider = any($2)") };
    (access_log) => {
        $crate::sight::seen!(@
            "a.owner = any($1) or a.requester = any($2) or a.asked_by = any($1)")
    };
    // Of the whole log, which nobody else sees.
    (access_log_head) => { $crate::sight::seen!(@ "a.owner = any($1)") };
    (proposals) => {
        $crate::sight::seen!(@
            "p.owner = any($1) or p.requester = any($2) or p.proposed_by = any($1)")
    };
    (erasures) => { $crate::sight::seen!(@ "e.owner = any($1) or e.requester = any($2)") };
    // Each half of the patient's has an index.
    (reports) => {
        $crate::sight::seen!(@
            "r.owner = any($1) or r.owner = any($2)
                or (r.patient = any($1) and r.patient_signed_at_ms is not null)
                or (r.patient = any($1) and r.patient_signed_at_ms is null)
                or r.doctor = any($1) or r.doctor = any($2)")
    };
    (report_audits) => {
        $crate::sight::seen!(@
            "a.owner = any($1) or a.owner = any($2) or a.auditor = any($1) or exists (
                select from reports r
                where r.owner = a.owner and r.series = a.series and r.patient = any($1)
            )")
    };
    (rewards) => { $crate::sight::seen!(@ "r.account = any($1) or r.account = any($2)") };
    (reward_budgets) => { $crate::sight::seen!(@ "u.requester = any($1) or u.requester = any($2)") };
    (reward_budget_movements) => {
        $crate::sight::seen!(@ "m.requester = any($1) or m.requester = any($2)")
    };
    (reward_accruals) => {
        $crate::sight::seen!(@
            "a.owner = any($1) or a.requester = any($2) or a.sponsor = any($2)")
    };
    (reward_unfunded) => { $crate::sight::seen!(@ "u.owner = any($1) or u.requester = any($2)") };
    (reward_withdrawals) => {
        $crate::sight::seen!(@
            "w.owner = any($1) or w.owner = any($2) or w.paid_to = any($1)")
    };
    (token_balances) => { $crate::sight::seen!(@ "t.account = any($1) or t.account = any($2)") };
    (token_receipts) => { $crate::sight::seen!(@ "r.account = any($1) or r.account = any($2)") };
    (carbon_balances) => { $crate::sight::seen!(@ "c.owner = any($1) or c.owner = any($2)") };
    (carbon_approvals) => {
        $crate::sight::seen!(@
            "a.owner = any($1) or a.owner = any($2) or a.operator = any($1)
                or a.operator = any($2)")
    };
    (carbon_escrows) => {
        $crate::sight::seen!(@
            "e.owner = any($1) or e.owner = any($2) or e.operator = any($1)
                or e.operator = any($2)")
    };
    (carbon_accounts) => { $crate::sight::seen!(@ "a.account = any($1) or a.account = any($2)") };
    (carbon_duties) => { $crate::sight::seen!(@ "d.account = any($1) or d.account = any($2)") };
    (carbon_emission_reports) => {
        $crate::sight::seen!(@
            "r.account = any($1) or r.account = any($2) or r.verifier = any($1)
                or r.verifier = any($2)")
    };
    (carbon_surrenders) => { $crate::sight::seen!(@ "s.account = any($1) or s.account = any($2)") };
    (carbon_standings) => { $crate::sight::seen!(@ "s.account = any($1) or s.account = any($2)") };
    (@ $party:literal) => { concat!("($1::bytea[] is null or ", $party, ")") };
}
pub(crate) use seen;
