# Sourced by .ci/run and the scripts beside this one: what was proved, with its time.
# Bash; `set -e` is on where it is used.

SUMMARY=${AMBER_SUMMARY:?a file that the summary is written to}

# proof NAME COMMAND…: run a command; if it succeeds, NAME and its time are in the summary.
proof() {
    local name=$1 began=$SECONDS
    shift
    echo "== $name"
    "$@"
    printf '%5d s  %s\n' $((SECONDS - began)) "$name" >>"$SUMMARY"
}

# note TEXT: a line of the summary that isn't a proof.
note() {
    echo "== $1"
    printf '         %s\n' "$1" >>"$SUMMARY"
}
