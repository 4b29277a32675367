//! Puts the built site into the binary, compressed beforehand.
//!
//! `script/build` names its folder in `PRODMATIC_SITE`; without it nothing is put in, and the files are read from disk.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-env-changed=PRODMATIC_SITE");
    println!("cargo:rerun-if-changed=migrations");
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    let mut table = String::from("pub static FILES: &[Asset] = &[\n");
    if let Ok(site) = env::var("PRODMATIC_SITE") {
        println!("cargo:rerun-if-changed={site}");
        let mut files = Vec::new();
        walk(Path::new(&site), &mut files)?;
        files.sort();
        for (number, file) in files.iter().enumerate() {
            table += &entry(&out, Path::new(&site), file, number)?;
        }
    }
    table += "];\n";
    fs::write(out.join("assets.rs"), table)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { walk(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

/// One line of the table: the file as it is, and smaller in both encodings.
fn entry(out: &Path, site: &Path, file: &Path, number: usize) -> io::Result<String> {
    let raw = fs::read(file)?;
    // Compressing takes minutes in an unoptimised build script, which nobody wants while developing.
    let (brotli, gzip) = if env::var("PROFILE").is_ok_and(|profile| profile == "debug") { Default::default() } else { compressed(&raw)? };

    let mut line = String::from("    Asset { path: ");
    let path = file.strip_prefix(site).map_err(io::Error::other)?.to_string_lossy().replace('\\', "/");
    write!(line, "\"/{path}\", ").map_err(io::Error::other)?;
    for (field, bytes) in [("raw", &raw), ("brotli", &brotli), ("gzip", &gzip)] {
        let copy = out.join(format!("{number}.{field}"));
        fs::write(&copy, bytes)?;
        write!(line, "{field}: include_bytes!({copy:?}), ").map_err(io::Error::other)?;
    }
    Ok(line + "},\n")
}

fn compressed(raw: &[u8]) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let mut brotli = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: raw.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &raw[..], &mut brotli, &params)?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(raw)?;
    Ok((brotli, gzip.finish()?))
}
