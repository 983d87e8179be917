#!/usr/bin/env bash
# Reads every batch of health records of a hub's stream with nothing but redis-cli, a line each:
#
#     follow.sh redis://127.0.0.1:6379 [--once]
#
# A group of its own keeps the place. What was delivered and not acknowledged (it was killed) comes
# first; after that what is new. For the exact count of what was trimmed unread take bus-consumer.
set -euo pipefail

if (($# < 1 || $# > 2)) || [[ ${2:---once} != --once ]]; then
    echo "usage: follow.sh redis://HOST:PORT [--once]" >&2
    exit 3
fi
url="$1"
once="${2:-}"
stream=muster:health
group=follow.sh

cli() { redis-cli -u "$url" --raw "$@"; }

# At the stream's beginning, in the first life alone: an existing group is left as it is.
cli XGROUP CREATE "$stream" "$group" 0 MKSTREAM >/dev/null 2>&1 || true

from=0
while true; do
    # Of one entry --raw prints: the stream, the id, the field, the document.
    if ! answer="$(cli XREADGROUP GROUP "$group" follower COUNT 1 BLOCK 1000 STREAMS "$stream" "$from")"; then
        [[ -z $once ]] || exit 1
        from=0 # what was under way comes again
        sleep 1
        continue
    fi
    mapfile -t lines <<<"$answer"
    id="${lines[1]:-}"
    if [[ ${lines[0]} == NOGROUP* ]]; then
        echo "follow.sh: the stream began anew" >&2
        cli XGROUP CREATE "$stream" "$group" 0 MKSTREAM >/dev/null
    elif [[ -n $id ]]; then
        printf '%s %s\n' "$id" "${lines[3]:-}"
        cli XACK "$stream" "$group" "$id" >/dev/null
    elif [[ $from == 0 ]]; then
        from='>' # nothing of an earlier life is left
    elif [[ -n $once ]]; then
        exit 0
    fi
done
