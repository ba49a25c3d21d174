#!/bin/bash
# A tour of the gateway: starts the sandbox in Zoho's place and the gateway before it, and shows what an operator meets,
# as curl, the log and the exit status show it. Needs curl and the two programs:
#   cargo build -p sandbox -p zoho-backup-proxy && proxy/deploy/tour.sh [folder of the programs] [folder of the widget]
set -u
programs=${1:-target/debug}
widget=${2:-dist}
gateway=$(realpath "$programs/zoho-backup-proxy")
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT

title() { printf '\n== %s\n' "$*"; }
show() { printf '$ %s\n' "$*"; "$@" 2>&1 | sed 's/^/  /; $a\'; }
# Status, and these headers.
head_of() { show curl --silent --show-error --output /dev/null --dump-header - "$@" | tr -d '\r' \
    | grep --ignore-case --extended-regexp '^\$|HTTP/|^ *(age|allow|cache-control|content-(encoding|length)|date|etag|vary|retry-after):'; }
until_ready() { for _ in {1..200}; do curl --silent --fail "$@" >/dev/null && return; sleep 0.05; done; echo "not ready"; exit 1; }

"$programs/sandbox" --https 18090 --ca-file "$work/ca.pem" >"$work/sandbox.log" 2>&1 & pids+=("$!")
for _ in {1..200}; do [ -s "$work/ca.pem" ] && break; sleep 0.05; done
umask 077
printf sandbox-client-secret >"$work/client-secret"
printf 1000.sandbox-refresh-token >"$work/refresh-token"
settings=(SSL_CERT_FILE="$work/ca.pem" ZOHO_BACKUP_CLIENT_ID=1000.SANDBOX
    ZOHO_BACKUP_API_DOMAIN=https://localhost:18090 ZOHO_BACKUP_ACCOUNTS_SERVER=https://localhost:18090
    ZOHO_BACKUP_CLIENT_SECRET_FILE="$work/client-secret" ZOHO_BACKUP_REFRESH_TOKEN_FILE="$work/refresh-token"
    ZOHO_BACKUP_LISTEN=127.0.0.1:18095)
with() { env --ignore-environment "${settings[@]}" "$@"; }
# In the background: its process is the gateway itself, for signals.
started=
start() { local log=$1; shift; (exec env --ignore-environment "${settings[@]}" "$@" 2>"$log" >/dev/null) & started=$!; pids+=("$started"); }
admin=(ZOHO_BACKUP_ADMIN_LISTEN=127.0.0.1:18096)
[ -f "$widget/widget_bg.wasm" ] && admin+=(ZOHO_BACKUP_WIDGET_DIR="$(realpath "$widget")")
start "$work/gateway.log" "${admin[@]}" "$gateway"; main=$started
url=http://127.0.0.1:18095
until_ready "$url/healthz"

title "GET and HEAD of the backup details"
head_of "$url/crm/bulk/v6/backup"
head_of --head "$url/crm/bulk/v6/backup"
show curl --silent "$url/crm/bulk/v6/backup"

title "Probes answer to any Host, readers only to the gateway's names"
show curl --silent --header 'Host: 10.1.2.3' "$url/healthz"
show curl --silent --header 'Host: 10.1.2.3' "$url/readyz"
show curl --silent --header 'Host: evil.example' "$url/crm/bulk/v6/backup"
show "$gateway" --healthcheck --listen 127.0.0.1:18095; echo "  exit status $?"

title "Without a secret it is not ready; then Zoho is asked again at once"
mv "$work/refresh-token" "$work/away"
show curl --silent "$url/readyz"
mv "$work/away" "$work/refresh-token"

title "SIGHUP reads the widget's files again; the process goes on"
kill -HUP "$main"
until_ready "$url/healthz"
show kill -0 "$main"; echo "  process $main runs"

title "The badge as a picture: its headers, its words, and a query that it does not know"
head_of "$url/badge.svg"
show sh -c "curl --silent $url/badge.svg | sed -n 's/.*<title>\\(.*\\)<.title>.*/\\1/p'"
show curl --silent "$url/badge.svg?theme=auto"

title "Permissions of secrets: of the group warned of, never refused"
chmod 640 "$work/client-secret"
show with "$gateway" --check

title "Status and metrics, on a listener of their own"
show curl --silent http://127.0.0.1:18096/statusz
show sh -c 'curl --silent http://127.0.0.1:18096/metrics | grep -v "^#" | grep -v bucket'
show curl --silent "$url/metrics"

if [ -f "$widget/widget_bg.wasm" ]; then
    title "The widget's files, compressed"
    for coding in br gzip identity; do head_of --header "Accept-Encoding: $coding" "$url/widget_bg.wasm"; done
fi

title "A Unix socket: for the group, taken over if nobody answers there, and not if somebody does"
start "$work/socket.log" "$gateway" --listen "unix:$work/socket"
until_ready --unix-socket "$work/socket" http://localhost/healthz
show ls -l "$work/socket"
show curl --silent --unix-socket "$work/socket" http://localhost/healthz
show with "$gateway" --listen "unix:$work/socket"
kill -KILL "$started"; wait "$started" 2>/dev/null
start "$work/socket.log" "$gateway" --listen "unix:$work/socket"
until_ready --unix-socket "$work/socket" http://localhost/healthz
echo "  taken over"

title "A proxy on the way that does not answer"
start "$work/proxy.log" ZOHO_BACKUP_UPSTREAM_PROXY=http://127.0.0.1:9 ZOHO_BACKUP_LISTEN=127.0.0.1:18097 "$gateway"
until_ready http://127.0.0.1:18097/healthz
show curl --silent http://127.0.0.1:18097/crm/bulk/v6/backup

title "Mistakes in the configuration: all at once, none shows a value that may be secret, exit status 2"
show with ZOHO_BACKUP_CLIENT_ID='"1000.SANDBOX"' ZOHO_BACKUP_CACHE_SECONDS= ZOHO_BACKUP_LISTEN=nowhere "$gateway" --check
with ZOHO_BACKUP_LISTEN=nowhere "$gateway" --check 2>/dev/null; echo "  exit status $?"
show with SSL_CERT_FILE="$work/none.pem" "$gateway" --check
show with ZOHO_BACKUP_CACHE_SECONDS=1200 ZOHO_BACKUP_ALLOWED_ORIGINS=http://portal.example "$gateway" --check

title "The log, as text and as JSON"
show tail -n 5 "$work/gateway.log"
start "$work/json.log" ZOHO_BACKUP_LOG_FORMAT=json ZOHO_BACKUP_LISTEN=127.0.0.1:18098 "$gateway"
until_ready http://127.0.0.1:18098/healthz
show head -n 2 "$work/json.log"
