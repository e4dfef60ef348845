#!/bin/sh
# A chromium for the browser tests: the system's own, or one installed by the system's package manager when that is allowed.
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk >/dev/null && exit 0
fi
echo "The browser tests need chromium: install it with your package manager (Debian: apt-get install chromium fonts-noto-cjk)." >&2
exit 1
