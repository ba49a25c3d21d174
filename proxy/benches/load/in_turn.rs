//! Two programs under the same load in turn, so that a change of the machine's speed affects both.

use anyhow::Result;

use crate::program::Program;
use crate::wrk::{CONNECTIONS, load};

/// How often each is loaded, and how long, in seconds.
pub const ROUNDS: usize = 7;
pub const SECONDS: u64 = 3;

/// Loads both at this path with these headers, and prints what they did and the ratio of the first to the second.
///
/// # Errors
/// When one of them does not answer every request with success.
pub async fn compare(
    what: &str,
    [ours, theirs]: [(&str, &Program); 2],
    path: &str,
    headers: &[&str],
) -> Result<()> {
    let (mut our_rates, mut their_rates) = (Vec::new(), Vec::new());
    let mut p99 = [String::new(), String::new()];
    for _ in 0..ROUNDS {
        for (index, ((_, program), rates)) in
            [(ours, &mut our_rates), (theirs, &mut their_rates)].into_iter().enumerate()
        {
            let measured =
                load(&format!("http://127.0.0.1:{}{path}", program.port), headers, SECONDS).await?;
            rates.push(measured.per_second);
            p99[index] = measured.p99;
        }
    }
    let mut ratios: Vec<_> = our_rates.iter().zip(&their_rates).map(|(ours, theirs)| ours / theirs).collect();
    println!(
        "{CONNECTIONS} connections, {ROUNDS} runs of {SECONDS} s each, in turn\n\n{:<20} {:>12} {:>17} {:>10} {:>10}",
        "", what, "least to most", "last p99", "memory"
    );
    for (((name, program), rates), p99) in
        [(ours, &mut our_rates), (theirs, &mut their_rates)].into_iter().zip(p99)
    {
        let Spread { least, median, most } = spread(rates);
        let (range, memory) = (format!("{least:.0} to {most:.0}"), format!("{:.1} MiB", program.memory()?));
        println!("{name:<20} {median:>12.0} {range:>17} {p99:>10} {memory:>10}");
    }
    let Spread { least, median, most } = spread(&mut ratios);
    println!("\nratio {median:.2} of nginx ({least:.2} to {most:.2})");
    Ok(())
}

struct Spread {
    least: f64,
    median: f64,
    most: f64,
}

fn spread(values: &mut [f64]) -> Spread {
    values.sort_by(f64::total_cmp);
    Spread { least: values[0], median: values[values.len() / 2], most: values[values.len() - 1] }
}
