#!/bin/sh
# Install the Debian programs that the integration tests drive, where apt may be used; say what is missing where not.
set -eu
wanted="postfix nsd unbound prometheus postgresql systemd"
missing=""
for package in $wanted; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ]; then sudo=""; elif sudo -n true 2>/dev/null; then sudo="sudo"; else
    echo "Integration tests with$missing will be skipped. To run them: sudo apt-get install$missing" >&2
    exit 0
fi
echo "Installing$missing for the integration tests ..."
# RUNLEVEL=1 keeps invoke-rc.d from starting the services: the tests start their own copies.
if ! $sudo apt-get update -qq; then
    echo "apt does not work here, so integration tests with$missing will be skipped." >&2
    exit 0
fi
# From here on a package that can't be installed is a failure: these tests must run where they can.
$sudo env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing >/dev/null
