#!/usr/bin/env bash
# Lighthouse over the main pages of a portal that is served on this machine as in production, in both languages, with the
# settings of its slow phone. Needs lighthouse (npm install --global lighthouse) and Chromium.
#
#   bench/lighthouse.sh http://127.0.0.1:8000
set -euo pipefail
base=${1%/}
case $base in http://127.0.0.1:* | http://localhost:*) ;; *) echo "pages of this machine only" >&2; exit 2 ;; esac
out=$(mktemp)
trap 'rm -f "$out"' EXIT

first() { # list, pattern: the first link of a list that leads to one of its records
  curl -fsS "$base$1" | grep -oE "href=\"$2\"" | head -1 | cut -d'"' -f2
}
scores() {
  CHROME_PATH=${CHROMIUM:-/usr/bin/chromium} lighthouse "$base$1" --quiet --output=json --output-path="$out" \
    --chrome-flags="--headless --no-sandbox --disable-gpu" --only-categories=performance,accessibility,best-practices,seo
  python3 -c "
import json, sys
found = json.load(open(sys.argv[1]))['categories'].values()
print('|', sys.argv[2], '|', ' | '.join('failed' if one['score'] is None else str(round(100 * one['score'])) for one in found), '|')" "$out" "$1"
}
echo "| page | performance | accessibility | best practices | SEO |"
echo "|---|---:|---:|---:|---:|"
for language in ar en; do
  for page in "/$language/" "/$language/news/" "$(first "/$language/news/" "/$language/news/[0-9][^\"]*")" "/$language/meetings/" \
    "$(first "/$language/meetings/" "/$language/meetings/[0-9][^\"]*")" "$(first "/$language/reviews/" "/$language/reviews/[0-9]+/")" \
    "/$language/search/"; do
    scores "$page"
  done
done
