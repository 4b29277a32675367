//! Reading a table that comes in parts.
//!
//! Written here because a file from somebody's machine has to be told from one that was cut off: the usual readers take
//! whatever comes for a table, and wait for their bytes where a server must not.

/// The most bytes that a row may have: one without end is a quotation mark that is missing.
pub const ROW_MAX: usize = 4 << 20;

/// The most cells that a row may have: each takes memory, even an empty one.
pub const CELLS_MAX: usize = 10_000;

/// Why a file cannot be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// It ends within a quoted cell that begins in this line.
    CutOff(i64),
    /// The row that begins in this line has more than `ROW_MAX` bytes.
    TooLong(i64),
    /// The row that begins in this line has more than `CELLS_MAX` cells.
    TooWide(i64),
}

impl Broken {
    /// The same in words for the person whose file it is.
    pub fn told(self) -> String {
        match self {
            Broken::CutOff(line) => {
                format!(
                    "The file ends within a quoted cell that begins in line {line}. It may have been cut off, or a quotation mark is missing."
                )
            }
            Broken::TooLong(line) => {
                format!("The row that begins in line {line} is longer than 4 MB. A quotation mark may be missing there.")
            }
            Broken::TooWide(line) => format!("The row that begins in line {line} has more than 10,000 cells."),
        }
    }
}

/// One row of a table, as it stands in the parser.
pub struct Row<'a> {
    /// The line of the file in which it begins, from 1. Line breaks within quoted cells count.
    pub line: i64,
    bytes: &'a [u8],
    ends: &'a [usize],
}

impl<'a> Row<'a> {
    /// How many cells it has.
    pub fn width(&self) -> usize {
        self.ends.len()
    }

    /// The bytes of a cell; nothing beyond the last.
    pub fn cell(&self, at: usize) -> &'a [u8] {
        let begin = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.ends.get(at).and_then(|end| self.bytes.get(begin..*end)).unwrap_or_default()
    }

    pub fn cells(&self) -> impl Iterator<Item = &'a [u8]> {
        (0..self.width()).map(|at| self.cell(at))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    CellStart,
    Unquoted,
    Quoted,
    /// Behind a quotation mark within a quoted cell: its end, or the first of two that stand for one.
    Mark,
}

