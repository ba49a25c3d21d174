#!/bin/sh
# Checks the systemd units beside this file: that systemd accepts them, and how much their sandbox leaves open.
# It prints the exposure of each service, and fails if systemd reports anything, or at more than this, in tenths.
set -eu
most=15

here=$(dirname "$0")
units=$(mktemp -d)
trap 'rm -rf "$units"' EXIT
# Another program, as the gateway need not be installed. An instance, as a template cannot be checked.
for unit in zoho-backup-proxy.service zoho-backup-proxy.socket zoho-backup-proxy@.service; do
    instance=$(echo "$unit" | sed 's/@\./@account./')
    sed 's|^ExecStart=.*|ExecStart=/bin/true|' "$here/$unit" >"$units/$instance"
done

cd "$units"
reported=$(systemd-analyze verify --recursive-errors=no ./*.service ./*.socket 2>&1) || true
if [ -n "$reported" ]; then
    echo "$reported"
    exit 1
fi
for service in *.service; do
    if ! report=$(systemd-analyze security --no-pager --offline=true --threshold="$most" "./$service" 2>&1); then
        echo "$report"
        exit 1
    fi
    echo "$report" | sed -n "s/.*Overall exposure level for \([^ ]*\): \([^ ]*\) .*/\1: exposure \2/p"
done
