//! The text format of the MOT challenges: `frame,id,left,top,width,height,confidence,…`, frames from 1, pixels.

use anyhow::{Context as _, bail, ensure};
use std::fmt::Write as _;
use std::path::Path;

/// One row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Row {
    /// Frame, from 1.
    pub(crate) frame: u32,
    /// Identity; below 0 where there is none, as in files of detections.
    pub(crate) id: i64,
    /// Left, top, width, height, pixels.
    pub(crate) rect: [f64; 4],
    /// Confidence; in ground truth 0 for what does not count.
    pub(crate) confidence: f64,
}

/// Reads a file of rows; empty lines are passed over. Columns after the seventh are not looked at, a missing seventh counts as 1.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<Row>> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    parse(&text).with_context(|| path.display().to_string())
}

fn parse(text: &str) -> anyhow::Result<Vec<Row>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(n, line)| row(line).with_context(|| format!("line {}", n + 1))).collect()
}

fn row(line: &str) -> anyhow::Result<Row> {
    let columns: Vec<f64> =
        line.split(',').take(7).map(|column| column.trim().parse()).collect::<Result<_, _>>()?;
    ensure!(columns.iter().all(|number| number.is_finite()), "a column is no number");
    let (frame, id, left, top, width, height, confidence) = match columns[..] {
        [frame, id, left, top, width, height] => (frame, id, left, top, width, height, 1.0),
        [frame, id, left, top, width, height, confidence] => {
            (frame, id, left, top, width, height, confidence)
        }
        _ => bail!("a row has at least six columns"),
    };
    ensure!((1.0..=f64::from(MOST_FRAMES)).contains(&frame), "frames count from 1 to {MOST_FRAMES}");
    Ok(Row { frame: frame as u32, id: id as i64, rect: [left, top, width, height], confidence })
}

/// Half a year at 30 frames a second: what lies beyond is a mistake, and stepping through to it would take for ever.
const MOST_FRAMES: u32 = 500_000_000;

/// Rows as text, to a hundredth of a pixel.
pub(crate) fn write(rows: &[Row]) -> String {
    let mut text = String::new();
    for Row { frame, id, rect: [left, top, width, height], confidence } in rows {
        // Writing to a string cannot fail.
        let _ =
            writeln!(text, "{frame},{id},{left:.2},{top:.2},{width:.2},{height:.2},{confidence:.3},-1,-1,-1");
    }
    text
}

/// Width and height of the picture, pixels: `imWidth` and `imHeight` of the `seqinfo.ini` beside the file, or else the right and
/// lower ends of all boxes.
pub(crate) fn picture_size(file: &Path, rows: &[Row]) -> (f64, f64) {
    let beside = std::fs::read_to_string(file.with_file_name("seqinfo.ini")).unwrap_or_default();
    let value = |key: &str| {
        let lines = beside.lines().filter_map(|line| line.split_once('='));
        let found =
            lines.filter(|(name, _)| name.trim() == key).find_map(|(_, value)| value.trim().parse().ok());
        found.filter(|size: &f64| *size >= 1.0)
    };
    let end = |n: usize| rows.iter().map(|row| row.rect[n] + row.rect[n + 2]).fold(1.0, f64::max);
    match (value("imWidth"), value("imHeight")) {
        (Some(width), Some(height)) => (width, height),
        _ => (end(0), end(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let rows = [
            Row { frame: 1, id: 7, rect: [-3.25, 4.0, 10.5, 20.0], confidence: 0.5 },
            Row { frame: 12, id: 1, rect: [0.0, 0.0, 1.0, 2.0], confidence: 1.0 },
        ];
        assert_eq!(parse(&write(&rows)).unwrap(), rows);
        let spaced = parse("\n 1, -1, 2, 3, 4, 5\n").unwrap();
        assert_eq!(spaced, [Row { frame: 1, id: -1, rect: [2.0, 3.0, 4.0, 5.0], confidence: 1.0 }]);
    }

    #[test]
    fn says_where_a_file_is_wrong() {
        for text in ["1,1,2,3,4", "0,1,2,3,4,5", "1,1,2,3,x,5", "1,1,2,NaN,4,5"] {
            let error = parse(text).expect_err(text);
            assert!(format!("{error:#}").contains("line 1"), "{error:#}");
        }
    }

    #[test]
    fn boxes_tell_the_size_where_nothing_else_does() {
        let rows = parse("1,-1,600,20,39,50,1\n2,-1,10,400,20,80,1").unwrap();
        assert_eq!(picture_size(Path::new("/nowhere/det.txt"), &rows), (639.0, 480.0));
    }
}
