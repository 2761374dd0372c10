#!/usr/bin/env bash
# Opens the pages of artifacts/site/html (build/site.sh) in a headless Chromium: headings, navigation, pictures, and a glyph for every symbol of the formulas.
# Skipped, visibly, where Chromium is not installed and cannot be (as root on Debian it is installed).
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v chromium >/dev/null && ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu; } >/dev/null 2>&1; then
    echo "SKIPPED: the site is not looked at, for Chromium is not installed and cannot be."
    exit 0
fi
work="$(mktemp -d)"
cp build/site/check.html artifacts/site/html/
python3 -u -m http.server 0 --bind 127.0.0.1 --directory artifacts/site/html >"$work/server" 2>/dev/null &
server=$!
trap 'kill "$server"; rm -rf "$work" artifacts/site/html/check.html' EXIT
until port="$(sed -n 's/.* port \([0-9]*\) .*/\1/p' "$work/server")" && [ -n "$port" ]; do sleep 0.1; done
chromium --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" --virtual-time-budget=600000 --timeout=600000 \
    --dump-dom "http://127.0.0.1:$port/check.html" >"$work/shown" 2>"$work/errors" || { cat "$work/errors"; exit 1; }
sed -n '/<pre id="report">/,/<\/pre>/{/pre/d;p}' "$work/shown" | tee "$work/report"
grep -q ', 0 faults$' "$work/report"
