#!/bin/sh
# A chromium for the browser tests and an nginx for the load tests: the system's own, or installed by the system's package
# manager where that is allowed. Without nginx its tests are skipped.
browser() {
  for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then return 0; fi
  done
  return 1
}
missing=""
browser || missing="chromium fonts-noto-cjk"
[ -x /usr/sbin/nginx ] || command -v nginx >/dev/null 2>&1 || missing="$missing nginx-light"
if [ -n "$missing" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086  # names of packages, one word each
  apt-get update -qq && apt-get install -y -qq $missing >/dev/null
fi
browser && exit 0
echo "The browser tests need chromium: install it with your package manager (Debian: apt-get install chromium fonts-noto-cjk)." >&2
exit 1
