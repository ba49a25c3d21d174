//! Prometheus' text format, version 0.0.4.

use std::fmt::{Display, Write};

use axum::http::HeaderValue;

/// The media type of the format.
pub const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

/// What a metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number that only grows while the process runs.
    Counter,
    /// A number that goes up and down.
    Gauge,
    /// Counts by upper bound.
    Histogram,
}

/// A metric: its name, what it is, and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// What it means: a sentence.
    pub help: &'static str,
}

/// One number of a metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// What follows the metric's name: nothing, or `_bucket`, `_sum` or `_count` of a histogram.
    pub suffix: &'static str,
    /// Its labels with their values.
    pub labels: Vec<(&'static str, String)>,
    /// The number.
    pub value: f64,
}

/// Metrics as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exposition(String);

impl Sample {
    /// A number with labels.
    pub fn new<const N: usize>(labels: [(&'static str, &dyn Display); N], value: f64) -> Sample {
        Sample { suffix: "", labels: labels.map(|(name, value)| (name, value.to_string())).into(), value }
    }
}

impl Exposition {
    /// Adds a metric. One without samples is left out: what is not known is absent.
    pub fn add(&mut self, metric: Metric, samples: impl IntoIterator<Item = Sample>) {
        let Metric { name, kind, help } = metric;
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        let mut samples = samples.into_iter().peekable();
        if samples.peek().is_none() {
            return;
        }
        let text = &mut self.0;
        // Writing to a string does not fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for Sample { suffix, labels, value } in samples {
            let labels: Vec<_> =
                labels.iter().map(|(label, value)| format!("{label}=\"{}\"", escape(value))).collect();
            let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
            let _ = writeln!(text, "{name}{suffix}{labels} {value}");
        }
    }

    /// The whole text.
    #[must_use]
    pub fn into_text(self) -> String {
        self.0
    }
}

/// The value of a label as it stands in quotes.
fn escape(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const METRIC: Metric = Metric { name: "a_total", kind: Kind::Counter, help: "What it counts." };

    #[test]
    fn a_metric_has_its_meaning_its_type_and_its_samples() {
        let mut exposition = Exposition::default();
        let labelled = Sample::new([("x", &"quote\" back\\slash new\nline"), ("y", &7)], 0.25);
        exposition.add(METRIC, [Sample::new([], 12.0), labelled]);
        assert_eq!(
            exposition.into_text(),
            "# HELP a_total What it counts.\n# TYPE a_total counter\na_total 12\n\
             a_total{x=\"quote\\\" back\\\\slash new\\nline\",y=\"7\"} 0.25\n"
        );
    }

    #[test]
    fn a_metric_without_samples_is_left_out() {
        let mut exposition = Exposition::default();
        exposition.add(METRIC, []);
        assert_eq!(exposition, Exposition::default());
    }
}
