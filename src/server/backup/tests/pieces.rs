//! The file by itself, whatever is in it.

use std::io::{self, Read, Write};

use chrono::Utc;

use crate::server::backup::format::{Head, PIECE, Reader, Table, Unread, Writer};

/// Makes lines for as long as they are read.
struct Lines {
    left: usize,
}

impl Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(self.left);
        buffer[..length].fill(b'x');
        if let Some(last) = buffer[..length].last_mut() {
            *last = b'\n';
        }
        self.left -= length;
        Ok(length)
    }
}

/// Takes what is written, and notes the longest piece.
#[derive(Default)]
struct Longest(usize, Vec<u8>);

impl Write for Longest {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.max(bytes.len());
        self.1.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_large_table_goes_by_in_pieces() {
    let tables = vec![Table { name: "Big".into(), columns: vec!["a".into()] }, Table { name: "None".into(), columns: vec!["a".into()] }];
    let head = Head { program: "1".into(), created_at: Utc::now(), postgres: 0, migrations: Vec::new(), key: None, tables };
    let mut writer = Writer::new(Longest::default(), &head).unwrap();
    let (mut lines, mut buffer) = (Lines { left: 40_000_000 }, vec![0; 1_000_003]);
    loop {
        let length = lines.read(&mut buffer).unwrap();
        if length == 0 {
            break;
        }
        writer.add(&buffer[..length]).unwrap();
    }
    writer.end_table().unwrap();
    writer.end_table().unwrap();
    let (Longest(longest, file), tail) = writer.finish().unwrap();
    assert!(longest <= PIECE && file.len() < 1_000_000, "{longest} {}", file.len());
    assert_eq!((tail.tables[0].rows, tail.tables[0].bytes, tail.tables[1].rows), (40, 40_000_000, 0));
    let mut reader = Reader::open(file.as_slice()).unwrap();
    let mut seen = 0;
    while let Some(piece) = reader.piece().unwrap() {
        assert!(piece.len() <= PIECE);
        seen += piece.len();
    }
    assert!(seen == 40_000_000 && reader.piece().unwrap().is_none());
    assert_eq!(reader.finish().unwrap(), tail);
    // A length that nothing has takes no memory.
    let mut huge = b"ProdMatic backup 1\n".to_vec();
    huge.extend([0xff; 64]);
    assert!(matches!(Reader::open(huge.as_slice()), Err(Unread::Damaged(_))));
}
