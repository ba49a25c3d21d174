//! Lists with weights, as clients write what they accept: `gzip;q=0.5, br` (RFC 9110, section 12.4.2).

use axum::http::{HeaderMap, HeaderName};

/// The entries of such a header in their order: names in lower case, with their weights in thousandths. Entries that are
/// not valid do not count.
pub fn entries(request: &HeaderMap, header: &HeaderName) -> impl Iterator<Item = (String, u16)> {
    let lines = request.get_all(header).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).filter_map(read_entry)
}

/// The first of the entries with the greatest weight; `None` if each weight is 0.
pub fn heaviest<T>(weighed: impl Iterator<Item = (T, u16)>) -> Option<(T, u16)> {
    weighed.filter(|(_, weight)| *weight > 0).reduce(|best, next| if next.1 > best.1 { next } else { best })
}

/// Reads `gzip;q=0.5`.
fn read_entry(entry: &str) -> Option<(String, u16)> {
    let (name, weight) = entry.split_once(';').map_or((entry, None), |(name, weight)| (name, Some(weight)));
    let name = name.trim().to_ascii_lowercase();
    let weight = weight.map_or(Some(1_000), |weight| {
        let weight = weight.trim();
        read_weight(weight.strip_prefix("q=").or_else(|| weight.strip_prefix("Q="))?)
    })?;
    (!name.is_empty()).then_some((name, weight))
}

/// Reads `0`, `0.25` or `1.000`, in thousandths.
fn read_weight(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if !matches!(whole, "0" | "1")
        || decimals.len() > 3
        || !decimals.bytes().all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    let thousandths = format!("{whole}{decimals:0<3}").parse().ok()?;
    (thousandths <= 1_000).then_some(thousandths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_has_up_to_three_decimals() {
        for (text, weight) in [
            ("0", Some(0)),
            ("1", Some(1_000)),
            ("0.", Some(0)),
            ("0.5", Some(500)),
            ("0.25", Some(250)),
            ("0.001", Some(1)),
            ("1.000", Some(1_000)),
            ("1.001", None),
            ("0.0001", None),
            ("2", None),
            (".5", None),
            ("-0", None),
            ("+0", None),
            ("0.+1", None),
            ("", None),
            ("nan", None),
        ] {
            assert_eq!(read_weight(text), weight, "{text:?}");
        }
    }
}
