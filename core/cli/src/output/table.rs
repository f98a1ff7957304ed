//! Aligned columns, no wider than the terminal.

use std::cmp::Reverse;
use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Between two columns.
const GAP: usize = 2;
/// No column becomes narrower than this.
const NARROWEST: usize = 6;

/// Rows of text in aligned columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    header: Vec<&'static str>,
    rows: Vec<Row>,
    indent: usize,
}

#[derive(Clone, Debug)]
enum Row {
    Cells(Vec<String>),
    /// A line of its own, across all columns.
    Line(String),
}

impl Table {
    /// A table with a line of column names, or without one.
    pub(crate) fn new(header: &[&'static str]) -> Self {
        Table { header: header.to_vec(), rows: Vec::new(), indent: 0 }
    }

    /// The same table two columns to the right.
    pub(crate) fn indented(mut self) -> Self {
        self.indent = GAP;
        self
    }

    /// Adds a row. A cell may have several lines.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(Row::Cells(cells.into_iter().map(|cell| printable(&cell)).collect()));
    }

    /// Adds a line across all columns.
    pub(crate) fn line(&mut self, text: &str) {
        self.rows.push(Row::Line(printable(text)));
    }

    /// Whether it has no row.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Writes the table within so many columns; without a bound where there is none.
    pub(crate) fn write(&self, columns: Option<usize>, output: &mut dyn Write) -> io::Result<()> {
        let widths = self.widths(columns);
        if !self.header.is_empty() {
            let header: Vec<String> = self.header.iter().map(|name| name.to_uppercase()).collect();
            self.write_row(&header, &widths, output)?;
        }
        self.rows.iter().try_for_each(|row| match row {
            Row::Cells(cells) => self.write_row(cells, &widths, output),
            Row::Line(text) => wrap(text, columns.unwrap_or(usize::MAX))
                .into_iter()
                .try_for_each(|line| writeln!(output, "{line}")),
        })
    }

    fn write_row(&self, row: &[String], widths: &[usize], output: &mut dyn Write) -> io::Result<()> {
        let cells: Vec<Vec<String>> =
            row.iter().zip(widths).map(|(cell, width)| wrap(cell, *width)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or_default();
        for line in 0..height {
            let mut text = " ".repeat(self.indent);
            let mut column = self.indent;
            for (cell, width) in cells.iter().zip(widths) {
                let part = cell.get(line).map_or("", String::as_str);
                text.push_str(part);
                column = column.saturating_add(*width).saturating_add(GAP);
                text.push_str(&" ".repeat(column.saturating_sub(text.width())));
            }
            writeln!(output, "{}", text.trim_end())?;
        }
        Ok(())
    }

    /// Columns give way, one character at a time, where that makes the table least taller; words break only when
    /// nothing else is left.
    fn widths(&self, columns: Option<usize>) -> Vec<usize> {
        let mut widths = self.widest(|line| line.width());
        let Some(columns) = columns else { return widths };
        let gaps = widths.len().saturating_sub(1).saturating_mul(GAP).saturating_add(self.indent);
        let room = columns.saturating_sub(gaps);
        let words =
            self.widest(|line| pieces(line).map(|piece| piece.trim_end().width()).max().unwrap_or_default());
        let mut sample = Sample::of(self, &widths);
        for least in [words, vec![NARROWEST; widths.len()]] {
            while widths.iter().sum::<usize>() > room {
                let may = widths.iter().zip(&least).enumerate().filter(|(_, (width, least))| width > least);
                let cheapest = may.min_by_key(|(column, (width, _))| {
                    (sample.cost(*column, width.saturating_sub(1)), Reverse(**width))
                });
                let Some((column, _)) = cheapest else { break };
                if let Some(width) = widths.get_mut(column) {
                    *width = width.saturating_sub(1);
                    sample.narrow(column, *width);
                }
            }
        }
        widths
    }

    /// The largest measure of a line in each column.
    fn widest(&self, measure: impl Fn(&str) -> usize) -> Vec<usize> {
        let mut widest: Vec<usize> = self.header.iter().map(|name| name.width()).collect();
        for row in &self.rows {
            let Row::Cells(cells) = row else { continue };
            widest.resize(widest.len().max(cells.len()), 0);
            for (cell, widest) in cells.iter().zip(&mut widest) {
                *widest = cell.lines().map(&measure).chain([*widest]).max().unwrap_or_default();
            }
        }
        widest
    }
}

/// How tall the first rows of a table are.
struct Sample<'a> {
    rows: Vec<Vec<(&'a str, usize)>>,
}

impl<'a> Sample<'a> {
    /// More rows would look no different, and take time.
    const ROWS: usize = 50;

    fn of(table: &'a Table, widths: &[usize]) -> Self {
        let cells = table.rows.iter().filter_map(|row| match row {
            Row::Cells(cells) => Some(cells),
            Row::Line(_) => None,
        });
        let measure = |(cell, width): (&'a String, &usize)| (cell.as_str(), wrap(cell, *width).len());
        let rows = cells.take(Self::ROWS).map(|cells| cells.iter().zip(widths).map(measure).collect());
        Sample { rows: rows.collect() }
    }

    /// How many lines a column of this width would add.
    fn cost(&self, column: usize, width: usize) -> usize {
        let added = self.rows.iter().map(|cells| {
            let height = cells.iter().map(|(_, lines)| *lines).max().unwrap_or_default();
            let lines = cells.get(column).map_or(0, |(text, _)| wrap(text, width).len());
            lines.saturating_sub(height)
        });
        added.sum()
    }

    fn narrow(&mut self, column: usize, width: usize) {
        for (text, lines) in self.rows.iter_mut().filter_map(|cells| cells.get_mut(column)) {
            *lines = wrap(text, width).len();
        }
    }
}

/// Text that a terminal shows and does not obey: control characters become visible, line breaks stay.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// Where text may break: behind a space, or behind a slash of an id.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive([' ', '/'])
}

/// Breaks text between its pieces, and pieces that are too long anywhere.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for piece in pieces(paragraph) {
            if line.width().saturating_add(piece.trim_end().width()) > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for character in piece.chars() {
                let wider = line.width().saturating_add(character.width().unwrap_or_default());
                if wider > width && character != ' ' {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(character);
            }
        }
        lines.push(line);
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(table: &Table, columns: Option<usize>) -> String {
        let mut output = Vec::new();
        table.write(columns, &mut output).unwrap();
        String::from_utf8(output).unwrap()
    }

    fn table() -> Table {
        let mut table = Table::new(&["who", "what"]);
        table.row(["操作员".to_owned(), "a transfer from one account to another account".to_owned()]);
        table.row(["operator".to_owned(), "nothing".to_owned()]);
        table
    }

    #[test]
    fn columns_are_aligned_also_behind_wide_characters() {
        let expected = "WHO       WHAT\n\
                        操作员    a transfer from one account to another account\n\
                        operator  nothing\n";
        assert_eq!(written(&table(), None), expected);
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_and_no_word_is_lost() {
        for columns in 30..60 {
            let text = written(&table(), Some(columns));
            assert!(text.lines().all(|line| line.width() <= columns), "{columns}:\n{text}");
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            for word in words(&written(&table(), None)) {
                assert!(text.contains(&word), "{word} is missing at {columns}:\n{text}");
            }
        }
    }

    #[test]
    fn a_terminal_is_never_sent_control_characters() {
        let mut table = Table::new(&[]);
        table.row(["a\u{1b}[2Jb".to_owned()]);
        assert_eq!(written(&table, None), "a\u{fffd}[2Jb\n");
    }
}
