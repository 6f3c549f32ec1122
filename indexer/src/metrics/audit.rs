//! Figures of the audit in the background; there are none before the first one.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::gauge::ConstGauge;

use super::{figure, now_ms};
use crate::store::Audited;

/// What the audit knows, once it knows something.
#[derive(Debug, Clone, Default)]
pub(super) struct AuditFigures(Arc<Mutex<Option<Audited>>>);

impl AuditFigures {
    /// Takes what is known.
    pub(super) fn set(&self, audited: &Audited) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(audited.clone());
    }
}

impl Collector for AuditFigures {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let audited = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Audited { block, sample, began_ms, passed_ms, findings, left_out }) = &*audited
        else {
            return Ok(());
        };
        let age = now_ms().saturating_sub(passed_ms.unwrap_or(*began_ms)) / 1_000;
        let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        for (name, help, value) in [
            (
                "audit_age_seconds",
                "Time since an audit in the background last found nothing wrong, or since the first one \
                 began if none did yet",
                age,
            ),
            (
                "audit_block",
                "Last block up to which all blocks were compared with the node's",
                *block,
            ),
            (
                "audit_findings",
                "Checks in the background that find something wrong",
                count(findings.len()),
            ),
            ("audit_left_out", "Checks that the last audit did not make", count(left_out.len())),
            (
                "audit_sample_rows",
                "Rows of each table that the contracts are asked for",
                u64::from(*sample),
            ),
        ] {
            let gauge = ConstGauge::new(figure(value));
            let metric = encoder.encode_descriptor(
                name,
                help,
                None,
                prometheus_client::metrics::MetricType::Gauge,
            )?;
            gauge.encode(metric)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::metrics::Metrics;
    use crate::store::Finding;

    #[test]
    fn an_audit_has_an_age_from_its_last_success_or_from_its_start() {
        let metrics = Metrics::default();
        assert!(!metrics.text().unwrap().contains("audit_"), "nothing is known yet");
        let finding = Finding { says: "wrong".to_owned(), row: None };
        let mut audited = Audited {
            block: 42,
            sample: 3,
            began_ms: now_ms() - 5_000_000,
            passed_ms: None,
            findings: BTreeMap::from([("blocks".to_owned(), finding)]),
            left_out: BTreeMap::new(),
        };
        metrics.audited(&audited);
        let text = metrics.text().unwrap();
        for expected in [
            "assent_indexer_audit_block 42",
            "assent_indexer_audit_findings 1",
            "assent_indexer_audit_left_out 0",
            "assent_indexer_audit_sample_rows 3",
        ] {
            assert!(text.lines().any(|line| line == expected), "{expected}: {text}");
        }
        let age = |text: &str| {
            let age = text
                .lines()
                .find_map(|line| line.strip_prefix("assent_indexer_audit_age_seconds "));
            age.unwrap().parse::<u64>().unwrap()
        };
        assert!((5_000..5_100).contains(&age(&text)), "{text}");
        audited.passed_ms = Some(now_ms() - 60_000);
        metrics.audited(&audited);
        assert!((60..100).contains(&age(&metrics.text().unwrap())));
    }
}
