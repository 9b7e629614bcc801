//! The table of suites and the line below it.

use std::fmt::Write;

/// What became of a suite.
pub enum Outcome {
    Ran,
    /// All that was tried went well, but something was left out.
    Partly(String),
    Failed(String),
    Skipped(String),
}

/// One suite's line of the table.
pub struct Line {
    pub suite: &'static str,
    pub outcome: Outcome,
    pub seconds: f64,
}

pub fn table(lines: &[Line]) -> String {
    let mut table = String::new();
    row(&mut table, "suite", "result", "seconds", "");
    for line in lines {
        let (result, why) = match &line.outcome {
            Outcome::Ran => ("ran", ""),
            Outcome::Partly(why) => ("partly", why.as_str()),
            Outcome::Failed(why) => ("FAILED", why.as_str()),
            Outcome::Skipped(why) => ("skipped", why.as_str()),
        };
        row(&mut table, line.suite, result, &format!("{:.1}", line.seconds), why);
    }
    table
}

fn row(table: &mut String, suite: &str, result: &str, seconds: &str, why: &str) {
    let line = format!("{suite:<10} {result:<8} {seconds:>8}  {why}");
    // Writing to a string does not fail.
    let _ = writeln!(table, "{}", line.trim_end());
}

/// The closing line, by which a machine counts.
pub fn summary(lines: &[Line]) -> String {
    let count = |is: fn(&Outcome) -> bool| lines.iter().filter(|line| is(&line.outcome)).count();
    let passed = count(|outcome| matches!(outcome, Outcome::Ran | Outcome::Partly(_)));
    let failed = count(|outcome| matches!(outcome, Outcome::Failed(_)));
    match count(|outcome| matches!(outcome, Outcome::Skipped(_))) {
        0 => format!("{passed} passed, {failed} failed"),
        skipped => format!("{passed} passed, {failed} failed, {skipped} skipped"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(outcomes: Vec<Outcome>) -> Vec<Line> {
        let line = |outcome| Line { suite: "rust", outcome, seconds: 1.25 };
        outcomes.into_iter().map(line).collect()
    }

    #[test]
    fn every_suite_is_counted() {
        let ran = lines(vec![Outcome::Ran, Outcome::Failed("why".into())]);
        assert_eq!(summary(&ran), "1 passed, 1 failed");
        let skipped = lines(vec![Outcome::Ran, Outcome::Skipped("why".into())]);
        assert_eq!(summary(&skipped), "1 passed, 0 failed, 1 skipped");
    }

    #[test]
    fn the_table_gives_the_reason() {
        let table = table(&lines(vec![Outcome::Ran, Outcome::Failed("no picture".into())]));
        assert_eq!(
            table,
            "suite      result    seconds\n\
             rust       ran           1.2\n\
             rust       FAILED        1.2  no picture\n"
        );
    }
}
