#!/bin/sh
# Build dist/vitalgate_VERSION_ARCH.deb. Everything that the gateway imports is inside, as a virtual environment over
# Debian's own Python: installing it needs no network and no compiler, and `dpkg -V vitalgate` checks every file.
# Needs dpkg-deb, and a Python with pip of the same minor version as the target's (PYTHON=..., default .venv/bin/python).
set -eu
cd "$(dirname "$0")/../.."
here=systemd/deb
python=${PYTHON:-.venv/bin/python}
out=${OUT:-dist}

command -v dpkg-deb >/dev/null || { echo "dpkg-deb is missing: make the package on Debian or Ubuntu" >&2; exit 1; }
version=$("$python" -c 'from gateway.model.version import __version__; print(__version__)')
minor=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
next=$("$python" -c 'import sys; print("%d.%d" % (sys.version_info[0], sys.version_info[1] + 1))')
architecture=$(dpkg --print-architecture)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y pyproject.toml)
export SOURCE_DATE_EPOCH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
prefix=$root/usr/lib/vitalgate
site=$prefix/lib/python$minor/site-packages
umask 022

# 1. The virtual environment, made by hand: `venv` would write this machine's paths into it.
echo "Collecting wheels ..."
"$python" -m pip wheel -q --disable-pip-version-check -w "$work/wheels" '.[postgres]'
mkdir -p "$prefix/bin" "$site"
"$python" -m pip install -q --disable-pip-version-check --no-index --no-compile --find-links "$work/wheels" \
    --target "$site" 'vitalgate[postgres]'
rm -rf "$site/bin"
find "$site" -name __pycache__ -type d -prune -exec rm -rf {} +
ln -s "/usr/bin/python$minor" "$prefix/bin/python"
printf 'home = /usr/bin\ninclude-system-site-packages = false\nversion = %s\n' "$minor" >"$prefix/pyvenv.cfg"
install -D -m 755 "$here/vitalgate" "$root/usr/bin/vitalgate"

# 2. Settings: the file of the repository, with the places of a Debian system.
install -d -m 755 "$root/etc/vitalgate"
sed -e 's|^  folder: var/quarantine|  folder: /var/lib/vitalgate/quarantine|' \
    -e '/^quarantine:/,/^history:/ s|^  key_file: null.*$|  key_file: /etc/vitalgate/quarantine.key # made when the package was installed; keep a copy offline|' \
    -e 's|^  url: sqlite:///var/history.db|  url: sqlite:////var/lib/vitalgate/history.db|' \
    config/vitalgate.yml >"$root/etc/vitalgate/vitalgate.yml"
for place in 'folder: /var/lib/vitalgate/quarantine' 'key_file: /etc/vitalgate/quarantine.key' \
    'url: sqlite:////var/lib/vitalgate/history.db'; do
    grep -q "$place" "$root/etc/vitalgate/vitalgate.yml" || { echo "config/vitalgate.yml changed: no $place" >&2; exit 1; }
done

# 3. What systemd, Prometheus, Grafana and people read.
install -d "$root/usr/lib/systemd/system"
for unit in systemd/vitalgate*.service systemd/vitalgate*.socket systemd/vitalgate*.timer; do
    install -m 644 "$unit" "$root/usr/lib/systemd/system/"
done
install -D -m 644 systemd/vitalgate.sysusers "$root/usr/lib/sysusers.d/vitalgate.conf"
install -D -m 644 systemd/vitalgate.tmpfiles "$root/usr/lib/tmpfiles.d/vitalgate.conf"
install -d "$root/usr/share/vitalgate" "$root/usr/share/doc/vitalgate/fr" "$root/usr/share/doc/vitalgate/decisions"
install -m 644 config/alerts.yml config/dashboard.json "$root/usr/share/vitalgate/"
install -m 644 README.md CHANGELOG.md docs/*.md "$root/usr/share/doc/vitalgate/"
install -m 644 docs/fr/*.md "$root/usr/share/doc/vitalgate/fr/"
install -m 644 docs/decisions/*.md "$root/usr/share/doc/vitalgate/decisions/"
install -m 644 "$here/copyright" "$root/usr/share/doc/vitalgate/copyright"

# 4. The package.
mkdir -p "$root/DEBIAN"
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@MINOR@/$minor/g" -e "s/@NEXT@/$next/g" \
    -e "s/@SIZE@/$(du -sk --exclude=DEBIAN "$root" | cut -f1)/" "$here/control" >"$root/DEBIAN/control"
echo /etc/vitalgate/vitalgate.yml >"$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do
    install -m 755 "$here/$script" "$root/DEBIAN/$script"
done
(cd "$root" && find etc usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find "$root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
mkdir -p "$out"
package=$out/vitalgate_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zgzip --build "$root" "$package" >/dev/null
echo "$package: $(du -h "$package" | cut -f1), for Python $minor on $architecture"
