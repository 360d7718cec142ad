#!/usr/bin/env bash
# The main pages under load, beside a bare Django page (bench/bare.py) measured in the same rounds.
# It makes a scratch database of its own and drops it; it talks to this machine only. Needs wrk, psql, curl and the .venv.
#
#   BENCH_DATABASE_ADMIN_URL  where databases may be made   postgres://postgres@127.0.0.1:5432/postgres
#   ROUNDS SECONDS_EACH       how often, how long            3, 5
#   CONNECTIONS               open at the same time          16
#   SCALE                     synthetic articles             2000
set -euo pipefail
cd "$(dirname "$0")/.."

admin=${BENCH_DATABASE_ADMIN_URL:-postgres://postgres@127.0.0.1:5432/postgres}
rounds=${ROUNDS:-3}
seconds=${SECONDS_EACH:-5}
connections=${CONNECTIONS:-16}
scale=${SCALE:-2000}
python=.venv/bin/python

say() { echo "bench: $*" >&2; }
quit() { say "$@"; exit 2; }

missing=()
for tool in wrk psql curl; do command -v "$tool" >/dev/null || missing+=("$tool"); done
[ -x .venv/bin/gunicorn ] || missing+=(".venv (make test sets it up)")
[ ${#missing[@]} -eq 0 ] || quit "missing: ${missing[*]}. Nothing was installed."
case $admin in
  *@127.0.0.1[:/]* | *@localhost[:/]* | *@\[::1\][:/]*) ;;
  *) quit "BENCH_DATABASE_ADMIN_URL must name a server on this machine: databases are made and dropped there." ;;
esac
psql "$admin" -qtAc "SELECT 1" >/dev/null || quit "PostgreSQL does not answer at BENCH_DATABASE_ADMIN_URL."

database=portal_bench_$$
tmp=$(mktemp -d)
servers=()
clean() {
  trap - EXIT INT TERM
  for pid in "${servers[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${servers[@]}"; do wait "$pid" 2>/dev/null || true; done
  psql "$admin" -qc "DROP DATABASE IF EXISTS $database WITH (FORCE)" >/dev/null 2>&1 || say "could not drop $database"
  rm -rf "$tmp"
}
trap clean EXIT
trap 'exit 130' INT TERM

unset CACHE_URL BEHIND_TLS_PROXY SITE_URL
export DJANGO_SETTINGS_MODULE=config.settings.base
export SECRET_KEY ALLOWED_HOSTS=127.0.0.1,localhost SECURE_SSL_REDIRECT=false DATA_DIR=$tmp/data
export DATABASE_URL=${admin%/*}/$database
SECRET_KEY=$($python -c "import secrets; print(secrets.token_urlsafe(48))")

say "preparing $database with $scale synthetic articles"
psql "$admin" -qc "CREATE DATABASE $database TEMPLATE template0 ENCODING 'UTF8'"
$python manage.py compile_translations
$python manage.py migrate --verbosity 0
$python manage.py collectstatic --noinput --verbosity 0
$python manage.py seed_demo --scale "$scale" --verbosity 0
psql "$DATABASE_URL" -qc "VACUUM ANALYZE"

free_port() { $python -c "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"; }
serve() { # application, port, folder
  BIND=127.0.0.1:$2 WEB_CONCURRENCY=2 .venv/bin/gunicorn --config deploy/gunicorn.conf.py --chdir "$3" \
    --max-requests 0 --log-level warning "$1" 2>"$tmp/gunicorn-$2.log" &
  servers+=($!)
  for _ in $(seq 100); do
    curl -fsS -o /dev/null "http://127.0.0.1:$2/" 2>/dev/null && return
    kill -0 "${servers[-1]}" 2>/dev/null || break
    sleep 0.2
  done
  cat "$tmp/gunicorn-$2.log" >&2
  quit "$1 does not answer on port $2"
}
portal_port=$(free_port)
serve config.wsgi "$portal_port" .
bare_port=$(free_port)
serve bare "$bare_port" bench
portal=http://127.0.0.1:$portal_port

id_of() { psql "$DATABASE_URL" -qtAc "$1"; }
address() { curl -fsS -o /dev/null -w '%{redirect_url}' "$portal/ar/$1-/" | sed "s,^$portal,,"; }
article=$(address "news/$(id_of "SELECT id FROM news_article WHERE picture <> '' AND ready_ar ORDER BY published_at DESC LIMIT 1")")
meeting=$(address "meetings/$(id_of "SELECT m.id FROM meetings_meeting m JOIN meetings_document d ON d.meeting_id = m.id
  WHERE m.audience = 'public' AND m.status = 'published' ORDER BY m.starts_at DESC LIMIT 1")")

names=("bare page" "/ar/" "/ar/news/" "an article" "/ar/meetings/" "a public meeting" "/ar/group/")
urls=("http://127.0.0.1:$bare_port/" "$portal/ar/" "$portal/ar/news/" "$portal$article" "$portal/ar/meetings/"
  "$portal$meeting" "$portal/ar/group/")
for url in "${urls[@]}"; do
  code=$(curl -s -o /dev/null -w '%{http_code}' "$url")
  [ "$code" = 200 ] || quit "$url answers $code"
done

cat >"$tmp/report.lua" <<'LUA'
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("@@ %.1f %.1f %.1f %d\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
LUA
load() { # url, seconds: requests per second, p50 ms, p95 ms, errors
  timeout $(($2 + 60)) wrk -t1 -c"$connections" -d"$2s" --timeout 20s -s "$tmp/report.lua" "$1" >"$tmp/wrk" 2>&1 || true
  sed -n 's/^@@ //p' "$tmp/wrk" >"$tmp/one"
  [ -s "$tmp/one" ] || { cat "$tmp/wrk" >&2; quit "wrk gave no result for $1"; }
  cat "$tmp/one"
  # What wrk left behind in the server's queue runs out before the next page's turn.
  sleep "$(awk -v c="$connections" '{ print 0.3 + 1.5 * c / ($1 < 1 ? 1 : $1) }' "$tmp/one")"
}

say "$rounds rounds of ${seconds} s for ${#urls[@]} pages, $connections connections"
for url in "${urls[@]}"; do load "$url" 2 >/dev/null; done
for _ in $(seq "$rounds"); do
  for i in "${!urls[@]}"; do load "${urls[$i]}" "$seconds" >>"$tmp/result-$i"; done
done

median() { cut -d' ' -f"$2" "$tmp/result-$1" | sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
failed=0
base=$(median 0 1)
echo "| page | req/s | p50 ms | p95 ms | to the bare page |"
echo "|---|---:|---:|---:|---:|"
for i in "${!urls[@]}"; do
  awk -v n="${names[$i]}" -v r="$(median "$i" 1)" -v a="$(median "$i" 2)" -v b="$(median "$i" 3)" -v base="$base" \
    'BEGIN { printf "| %s | %.0f | %.0f | %.0f | %.2f |\n", n, r, a, b, r / base }'
  errors=$(awk '{ sum += $4 } END { print sum }' "$tmp/result-$i")
  [ "$errors" = 0 ] || { say "${names[$i]}: $errors requests failed"; failed=1; }
done

weight() { curl -fsS -H "Accept-Encoding: $2" "$1" | wc -c; }
echo
echo "| page | bytes | compressed |"
echo "|---|---:|---:|"
for i in "${!urls[@]}"; do
  [ "$i" = 0 ] || echo "| ${names[$i]} | $(weight "${urls[$i]}" identity) | $(weight "${urls[$i]}" gzip) |"
done
sheet=$portal$(curl -fsS "$portal/ar/" | grep -o '/static/portal[^"]*\.css' | head -1)
echo
echo "portal.css: $(weight "$sheet" identity) bytes, $(weight "$sheet" gzip) gzip, $(weight "$sheet" br) brotli"
exit $failed
