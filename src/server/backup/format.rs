//! The file: how a backup is laid out, and what shows that it is whole.
//!
//! ```text
//! ProdMatic backup 1⏎
//! head       what is known beforehand: program, time, Postgres, migrations, tables and their columns
//! pieces     for each table in the head's order: its rows as COPY's text, packed; an empty piece ends the table
//! tail       what is known afterwards: of each table the rows, the bytes and their SHA-256
//! SHA-256    of everything before, 32 bytes
//! ```
//!
//! Head, pieces and tail begin with their length, four bytes, the highest first; head and tail are JSON, a piece is at most
//! [`PIECE`] bytes in zlib's format. It is written and read from front to end, a piece at a time, whatever it holds.

use std::io::{self, ErrorKind, Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::kernel::time::Timestamp;

const NAME: &[u8] = b"ProdMatic backup ";
/// The layout above.
const FORMAT: &str = "1";
/// Bytes of a piece before it is packed.
pub const PIECE: usize = 256 * 1_024;
/// Bytes of the head or the tail; hundreds of tables are a few kilobytes.
const LARGEST_JSON: usize = 4 * 1_024 * 1_024;
const HASH: usize = 32;

/// What stands at the beginning.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    /// The program's version.
    pub program: String,
    pub created_at: Timestamp,
    /// As Postgres tells its version: 150018 for 15.18.
    pub postgres: u32,
    /// The schema: what has been applied, in order.
    pub migrations: Vec<Applied>,
    /// SHA-256 of the key that secrets in the rows are sealed under, if it was known. Nobody finds a key of 256 bits by it.
    pub key: Option<String>,
    pub tables: Vec<Table>,
}

/// A migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    pub version: i64,
    /// In hexadecimal.
    pub checksum: String,
}

/// A table, and those of its columns that are in the backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub name: String,
    pub columns: Vec<String>,
}

/// What stands at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tail {
    pub tables: Vec<Sum>,
}

/// What came of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    pub name: String,
    pub rows: u64,
    /// Of the rows as text.
    pub bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
}

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    #[error("it is not a backup of ProdMatic")]
    Foreign,
    #[error("it has the format {0}, which a newer version of ProdMatic has made")]
    Newer(String),
    #[error("it is cut off")]
    CutOff,
    #[error("it is damaged: {0}")]
    Damaged(String),
    #[error("it cannot be read: {0}")]
    Io(io::Error),
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        if error.kind() == ErrorKind::UnexpectedEof { Unread::CutOff } else { Unread::Io(error) }
    }
}

/// Counts and hashes what goes by.
#[derive(Default)]
struct Count {
    hash: Sha256,
    rows: u64,
    bytes: u64,
}

impl Count {
    /// COPY's text has a line for each row, and no other line break.
    fn add(&mut self, text: &[u8]) {
        self.hash.update(text);
        self.rows += text.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.bytes += text.len() as u64;
    }

    fn sum(self, name: &str) -> Sum {
        Sum { name: name.to_owned(), rows: self.rows, bytes: self.bytes, sha256: hex(&self.hash.finalize()) }
    }
}

/// Writes a backup.
pub struct Writer<W> {
    out: W,
    hash: Sha256,
    tables: std::vec::IntoIter<Table>,
    waiting: Vec<u8>,
    count: Count,
    sums: Vec<Sum>,
}

impl<W: Write> Writer<W> {
    /// Begins with the head; then come the rows of its tables, one after the other.
    pub fn new(out: W, head: &Head) -> io::Result<Writer<W>> {
        let tables = head.tables.clone().into_iter();
        let mut writer = Writer { out, hash: Sha256::new(), tables, waiting: Vec::new(), count: Count::default(), sums: Vec::new() };
        writer.put(&[NAME, FORMAT.as_bytes(), b"\n"].concat())?;
        writer.put_json(head)?;
        Ok(writer)
    }

    /// More of the table's text, cut anywhere.
    pub fn add(&mut self, text: &[u8]) -> io::Result<()> {
        self.count.add(text);
        self.waiting.extend_from_slice(text);
        while self.waiting.len() >= PIECE {
            let rest = self.waiting.split_off(PIECE);
            let piece = std::mem::replace(&mut self.waiting, rest);
            self.put_piece(&piece)?;
        }
        Ok(())
    }

    /// Ends the table.
    pub fn end_table(&mut self) -> io::Result<()> {
        let last = std::mem::take(&mut self.waiting);
        if !last.is_empty() {
            self.put_piece(&last)?;
        }
        let table = self.tables.next().ok_or_else(|| io::Error::other("there is no such table"))?;
        self.sums.push(std::mem::take(&mut self.count).sum(&table.name));
        self.put(&0u32.to_be_bytes())
    }

