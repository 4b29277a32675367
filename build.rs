//! Migrations are part of the library: a new file among them is seen only if cargo is told to look.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
