#!/bin/sh
# Make the virtual environment in $1, installing python3-venv where that is missing and may be installed.
set -eu
venv=$1
python=${PYTHON:-python3}

"$python" - <<'PY' || exit 1
import sys
if sys.version_info < (3, 11):
    sys.exit(f"vitalgate needs Python 3.11 or later; this is {sys.version.split()[0]} (set PYTHON=... for another one)")
PY

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ]; then sudo=""; elif sudo -n true 2>/dev/null; then sudo="sudo"; else
        echo "The package $version is missing. Run this, then again what you ran: sudo apt-get install $version" >&2
        exit 1
    fi
    echo "Installing $version ..."
    $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y "$version" >/dev/null
fi

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
echo "Installing vitalgate and its tools into $venv ..."
"$venv/bin/python" -m pip install -q --disable-pip-version-check -U pip wheel
"$venv/bin/python" -m pip install -q --disable-pip-version-check -e '.[dev]'
