#!/usr/bin/env bash
# script/build [--profile release|debug]
# Makes ONE binary with everything inside: target/release/prodmatic (or target/debug/prodmatic).
# The names are those of [package.metadata.leptos], so cargo-leptos may be used in its place.

source "$(dirname "$0")/lib.sh"

profile=release
case ${1:-} in
  '') ;;
  --profile) profile=${2:-} ;;
  *) die "usage: script/build [--profile release|debug]" ;;
esac
case $profile in
  release) wasm_profile=wasm-release wasm_folder=wasm-release site=$CARGO_TARGET_DIR/site ;;
  debug) wasm_profile=dev wasm_folder=debug site=$CARGO_TARGET_DIR/site-debug ;;
  *) die "--profile release or debug" ;;
esac
work=$CARGO_TARGET_DIR/front-$profile

# ---- The browser's half

compile_wasm() {
  cargo build --lib --profile "$wasm_profile" --target wasm32-unknown-unknown \
    --no-default-features --features hydrate
}

# What Rust's target takes for granted. Not --all-features: Debian's binaryen 108 then writes
# function references in an encoding that no browser has.
wasm_features=(--enable-bulk-memory --enable-multivalue --enable-mutable-globals
  --enable-nontrapping-float-to-int --enable-reference-types --enable-sign-ext)

# Cargo's output is the same for the same sources: with the same tools, so is what follows.
bind_and_shrink() {
  local wasm=$CARGO_TARGET_DIR/wasm32-unknown-unknown/$wasm_folder/prodmatic.wasm stamp
  stamp="$(sha256 <"$wasm") $(wasm-bindgen --version) $(wasm-opt --version) $(basename "$tools"/wasm-split-*)"
  if [ "$stamp" = "$(cat "$work/stamp" 2>/dev/null)" ]; then return; fi
  rm -rf "$work"
  mkdir -p "$work"
  # The main file, and a file for each chunk of pages with the script that fetches it.
  wasm-split-cli --out-name prodmatic "$wasm" "$work/bound"
  mv "$work/bound/prodmatic.wasm" "$work/main.wasm"
  wasm-bindgen --target web --no-typescript --keep-lld-exports --no-demangle --out-name prodmatic --out-dir "$work/bound" "$work/main.wasm"
  if [ "$profile" = release ]; then shrink; fi
  echo "$stamp" >"$work/stamp"
}

shrink() {
  local file
  for file in "$work"/bound/*.wasm; do
    wasm-opt -Oz "${wasm_features[@]}" "$file" -o "$work/shrunk.wasm"
    mend_table "$work/shrunk.wasm"
    validate "$work/shrunk.wasm"
    mv "$work/shrunk.wasm" "$file"
  done
}

# mend_table WASM: wasm-opt before 110 (Debian 12 has 108) exports the first table under the name of
# the second, wasm-bindgen's table of JavaScript values, and no page comes alive. In the binary the
# name is followed by a 1 for "table" and the table's number.
mend_table() {
  local name=__wbindgen_externrefs at
  if at_least "$(wasm-opt --version | grep -o '[0-9]*' | head -n 1)" 110; then return; fi
  at=$(LC_ALL=C grep -obUaP "$name\\x01\\x00" "$1" | cut -d : -f 1) || return 0
  printf '\001' | dd of="$1" bs=1 seek=$((at + ${#name} + 1)) conv=notrunc status=none
}

# validate WASM: so that no browser is the first to find out.
validate() {
  if command -v node >/dev/null; then
    node -e 'process.exit(WebAssembly.validate(require("fs").readFileSync(process.argv[1])) ? 0 : 1)' "$1" ||
      die "wasm-opt wrote a module that a browser would refuse"
  else
    wasm-opt "${wasm_features[@]}" "$1" -o /dev/null
  fi
}

# ---- The site: what the binary serves under /, with the contents' hash in the paths

# The scripts and the chunks name one another, so they lie in a folder that carries the hash of them all.
lay_out_site() {
  local hash
  rm -rf "$work/site"
  script/style
  hash=$(cat "$work"/bound/*.js "$work"/bound/*.wasm | sha256)
  mkdir -p "$work/site/pkg/${hash:0:10}"
  cp -R "$work/bound/." "$work/site/pkg/${hash:0:10}/"
  hash=$(sha256 <target/prodmatic.css)
  cp target/prodmatic.css "$work/site/pkg/prodmatic.${hash:0:10}.css"
  if [ -d public ]; then cp -R public/. "$work/site/"; fi
  mirror "$work/site" "$site"
}

# mirror FROM TO: writes only what differs, lest cargo build the binary again for nothing.
mirror() {
  local file
  mkdir -p "$2"
  (cd "$1" && find . -type f) | while read -r file; do
    cmp -s "$1/$file" "$2/$file" && continue
    mkdir -p "$(dirname "$2/$file")"
    cp "$1/$file" "$2/$file"
  done
  (cd "$2" && find . -type f) | while read -r file; do
    if [ ! -e "$1/$file" ]; then rm "$2/$file"; fi
  done
  find "$2" -type d -empty -delete
}

# ---- The server's half, with the site inside

compile_server() {
  local release=()
  if [ "$profile" = release ]; then release=(--release); fi
  PRODMATIC_SITE=$site cargo build ${release[@]+"${release[@]}"} --bin prodmatic \
    --no-default-features --features ssr
}

# With a target folder of one's own the binary still ends up where every script looks for it. It is
# moved into its place, for a running one cannot be written over.
deliver() {
  local built=$CARGO_TARGET_DIR/$profile/prodmatic binary=$root/target/$profile/prodmatic
  cmp -s "$built" "$binary" && return
  mkdir -p "$(dirname "$binary")"
  cp "$built" "$binary.new"
  mv "$binary.new" "$binary"
}

packed() {
  if command -v brotli >/dev/null; then brotli --stdout --quality=11 "$1"; else gzip -9 -c "$1"; fi | wc -c
}

print_sizes() {
  local file packer=gzip
  if command -v brotli >/dev/null; then packer=brotli; fi
  printf '%10s %10s\n' bytes "$packer"
  for file in "$site"/pkg/*/*.js "$site"/pkg/*/*.wasm "$site"/pkg/*.css; do
    printf '%10d %10d  %s\n' "$(wc -c <"$file")" "$(packed "$file")" "${file#"$site/"}"
  done
  printf '%10d %10s  %s\n' "$(wc -c <"target/$profile/prodmatic")" '' "target/$profile/prodmatic"
}

step "Compiling for the browser ($wasm_profile)" compile_wasm
step "Binding and shrinking the WASM" bind_and_shrink
lay_out_site