/// Takes the bytes of a file as they come, and gives its rows.
#[derive(Debug)]
pub struct Parser {
    delimiter: u8,
    at: At,
    /// The line that is being read, and those in which the row and the quoted cell began.
    line: i64,
    row_line: i64,
    quote_line: i64,
    /// Whether the last byte was a carriage return, whose line feed is part of the same line break.
    after_return: bool,
    /// Whether the row has a quoted cell: an empty one makes a row, an empty line does not.
    quoted: bool,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Parser {
    pub fn new(delimiter: u8) -> Parser {
        Parser {
            delimiter,
            at: At::CellStart,
            line: 1,
            row_line: 1,
            quote_line: 1,
            after_return: false,
            quoted: false,
            bytes: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// Reads on; gives `each` the rows that are whole now.
    pub fn feed(&mut self, part: &[u8], each: &mut dyn FnMut(&Row)) -> Result<(), Broken> {
        for byte in part {
            let byte = *byte;
            let second = std::mem::take(&mut self.after_return) && byte == b'\n';
            match self.at {
                At::Quoted if byte == b'"' => self.at = At::Mark,
                At::Quoted => self.bytes.push(byte),
                At::Mark if byte == b'"' => {
                    self.bytes.push(byte);
                    self.at = At::Quoted;
                }
                _ if matches!(byte, b'\r' | b'\n') => {
                    if !second {
                        self.end_row(each);
                    }
                }
                _ if byte == self.delimiter => self.end_cell(),
                At::CellStart if byte == b'"' => {
                    (self.at, self.quoted, self.quote_line) = (At::Quoted, true, self.line);
                }
                // Behind a quoted cell's end, text that others write there is taken as more of it.
                _ => {
                    self.bytes.push(byte);
                    self.at = At::Unquoted;
                }
            }
            self.count(byte, second);
            if self.bytes.len() > ROW_MAX {
                return Err(Broken::TooLong(self.row_line));
            }
            if self.ends.len() > CELLS_MAX {
                return Err(Broken::TooWide(self.row_line));
            }
        }
        Ok(())
    }

    /// Ends the file; gives `each` the row that has no line break behind it.
    pub fn finish(&mut self, each: &mut dyn FnMut(&Row)) -> Result<(), Broken> {
        if self.at == At::Quoted {
            return Err(Broken::CutOff(self.quote_line));
        }
        self.end_row(each);
        Ok(())
    }

    /// Counts the lines; what begins behind a line break begins in the next.
    fn count(&mut self, byte: u8, second: bool) {
        if byte == b'\r' {
            self.after_return = true;
        }
        if matches!(byte, b'\r' | b'\n') && !second {
            self.line += 1;
        }
        if self.ends.is_empty() && self.bytes.is_empty() && self.at == At::CellStart {
            self.row_line = self.line;
        }
    }

    fn end_cell(&mut self) {
        self.ends.push(self.bytes.len());
        self.at = At::CellStart;
    }

    fn end_row(&mut self, each: &mut dyn FnMut(&Row)) {
        self.end_cell();
        if self.quoted || self.ends.len() > 1 || !self.bytes.is_empty() {
            each(&Row { line: self.row_line, bytes: &self.bytes, ends: &self.ends });
        }
        self.bytes.clear();
        self.ends.clear();
        self.quoted = false;
    }
}

/// The file's beginning without the mark that some programs put there for UTF-8.
pub fn without_bom(beginning: &[u8]) -> &[u8] {
    beginning.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(beginning)
}

/// What separates the cells: of comma, semicolon and tab the one that the first line has most of, outside of quotes.
pub fn delimiter_of(beginning: &[u8]) -> u8 {
    let (mut counts, mut quoted) = ([(b',', 0), (b';', 0), (b'\t', 0)], false);
    for byte in without_bom(beginning) {
        match byte {
            b'"' => quoted = !quoted,
            b'\r' | b'\n' if !quoted => break,
            _ if quoted => {}
            byte => counts.iter_mut().filter(|(delimiter, _)| delimiter == byte).for_each(|(_, count)| *count += 1),
        }
    }
    let mut best = counts[0];
    for counted in counts {
        if counted.1 > best.1 {
            best = counted;
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(file: &str, part: usize) -> Result<Vec<(i64, Vec<String>)>, Broken> {
        let (mut parser, mut rows) = (Parser::new(b','), Vec::new());
        let mut keep = |row: &Row| {
            rows.push((row.line, row.cells().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()));
        };
        for part in file.as_bytes().chunks(part) {
            parser.feed(part, &mut keep)?;
        }
        parser.finish(&mut keep)?;
        Ok(rows)
    }

    fn row(line: i64, cells: &[&str]) -> (i64, Vec<String>) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn lines_are_those_of_the_file_however_it_is_cut() {
        let file = "a,b\r\n\"one\r\ntwo\",\"say \"\"hi\"\"\"\n\n\n,\rlast,\"\"";
        let expected = [row(1, &["a", "b"]), row(2, &["one\r\ntwo", "say \"hi\""]), row(6, &["", ""]), row(7, &["last", ""])];
        for part in 1..file.len() {
            assert_eq!(rows(file, part).unwrap(), expected, "{part}");
        }
        assert_eq!(rows("", 9).unwrap(), []);
        assert_eq!(rows("\"\"\n", 9).unwrap(), [row(1, &[""])]);
    }

    #[test]
    fn marks_within_a_cell_are_text() {
        assert_eq!(rows("5\" pipe,x", 9).unwrap(), [row(1, &["5\" pipe", "x"])]);
        assert_eq!(rows("\"a\"b,c", 9).unwrap(), [row(1, &["ab", "c"])]);
    }

    #[test]
    fn a_file_that_was_cut_off_is_told_from_a_whole_one() {
        assert_eq!(rows("a,b\n1,\"two\nthree", 4), Err(Broken::CutOff(2)));
        assert!(rows("a,b\n1,\"two\"", 4).is_ok());
        let endless = format!("a\n\"{}", "x".repeat(ROW_MAX + 1));
        assert_eq!(rows(&endless, 1 << 16), Err(Broken::TooLong(2)));
    }

    #[test]
    fn a_row_has_so_many_cells_and_no_more() {
        assert_eq!(rows(&",".repeat(CELLS_MAX - 1), 1 << 10).unwrap().len(), 1);
        assert_eq!(rows(&format!("a\n{}", ",".repeat(CELLS_MAX + 1)), 1 << 10), Err(Broken::TooWide(2)));
    }

    #[test]
    fn the_first_line_tells_the_delimiter() {
        for (file, expected) in
            [("a,b;c,d", b','), ("a;b;c,d", b';'), ("a\tb\n,,,,", b'\t'), ("\"a,b,c\";d", b';'), ("title", b','), ("", b',')]
        {
            assert_eq!(delimiter_of(file.as_bytes()), expected, "{file}");
        }
        assert_eq!(delimiter_of(b"\xEF\xBB\xBFa;b"), b';');
    }
}
