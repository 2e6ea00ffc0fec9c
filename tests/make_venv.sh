#!/bin/sh
# Makes the virtual environment $VENV with $PYTHON; on a Debian without python3-venv it installs
# that package when it may, and otherwise says in one sentence what to install.
set -u
rm -rf "$VENV"
"$PYTHON" -m venv "$VENV" >/dev/null 2>&1 && exit 0
rm -rf "$VENV"
package=$("$PYTHON" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
if command -v apt-get >/dev/null 2>&1; then
  as_root=
  [ "$(id -u)" = 0 ] || as_root="sudo -n"
  if [ -z "$as_root" ] || $as_root true >/dev/null 2>&1; then
    $as_root apt-get update -q >/dev/null 2>&1
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$package" >/dev/null 2>&1
    "$PYTHON" -m venv "$VENV" >/dev/null 2>&1 && exit 0
    rm -rf "$VENV"
  fi
fi
echo "建不成 Python 虚拟环境：请先执行 sudo apt-get install $package，再运行一次。 / No virtual environment could be made: run  sudo apt-get install $package  and try again." >&2
exit 1
