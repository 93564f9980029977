#!/bin/sh
# fan-out.sh P.snap JOBS.jsonl HOST...: jobs over several machines by ssh, results on standard output as they come.
#
# Each host needs iso4, found by its PATH or named by ISO4. The snapshot goes to each once, under the digest of its
# content. GNU parallel deals the jobs out, BLOCK lines at a time, and gives those of a host that fails to another.
# Exit status 0 when every block was run through, whatever its runs came to.
set -eu

[ $# -ge 3 ] || {
    echo 'usage: fan-out.sh P.snap JOBS.jsonl HOST...' >&2
    exit 2
}
snapshot=$1 jobs=$2
shift 2
: "${ISO4:=iso4}" "${SSH:=ssh}" "${BLOCK:=1000}"
stored=.cache/iso4/$(sha256sum <"$snapshot" | cut -c 1-64).snap

hosts=
for host; do
    # Whole or not at all: runs that began earlier may be reading it.
    $SSH "$host" "test -f $stored || { mkdir -p ${stored%/*} && cat >$stored.\$\$ && mv $stored.\$\$ $stored; }" <"$snapshot"
    hosts=$hosts${hosts:+,}$host
done

# Status 1: a run failed, and its result says so.
parallel --no-notice --pipe -N "$BLOCK" --retries 3 --ssh "$SSH" -S "$hosts" \
    "$ISO4 batch --snapshot $stored || test \$? = 1" <"$jobs"
