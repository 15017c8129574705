#!/bin/sh
# Ingests the sample article into an archive of its own and asks it two questions.
set -eu
NEWSDESK_HOME=$(mktemp -d)
export NEWSDESK_HOME
trap 'rm -rf "$NEWSDESK_HOME"' EXIT

ask() {
    printf '\n$ newsdesk ask "%s"\n' "$1"
    newsdesk ask "$1"
}

printf '\n$ newsdesk ingest samples/biden-putin-talks.txt\n'
newsdesk ingest samples/biden-putin-talks.txt
ask "what sanctions were threatened?"
ask "who won the world cup?"
