//! The figures as a document.

use std::fmt::Write;

use anyhow::{Context, Result};
use serde_json::Value;

use super::contender::Contender;
use super::portal::API;
use super::ticking::{Cost, WATCHED};
use super::visits::{Conditions, Visits};

/// The versions of what is compared.
const MANIFEST: &str = include_str!("../../contenders/package.json");

/// Everything that was measured.
pub struct Document {
    pub date: String,
    pub browser: String,
    pub rounds: usize,
    /// Of [`Contender::TICKING`].
    pub sizes: [usize; 3],
    pub visits: Vec<(Conditions, Vec<Visits>)>,
    pub ticking: Vec<Cost>,
}

impl Document {
    pub fn text(&self) -> Result<String> {
        let mut text = String::new();
        self.introduction(&mut text)?;
        self.goals(&mut text)?;
        for (conditions, visits) in &self.visits {
            visited(&mut text, conditions, visits)?;
        }
        self.ticked(&mut text)?;
        Ok(text)
    }

    fn introduction(&self, text: &mut String) -> Result<()> {
        let Document { date, browser, rounds, sizes: [hand_written, lit, widget], .. } = self;
        let manifest: Value = serde_json::from_str(MANIFEST).context("the manifest is no JSON")?;
        let version = |name: &str| manifest["dependencies"][name].as_str().unwrap_or("?").to_owned();
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        write!(
            text,
            "# Benchmarks\n\n\
             `cargo xtask bench widget` wrote this page on {date}: {browser}, headless, on {cores} cores. Each figure of\n\
             time is the median of {rounds} runs, in which the contenders took turns. The API and the picture take {api} ms.\n\n\
             | contender | loads, brotli |\n|---|--:|\n\
             | a hand-written element with the same visible features: the floor | {hand_written} bytes |\n\
             | the same with Lit {}, rrule.js {} and `<relative-time>` {} | {lit} bytes |\n\
             | the widget | {widget} bytes |\n",
            version("lit"),
            version("rrule"),
            version("@github/relative-time-element"),
            api = API.as_millis(),
        )?;
        Ok(())
    }

    fn goals(&self, text: &mut String) -> Result<()> {
        text.push_str("\n## Goals\n\n| what | goal | measured |\n|---|--:|--:|\n");
        let figures = |slow: bool| {
            let of_line = self.visits.iter().filter(move |(conditions, _)| conditions.is_slow() == slow);
            of_line.map(|(_, visits)| Figures::of(visits))
        };
        for it in figures(true) {
            let picture = it.picture / it.first(Contender::HandWritten);
            writeln!(text, "| slow line, first visit: the picture, of the floor | 0.80 | {picture:.2} |")?;
            let live = it.first(Contender::Preloaded) / it.first(Contender::Lit);
            writeln!(
                text,
                "| slow line, first visit: the badge with its wasm preloaded, of Lit | 1.12 | {live:.2} |"
            )?;
            let second = it.second(Contender::Preloaded) / it.second(Contender::HandWritten);
            writeln!(text, "| slow line, second visit: the same, of the floor | 1.03 | {second:.2} |")?;
        }
        for (it, line) in figures(false).zip(["loopback", "20 Mbit/s"]) {
            let first = it.first(Contender::Preloaded) / it.first(Contender::HandWritten);
            writeln!(text, "| {line}, first visit: the same, of the floor | 1.03 | {first:.2} |")?;
        }
        for cost in self.ticking.iter().filter(|cost| cost.count == 1_000) {
            let [_, lit, widget] = &cost.figures;
            let ratio = widget.median() / lit.median();
            writeln!(text, "| 1,000 ticking, {}: main thread, of Lit | 0.06 | {ratio:.3} |", cost.place())?;
        }
        Ok(())
    }

    fn ticked(&self, text: &mut String) -> Result<()> {
        write!(
            text,
            "\n## Ticking\n\n\
             Milliseconds of main thread per second, over {} seconds, with cards in a grid whose countdowns change every\n\
             second. From the top of the page some twenty of 1,000 cards are in view or near it; the widget lets the others\n\
             stand still. A frame of a page with 1,000 cards takes Chromium some 15 ms, whatever changes in it.\n\n\
             | elements | where | hand-written | Lit | the widget | of Lit |\n|--:|---|--:|--:|--:|--:|\n",
            WATCHED.as_secs()
        )?;
        for cost in &self.ticking {
            let [hand_written, lit, widget] = cost.figures.each_ref().map(|series| series.median());
            let (count, place, ratio) = (cost.count, cost.place(), widget / lit);
            writeln!(
                text,
                "| {count} | {place} | {hand_written:.1} | {lit:.1} | {widget:.1} | {ratio:.3} |"
            )?;
        }
        Ok(())
    }
}

/// The medians of one line.
struct Figures<'a> {
    visits: &'a [Visits],
    picture: f64,
}

impl Figures<'_> {
    fn of(visits: &[Visits]) -> Figures<'_> {
        let picture = visits.iter().find(|it| it.contender == Contender::Picture);
        Figures { visits, picture: picture.map_or(0.0, |it| it.first.picture.median()) }
    }

    fn first(&self, contender: Contender) -> f64 {
        self.visits.iter().find(|it| it.contender == contender).map_or(0.0, |it| it.first.badge.median())
    }

    fn second(&self, contender: Contender) -> f64 {
        self.visits.iter().find(|it| it.contender == contender).map_or(0.0, |it| it.second.badge.median())
    }
}

fn visited(text: &mut String, conditions: &Conditions, visits: &[Visits]) -> Result<()> {
    let figures = Figures::of(visits);
    let floor = (figures.first(Contender::HandWritten), figures.second(Contender::HandWritten));
    write!(
        text,
        "\n## {}\n\nMilliseconds from the navigation to the frame that shows it.\n\n\
         | | first visit | of the floor | second visit | of the floor |\n|---|--:|--:|--:|--:|\n",
        conditions.title
    )?;
    let mut row = |title: &str, first: f64, second: f64| {
        writeln!(
            text,
            "| {title} | {first:.0} | {:.2} | {second:.0} | {:.2} |",
            first / floor.0,
            second / floor.1
        )
    };
    for Visits { contender, first, second } in visits {
        row(contender.title(), first.badge.median(), second.badge.median())?;
        if *contender == Contender::Picture {
            row("its picture", first.picture.median(), second.picture.median())?;
        }
    }
    Ok(())
}