    /// Ends the file.
    pub fn finish(mut self) -> io::Result<(W, Tail)> {
        let tail = Tail { tables: std::mem::take(&mut self.sums) };
        self.put_json(&tail)?;
        let hash = self.hash.finalize();
        self.out.write_all(&hash)?;
        self.out.flush()?;
        Ok((self.out, tail))
    }

    fn put_piece(&mut self, text: &[u8]) -> io::Result<()> {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(text)?;
        self.put_long(&packed.finish()?)
    }

    fn put_json(&mut self, value: &impl Serialize) -> io::Result<()> {
        self.put_long(&serde_json::to_vec(value)?)
    }

    fn put_long(&mut self, bytes: &[u8]) -> io::Result<()> {
        let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        self.put(&length.to_be_bytes())?;
        self.put(bytes)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.out.write_all(bytes)
    }
}

/// Reads a backup.
pub struct Reader<R> {
    from: R,
    hash: Sha256,
    head: Head,
    count: Count,
    sums: Vec<Sum>,
}

impl<R: Read> Reader<R> {
    /// Reads the head. That what it says is whole shows only at the end.
    pub fn open(mut from: R) -> Result<Reader<R>, Unread> {
        let mut hash = Sha256::new();
        let mut name = [0; NAME.len()];
        // What is shorter is something else.
        from.read_exact(&mut name)
            .map_err(|error| if error.kind() == ErrorKind::UnexpectedEof { Unread::Foreign } else { error.into() })?;
        if name != NAME {
            return Err(Unread::Foreign);
        }
        hash.update(name);
        let mut format = Vec::new();
        while format.last() != Some(&b'\n') {
            let byte = take(&mut from, &mut hash, 1)?;
            format.extend(byte);
            if format.len() > 12 {
                return Err(Unread::Foreign);
            }
        }
        let format = String::from_utf8_lossy(&format).trim_end().to_owned();
        match format.as_str() {
            FORMAT => {}
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => return Err(Unread::Newer(format)),
            _ => return Err(Unread::Damaged("its first line is wrong".into())),
        }
        let head = take_json(&mut from, &mut hash)?;
        Ok(Reader { from, hash, head, count: Count::default(), sums: Vec::new() })
    }

    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The next piece of the table's text, nothing at its end.
    pub fn piece(&mut self) -> Result<Option<Vec<u8>>, Unread> {
        let length = take_length(&mut self.from, &mut self.hash)?;
        if length == 0 {
            let table = self.head.tables.get(self.sums.len()).ok_or_else(|| damaged("it holds more tables than it names"))?;
            self.sums.push(std::mem::take(&mut self.count).sum(&table.name));
            return Ok(None);
        }
        if length > 2 * PIECE {
            return Err(damaged("a piece is too long"));
        }
        let packed = take(&mut self.from, &mut self.hash, length)?;
        let mut text = Vec::new();
        let read = ZlibDecoder::new(packed.as_slice()).take(PIECE as u64 + 1).read_to_end(&mut text);
        if read.is_err() || text.is_empty() || text.len() > PIECE {
            return Err(damaged("a piece cannot be unpacked"));
        }
        self.count.add(&text);
        Ok(Some(text))
    }

    /// Reads the end and compares it with all that was read.
    pub fn finish(mut self) -> Result<Tail, Unread> {
        let tail: Tail = take_json(&mut self.from, &mut self.hash)?;
        let (mut said, mut more) = ([0; HASH], [0]);
        self.from.read_exact(&mut said)?;
        if self.from.read(&mut more)? != 0 {
            return Err(damaged("something stands behind its end"));
        }
        if self.hash.finalize()[..] != said {
            return Err(damaged("its checksum is another"));
        }
        if tail.tables != self.sums || self.sums.len() != self.head.tables.len() {
            return Err(damaged("a table is not what its end says"));
        }
        Ok(tail)
    }
}

fn damaged(what: &str) -> Unread {
    Unread::Damaged(what.to_owned())
}

fn take_length(from: &mut impl Read, hash: &mut Sha256) -> Result<usize, Unread> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    hash.update(length);
    Ok(u32::from_be_bytes(length) as usize)
}

/// The caller has looked at the length, so that a wrong one takes no memory.
fn take(from: &mut impl Read, hash: &mut Sha256, length: usize) -> Result<Vec<u8>, Unread> {
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    hash.update(&bytes);
    Ok(bytes)
}

fn take_json<T: DeserializeOwned>(from: &mut impl Read, hash: &mut Sha256) -> Result<T, Unread> {
    let length = take_length(from, hash)?;
    if length > LARGEST_JSON {
        return Err(damaged("its list of tables is too long"));
    }
    let json = take(from, hash, length)?;
    serde_json::from_slice(&json).map_err(|_| damaged("its list of tables cannot be read"))
}

/// In hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
