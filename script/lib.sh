# shellcheck shell=bash
# Shared by the other scripts, which begin with: source "$(dirname "$0")/lib.sh"
# It leaves the shell in the repository's root, with the tools on PATH.

set -euo pipefail

# A service or a bare container may start us without HOME; `~` then asks the user database.
if [ -z "${HOME:-}" ]; then
  unset HOME
  HOME=~
  export HOME
fi

name=$(basename "$0")
here=$PWD # where the caller stands: folders in arguments are relative to it
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/prodmatic
tools=$cache/tools
cd "$root"

# ---- Talking to the person who waits

die() {
  echo "$name: $*" >&2
  exit 1
}

# step WHAT COMMAND...: says what it does and, when done, how long it took.
step() {
  local what=$1 start=$SECONDS status
  shift
  echo "==> $what"
  "$@"
  status=$? # the step failed, and the caller has an answer to that
  echo "    $((SECONDS - start)) s: $what"
  return "$status"
}

# absolute PATH: as the caller of the script meant it.
absolute() {
  case $1 in /*) echo "$1" ;; *) echo "$here/$1" ;; esac
}

# ---- Cleaning up

cleanups=()

# at_exit COMMAND...: runs when the script ends, however it ends; the last one given runs first.
at_exit() {
  cleanups+=("$(printf '%q ' "$@")")
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

clean_up() {
  local i
  for ((i = ${#cleanups[@]} - 1; i >= 0; i--)); do
    eval "${cleanups[i]}" || true
  done
  cleanups=()
}

# quick_folder: a new folder for what a test throws away, in memory where there is room, for a thousand databases are made in it.
# Prints its name; whoever Postgres runs as may pass through it.
quick_folder() {
  local dir=${TMPDIR:-/tmp} room
  room=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
  if [ -w /dev/shm ] && [ "${room:-0}" -gt 4000000 ]; then dir=/dev/shm; fi
  dir=$(mktemp -d "$dir/prodmatic.XXXXXX")
  chmod 711 "$dir"
  echo "$dir"
}

# ---- Tools

# The JavaScript that wasm-bindgen writes fits only the very version of the crate.
wasm_bindgen_version() {
  awk '/^name = "wasm-bindgen"$/ { getline; gsub(/"/, ""); print $3 }' Cargo.lock
}

# Tests the REST API against its specification.
schemathesis_version=4.32.5

# Goes with the version of the crate wasm_split_helpers.
wasm_split_version=0.2.4

# What script/dev watches with.
cargo_leptos_version=0.3.10

# at_least HAVE WANT: compares dotted versions.
at_least() {
  [ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]
}

# The newest Postgres of at least 15; Debian keeps the server's programs off PATH.
pg_bindir() {
  local dir major
  while read -r dir; do
    [ -x "$dir/initdb" ] || continue
    major=$("$dir/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
    if [ "$major" -ge 15 ]; then
      echo "$dir"
      return
    fi
  done < <(
    find /usr/lib/postgresql /usr/pgsql-* -maxdepth 2 -name bin 2>/dev/null | sort -Vr
    pg_config --bindir 2>/dev/null
    dirname "$(command -v postgres)" 2>/dev/null
  )
  return 1
}

find_chromium() {
  command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome
}

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1
}

# prepend FOLDER: to PATH, if it is there.
prepend() {
  if [ -d "$1" ]; then PATH=$1:$PATH; fi
}

# Again after script/bootstrap, which may have brought more.
use_tools() {
  command -v cargo >/dev/null || prepend "${CARGO_HOME:-$HOME/.cargo}/bin"
  prepend "$tools/wasm-bindgen-$(wasm_bindgen_version 2>/dev/null)/bin"
  prepend "$tools/wasm-split-$wasm_split_version/bin"
  prepend "$tools/cargo-leptos/bin"
  prepend "$tools/node/node_modules/.bin"
  # Its own program and no other of its environment's, lest another Python come first.
  prepend "$tools/schemathesis-$schemathesis_version/program"
  export PATH
  # Which compiler script/bootstrap settled on, where it is not the one cargo takes by itself.
  # shellcheck source=/dev/null
  if [ -f "$tools/env" ]; then source "$tools/env"; fi
}
use_tools

# CI starts from a fresh clone: its crates stay compiled in the user's cache.
if [ -z "${CARGO_TARGET_DIR:-}" ]; then
  CARGO_TARGET_DIR=$root/target
  if [ "${CI:-}" = true ]; then CARGO_TARGET_DIR=$cache/target; fi
fi
CARGO_TARGET_DIR=$(absolute "$CARGO_TARGET_DIR")
export CARGO_TARGET_DIR

# ---- A server to test against

free_port() { free_ports 1; }

# free_ports N: so many different ones, a line each.
free_ports() {
  node -e 'const { createServer } = require("net");
    const all = Array.from({ length: Number(process.argv[1]) }, () => createServer().listen(0, "127.0.0.1"));
    Promise.all(all.map(one => new Promise(done => one.once("listening", done)))).then(() => {
      all.forEach(one => { console.log(one.address().port); one.close(); });
    });' "$1"
}

# start_mailbox: a mail server for the tests. Sets MAILBOX_URL, where its mails are shown, and smtp_url.
smtp_url=
start_mailbox() {
  local smtp http pid
  smtp=$(free_port)
  http=$(free_port)
  node end2end/smtp.mjs "$smtp" "$http" >"$root/target/smtp.log" 2>&1 </dev/null &
  pid=$!
  at_exit kill "$pid"
  smtp_url=smtp://prodmatic:p%40ss@127.0.0.1:$smtp
  export MAILBOX_URL=http://127.0.0.1:$http
  for _ in $(seq 100); do
    if answers "$MAILBOX_URL/mails"; then return; fi
    sleep 0.1
  done
  die "the mail server did not get ready (target/smtp.log)"
}

# start_receiver [PORTS]: a program for webhooks to be delivered to, at this many ports, 1 by default. Sets RECEIVER_URL, its address
# at the first of them, and receiver_ports. A server that is started afterwards may reach it.
receiver_ports=()
start_receiver() {
  local pid
  mapfile -t receiver_ports < <(free_ports "${1:-1}")
  node end2end/receiver.mjs "${receiver_ports[@]}" >"$root/target/receiver.log" 2>&1 </dev/null &
  pid=$!
  at_exit kill "$pid"
  export RECEIVER_URL=http://127.0.0.1:${receiver_ports[0]}
  for _ in $(seq 100); do
    if answers "$RECEIVER_URL/count"; then return; fi
    sleep 0.1
  done
  die "the receiver of webhooks did not get ready (target/receiver.log)"
}

# start_server: the release binary with the demo data, on a free port, in an empty folder that goes
# away with it. Sets BASE_URL, and SERVER_DATA to its data folder; what the server says is in target/server.log. Mails go to
# the mailbox, if one was started; server_arguments are further ones.
server_arguments=()
start_server() {
  local dir port pid log=$root/target/server.log
  dir=$(quick_folder)
  at_exit rm -rf "$dir"
  port=$(free_port)
  start_identity_providers "http://127.0.0.1:$port" "$dir/providers.json"
  (
    cd "$dir"
    # Nothing of the person's own database or settings.
    unset DATABASE_URL "${!PG@}" "${!PRODMATIC_@}"
    if [ -n "$smtp_url" ]; then
      export PRODMATIC_SMTP_URL=$smtp_url PRODMATIC_MAIL_FROM='ProdMatic <prodmatic@example.test>'
    fi
    if [ "${#receiver_ports[@]}" != 0 ]; then export PRODMATIC_WEBHOOK_NETWORKS=127.0.0.1; fi
    if [ -f providers.json ]; then export PRODMATIC_OIDC_PROVIDERS=$dir/providers.json; fi
    "$root/target/release/prodmatic" seed --data "$dir/data"
    # Every test signs somebody up or in, all from one address.
    exec "$root/target/release/prodmatic" serve --addr "127.0.0.1:$port" --data "$dir/data" \
      --rate-sign-ups 0 --rate-passwords 0 --rate-mails 0 ${server_arguments[@]+"${server_arguments[@]}"}
  ) >"$log" 2>&1 </dev/null &
  pid=$!
  at_exit stop_server "$pid" "$dir/data"
  export BASE_URL=http://127.0.0.1:$port SERVER_DATA=$dir/data
  for _ in $(seq 300); do
    if answers "$BASE_URL/readyz"; then return; fi
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.2
  done
  tail -n 40 "$log" >&2
  die "the server did not get ready (target/server.log)"
}

# start_identity_providers URL FILE: providers for people to sign in by at the server with that URL, listed in the file;
# none where the browser tests' packages are not installed.
start_identity_providers() {
  [ -d end2end/node_modules/oidc-provider ] || return 0
  node end2end/oidc/providers.mjs "$1" "$2" >target/providers.log 2>&1 </dev/null &
  at_exit kill $!
  for _ in $(seq 100); do
    if [ -f "$2" ]; then return; fi
    sleep 0.1
  done
  die "the identity providers did not get ready (target/providers.log)"
}

answers() {
  node -e 'fetch(process.argv[1]).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))' "$1"
}

# stop_server PID DATA
stop_server() {
  kill "$1" 2>/dev/null || true
  for _ in $(seq 100); do
    kill -0 "$1" 2>/dev/null || break
    sleep 0.1
  done
  kill -9 "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
  # A server that had to be killed leaves its Postgres behind.
  find "$2" -name postmaster.pid -exec head -n 1 {} \; 2>/dev/null | while read -r pid; do
    kill -QUIT "$pid" 2>/dev/null || true
  done
}
