//! The table of `eval all`.

use std::fmt::Write as _;
use vigie_scenarios::{Expected, Playback, Verdict};

/// How a case did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// As expected.
    Ok,
    /// Not as expected, and it is known why.
    KnownFailure,
    /// As expected, though a failure is on record.
    Unexpected,
    /// Not as expected.
    Failed,
    /// Not run.
    Skipped,
}

/// A line of the table.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    name: String,
    pub(crate) word: Word,
    expected: usize,
    matched: usize,
    unexpected: usize,
    delays_secs: Vec<f64>,
    hours: f64,
    /// What else there is to say.
    pub(crate) note: String,
    /// What is wrong.
    pub(crate) complaints: Vec<String>,
}

impl Row {
    /// Nothing run yet.
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            word: Word::Skipped,
            expected: 0,
            matched: 0,
            unexpected: 0,
            delays_secs: Vec::new(),
            hours: 0.0,
            note: String::new(),
            complaints: Vec::new(),
        }
    }

    /// A case that cannot be run here.
    pub(crate) fn skipped(name: &str, why: &str) -> Self {
        Self { note: why.to_owned(), ..Self::new(name) }
    }

    /// Counts a run in. A delay is the time from the start of a signal's window, which is when it can first be known.
    pub(crate) fn add(&mut self, expected: &Expected, got: &Playback, verdict: &Verdict, hours: f64) {
        self.expected += expected.signals.iter().map(|signal| signal.times.0).sum::<usize>();
        self.unexpected += verdict.unexpected.len();
        self.hours += hours;
        for (signal, places) in expected.signals.iter().zip(&verdict.matched) {
            self.matched += places.len();
            // Where many share a window, its start says nothing of a single one.
            if signal.times == (1, 1) {
                self.delays_secs.extend(places.iter().map(|&place| got.signals[place].secs - signal.from));
            }
        }
    }

    /// Gives the case its word.
    pub(crate) fn judged(&mut self, passed: bool, known_failure: Option<&str>) {
        self.word = match (passed, known_failure) {
            (true, None) => Word::Ok,
            (true, Some(_)) => Word::Unexpected,
            (false, Some(_)) => Word::KnownFailure,
            (false, None) => Word::Failed,
        };
        if let Some(why) = known_failure {
            self.note = format!("{} ({why})", self.note);
        }
    }

    fn cells(&self) -> [String; 7] {
        if self.word == Word::Skipped {
            let none = String::new;
            return [self.name.clone(), "skipped".into(), none(), none(), none(), none(), self.note.clone()];
        }
        let word = match self.word {
            Word::Ok => "ok",
            Word::KnownFailure => "known failure",
            Word::Unexpected => "passes now",
            Word::Failed | Word::Skipped => "FAILED",
        };
        let delay = if self.delays_secs.is_empty() {
            "–".into()
        } else {
            let mean = self.delays_secs.iter().sum::<f64>() / self.delays_secs.len() as f64;
            let most = self.delays_secs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            format!("{mean:.1} / {most:.1}")
        };
        let rate = if self.hours > 0.0 { self.unexpected as f64 / self.hours } else { 0.0 };
        let got = if self.unexpected == 0 {
            self.matched.to_string()
        } else {
            format!("{} + {}", self.matched, self.unexpected)
        };
        [
            self.name.clone(),
            word.into(),
            self.expected.to_string(),
            got,
            delay,
            format!("{rate:.1}"),
            self.note.trim().into(),
        ]
    }
}

const HEAD: [&str; 7] =
    ["case", "verdict", "expected", "got + false", "delay mean / most, s", "false an hour", "note"];

/// The table as text.
fn text(rows: &[Row], verbose: bool) -> String {
    let cells: Vec<[String; 7]> = rows.iter().map(Row::cells).collect();
    let width =
        |n: usize| cells.iter().map(|row| row[n].chars().count()).chain([HEAD[n].len()]).max().unwrap_or(0);
    let widths: [usize; 6] = std::array::from_fn(width);
    let line = |row: [&str; 7]| {
        let mut line = String::new();
        for (n, cell) in row.iter().enumerate() {
            // Names to the left, figures to the right. Writing to a string cannot fail.
            let _ = match widths.get(n) {
                Some(width) if n < 2 => write!(line, "{cell:<width$}  "),
                Some(width) => write!(line, "{cell:>width$}  "),
                None => write!(line, "{cell}"),
            };
        }
        line.trim_end().to_owned() + "\n"
    };
    let mut text = line(HEAD);
    for (row, cells) in rows.iter().zip(&cells) {
        text += &line(std::array::from_fn(|n| cells[n].as_str()));
        if verbose && row.word != Word::Ok {
            text.extend(row.complaints.iter().map(|complaint| format!("    {complaint}\n")));
        }
    }
    let count = |word: Word| rows.iter().filter(|row| row.word == word).count();
    let (hours, wrong) =
        rows.iter().fold((0.0, 0), |(hours, wrong), row| (hours + row.hours, wrong + row.unexpected));
    let _ = writeln!(
        text,
        "{} ok, {} failed, {} known failures, {} pass though a failure is on record, {} skipped; {wrong} false signals in {hours:.2} h",
        count(Word::Ok),
        count(Word::Failed),
        count(Word::KnownFailure),
        count(Word::Unexpected),
        count(Word::Skipped),
    );
    text
}

/// Prints the table.
pub(crate) fn print(rows: &[Row], verbose: bool) {
    print!("{}", text(rows, verbose));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_counted_over_its_runs() {
        let expected: Expected =
            serde_json::from_str(r#"{"about": "", "signals": [{"from": 1, "until": 3}]}"#).unwrap();
        let signal = |secs| vigie_scenarios::Got {
            event: vigie_protocol::EventKind::ZoneIntrusion,
            zone: None,
            secs,
            count: 1,
        };
        let mut row = Row::new("a/b");
        for signals in [vec![signal(2.0)], vec![signal(2.5), signal(9.0)]] {
            let got = Playback { signals, ..Playback::default() };
            let verdict = vigie_scenarios::judge(&expected, &got, true);
            row.add(&expected, &got, &verdict, 0.25);
        }
        row.judged(false, None);
        row.complaints.push("why".into());
        let rows = [row, Row::skipped("c/d", "no footage")];
        let said = text(&rows, true);
        let cells: Vec<&str> = said.lines().nth(1).unwrap().split_whitespace().collect();
        assert_eq!(cells, ["a/b", "FAILED", "2", "2", "+", "1", "1.2", "/", "1.5", "2.0"]);
        assert!(said.contains("    why\n") && !text(&rows, false).contains("why"));
        assert!(said.contains("0 ok, 1 failed, 0 known failures"));
    }
}
