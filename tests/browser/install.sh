#!/bin/sh
# Browser tests drive Debian's Chromium and look at Chinese text. Installs both by apt where they
# are missing; where it may not, it says in one sentence what to install, and the tests fail.
# Chromium without a window (chromium-headless-shell) takes a third less: the whole Chromium
# draws the window that nobody sees as well. Where there is no such package the whole one does.
set -u
shell=chromium-headless-shell
missing=
command -v $shell >/dev/null 2>&1 || missing="$shell"
fc-list 2>/dev/null | grep -qi "cjk" || missing="$missing fonts-noto-cjk"
[ -z "$missing" ] && exit 0
browser() { command -v $shell || command -v chromium || command -v chromium-browser; }
install() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$@" >/dev/null 2>&1; }
if command -v apt-get >/dev/null 2>&1; then
  as_root=
  [ "$(id -u)" = 0 ] || as_root="sudo -n"
  if [ -z "$as_root" ] || $as_root true >/dev/null 2>&1; then
    echo "正在用 apt 安装 $missing … / Installing $missing by apt …"
    $as_root apt-get update -q >/dev/null 2>&1
    # shellcheck disable=SC2086
    install $missing || { install fonts-noto-cjk; browser >/dev/null 2>&1 || install chromium; }
  fi
fi
browser >/dev/null 2>&1 && exit 0
echo "浏览器测试需要 Chromium：请执行 sudo apt-get install $shell fonts-noto-cjk，再运行一次。 / Browser tests need Chromium: run  sudo apt-get install $shell fonts-noto-cjk  and try again." >&2
exit 1
