#!/usr/bin/env bash
# Reads every batch of health records of a hub's stream with nothing but redis-cli, a line each:
#
#     [REDISCLI_AUTH=PASSWORD] follow.sh redis://HOST:6379 [--once] [--user NAME]
#
# The place lies in a key and moves in the transaction that acknowledges. What was delivered and
# not acknowledged (it was killed) comes first; after that what is new. For the exact count of what
# was trimmed unread take bus-consumer.
set -euo pipefail

usage() {
    echo "usage: [REDISCLI_AUTH=PASSWORD] follow.sh redis://HOST:6379 [--once] [--user NAME]" >&2
    exit 3
}

(($# >= 1)) || usage
url="$1"
shift
once=""
user=()
while (($# > 0)); do
    case "$1" in
        --once) once=yes ;;
        --user) user=(--user "${2:?--user needs a name}") && shift ;;
        *) usage ;;
    esac
    shift
done
if [[ $url == *@* ]]; then
    # Whoever may list processes reads what stands in a command.
    echo "follow.sh: the password belongs into REDISCLI_AUTH, a user behind --user" >&2
    exit 3
fi
stream=muster:health
group=follow.sh
place_key=muster:example:follow.sh

cli() { redis-cli -u "$url" "${user[@]}" --raw "$@"; }

is_id() { [[ $1 =~ ^[0-9]+-[0-9]+$ ]]; }

# Makes the group where it is missing: behind the last entry that was acknowledged, at the stream's
# start in the first life alone. An existing group is left as it is.
join() {
    local place answer
    place="$(cli GET "$place_key")" || return 1
    if [[ -n $place ]] && ! is_id "$place"; then
        echo "follow.sh: $place" >&2
        return 1
    fi
    answer="$(cli XGROUP CREATE "$stream" "$group" "${place:-0}" MKSTREAM)" || return 1
    if [[ $answer != OK && $answer != BUSYGROUP* ]]; then
        echo "follow.sh: $answer" >&2
        return 1
    fi
}

# Answers OK to the key and a number to the acknowledgement, or it was not done.
acknowledge() {
    local answer
    answer="$(printf 'MULTI\nSET %s %s\nXACK %s %s %s\nEXEC\n' "$place_key" "$1" "$stream" "$group" \
        "$1" | cli)" || return 1
    [[ $answer == *$'\nOK\n'[01] ]]
}

wait_or_leave() {
    [[ -z $once ]] || exit 1
    joined="" # what was under way comes again
    sleep 1
}

joined=""
while true; do
    if [[ -z $joined ]]; then
        if ! join; then
            wait_or_leave
            continue
        fi
        joined=yes
        from=0
    fi
    # Of one entry --raw prints: the stream, the id, the field, the document.
    if ! answer="$(cli XREADGROUP GROUP "$group" follower COUNT 1 BLOCK 1000 STREAMS "$stream" "$from")"; then
        wait_or_leave
        continue
    fi
    mapfile -t lines <<<"$answer"
    id="${lines[1]:-}"
    if [[ ${lines[0]} == NOGROUP* ]]; then
        echo "follow.sh: the group is gone: it is made again where it stood" >&2
        joined=""
    elif is_id "$id"; then
        printf '%s %s\n' "$id" "${lines[3]:-}"
        acknowledge "$id" || wait_or_leave
    elif [[ -n ${lines[0]} && ${lines[0]} != "$stream" ]]; then
        echo "follow.sh: ${lines[0]}" >&2
        wait_or_leave
    elif [[ $from == 0 ]]; then
        from='>' # nothing of an earlier life is left
    elif [[ -n $once ]]; then
        exit 0
    fi
done
