# shellcheck shell=bash
# What passed with the very same files and tools would pass again: script/test asks here and runs only the rest. In CI everything runs.
# Sourced after lib.sh, once the tools are there.

passed_folder=$CARGO_TARGET_DIR/passed
mkdir -p "$passed_folder"

# key PATHSPEC...: stands for these files as they are now, and for the tools that the result depends on besides.
key() {
  local files
  files=$(git ls-files -co --exclude-standard -- "$@" | sort -u | while read -r file; do if [ -f "$file" ]; then echo "$file"; fi; done)
  {
    echo "$files"
    git hash-object --stdin-paths <<<"$files"
    rustc --version && node --version && "$CHROMIUM" --version && "$(pg_bindir)/postgres" --version && uname -srm
  } 2>/dev/null | sha256
}

# passed_before KEY: how many tests passed then; fails where they did not, or it is not known.
passed_before() {
  [ "${CI:-}" != true ] && cat "$passed_folder/$1" 2>/dev/null
}

# note_passed KEY NUMBER
note_passed() { echo "$2" >"$passed_folder/$1"; }
