#!/usr/bin/env bash
# The main pages under load, from the page cache, from nginx's cache and made anew, each beside what it is compared with
# (bench/bare.py, a static file) in the same rounds.
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
# The portal twice: with its page cache, and without.
kept_port=$(free_port)
PAGE_CACHE=true serve config.wsgi "$kept_port" .
kept=http://127.0.0.1:$kept_port
portal_port=$(free_port)
PAGE_CACHE=false serve config.wsgi "$portal_port" .
portal=http://127.0.0.1:$portal_port

id_of() { psql "$DATABASE_URL" -qtAc "$1"; }
address() { curl -fsS -o /dev/null -w '%{redirect_url}' "$portal/ar/$1-/" | sed "s,^$portal,,"; }
article=$(address "news/$(id_of "SELECT id FROM news_article WHERE picture_id IS NOT NULL AND is_shown AND ready_ar ORDER BY published_at DESC LIMIT 1")")
meeting=$(address "meetings/$(id_of "SELECT m.id FROM meetings_meeting m JOIN meetings_document d ON d.meeting_id = m.id
  WHERE m.audience = 'public' AND m.status = 'published' ORDER BY m.starts_at DESC LIMIT 1")")
cookie=$($python -c "
import django; django.setup()
from django.conf import settings
from django.test import Client
from apps.accounts.models import User
from apps.accounts.roles import Role
client = Client()
client.force_login(next(one for one in User.objects.filter(is_active=True).order_by('pk') if one.has_role(Role.MEMBER)))
print(f'{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}')" 2>/dev/null)

# Constant strings and static files of the same sizes.
mkdir -p "$tmp/files"
chmod 755 "$tmp" "$tmp/files"
curl -fsS "$portal/ar/" >"$tmp/files/home"
curl -fsS "$portal/ar/news/" >"$tmp/files/list"
curl -fsS "$portal$article" >"$tmp/files/article"
bare_port=$(free_port)
BENCH_CONSTANTS=$tmp/files serve bare "$bare_port" bench
bare=http://127.0.0.1:$bare_port

names=() urls=() bases=()
measure() { names+=("$1") urls+=("$2") bases+=("$3"); } # name, address, the number of the row it is compared with
measure "Django, a constant of the size of /ar/" "$bare/constant/home/" 0
measure "/ar/ from the page cache" "$kept/ar/" 0
measure "Django, a constant of the size of /ar/news/" "$bare/constant/list/" 2
measure "/ar/news/ from the page cache" "$kept/ar/news/" 2
measure "Django, a constant of the size of the article" "$bare/constant/article/" 4
measure "an article from the page cache" "$kept$article" 4
if command -v nginx >/dev/null; then
  nginx_port=$(free_port)
  cat >"$tmp/nginx.conf" <<NGINX
pid $tmp/nginx.pid; error_log $tmp/nginx.log; daemon off; worker_processes 2;
$([ "$(id -u)" = 0 ] && echo "user root;")
events { worker_connections 512; }
http {
  access_log off; sendfile on;
  client_body_temp_path $tmp/n1; proxy_temp_path $tmp/n2; fastcgi_temp_path $tmp/n3; uwsgi_temp_path $tmp/n4; scgi_temp_path $tmp/n5;
  proxy_cache_path $tmp/cache levels=1:2 keys_zone=portal:10m use_temp_path=off;
  upstream portal { server 127.0.0.1:$kept_port; keepalive 32; }
  server {
    listen 127.0.0.1:$nginx_port;
    location /files/ { root $tmp; default_type text/html; }
    location / {
      proxy_pass http://portal; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host \$http_host;
      proxy_cache portal; proxy_cache_key "\$scheme\$http_host\$request_uri"; proxy_ignore_headers Vary;
      proxy_cache_lock on; proxy_cache_revalidate on;
    }
  }
}
NGINX
  nginx -c "$tmp/nginx.conf" 2>/dev/null &
  servers+=($!)
  sleep 1
  measure "nginx, a file of the size of /ar/" "http://127.0.0.1:$nginx_port/files/home" 6
  measure "/ar/ from nginx's cache" "http://127.0.0.1:$nginx_port/ar/" 6
fi
page=${#urls[@]}
measure "Django, a page of one query and 20 rows" "$bare/" "$page"
for path in /ar/ /ar/news/ "$article" /ar/meetings/ "$meeting" /ar/group/; do
  measure "$(case $path in "$article") echo "an article" ;; "$meeting") echo "a public meeting" ;; *) echo "$path" ;; esac), made anew" "$portal$path" "$page"
done
measure "a member's page of a meeting" "$portal$meeting" "$page"
member=$((${#urls[@]} - 1))

for i in "${!urls[@]}"; do
  code=$(curl -s -o /dev/null -w '%{http_code}' $([ "$i" = "$member" ] && echo "-H" "Cookie:$cookie") "${urls[$i]}")
  [ "$code" = 200 ] || quit "${urls[$i]} answers $code"
done

cat >"$tmp/report.lua" <<'LUA'
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("@@ %.1f %.1f %.1f %d\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
LUA
load() { # number, seconds: requests per second, p50 ms, p95 ms, errors
  local who=()
  [ "$1" != "$member" ] || who=(-H "Cookie: $cookie")
  timeout $(($2 + 60)) wrk -t1 -c"$connections" -d"$2s" --timeout 20s "${who[@]}" -s "$tmp/report.lua" "${urls[$1]}" >"$tmp/wrk" 2>&1 || true
  sed -n 's/^@@ //p' "$tmp/wrk" >"$tmp/one"
  [ -s "$tmp/one" ] || { cat "$tmp/wrk" >&2; quit "wrk gave no result for ${urls[$1]}"; }
  cat "$tmp/one"
  # What wrk left behind in the server's queue runs out before the next page's turn.
  sleep "$(awk -v c="$connections" '{ print 0.3 + 1.5 * c / ($1 < 1 ? 1 : $1) }' "$tmp/one")"
}

say "$rounds rounds of ${seconds} s for ${#urls[@]} pages, $connections connections"
for i in "${!urls[@]}"; do load "$i" 2 >/dev/null; done
for _ in $(seq "$rounds"); do
  for i in "${!urls[@]}"; do load "$i" "$seconds" >>"$tmp/result-$i"; done
done

median() { cut -d' ' -f"$2" "$tmp/result-$1" | sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
failed=0
echo "| what | req/s | p50 ms | p95 ms | ratio |"
echo "|---|---:|---:|---:|---:|"
for i in "${!urls[@]}"; do
  awk -v n="${names[$i]}" -v r="$(median "$i" 1)" -v a="$(median "$i" 2)" -v b="$(median "$i" 3)" -v base="$(median "${bases[$i]}" 1)" \
    'BEGIN { printf "| %s | %.0f | %.1f | %.1f | %.2f |\n", n, r, a, b, r / base }'
  errors=$(awk '{ sum += $4 } END { print sum }' "$tmp/result-$i")
  [ "$errors" = 0 ] || { say "${names[$i]}: $errors requests failed"; failed=1; }
done

weight() { curl -fsS -H "Accept-Encoding: $2" "$1" | wc -c; }
echo
echo "| page | bytes | compressed |"
echo "|---|---:|---:|"
for path in /ar/ /ar/news/ "$article" /ar/meetings/ "$meeting" /ar/group/; do
  echo "| $(echo "$path" | cut -c1-30) | $(weight "$portal$path" identity) | $(weight "$portal$path" gzip) |"
done
sheet=$portal$(curl -fsS "$portal/ar/" | grep -o '/static/portal[^"]*\.css' | head -1)
echo
echo "portal.css: $(weight "$sheet" identity) bytes, $(weight "$sheet" gzip) gzip, $(weight "$sheet" br) brotli"
exit $failed
