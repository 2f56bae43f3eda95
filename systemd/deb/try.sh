#!/bin/sh
# Try the package in a Debian of its own: build it, install it without network, check, serve, take one message, upgrade,
# remove, purge. As root, with debootstrap:  sh systemd/deb/try.sh [FOLDER]
# FOLDER keeps the Debian system between runs (default: made and removed). No systemd runs inside: what units do is
# tested by tests/integration/test_systemd_units.py; here the service is started as its own account.
set -eu
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || { echo "needs root (chroot)" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "debootstrap is missing: apt-get install debootstrap" >&2; exit 1; }
root=${1:-}
if [ -z "$root" ]; then root=$(mktemp -d) && keep=""; else keep=yes; fi
served=""
clean_up() {
    [ -z "$served" ] || kill "$served" 2>/dev/null || true
    umount "$root/proc" "$root/dev" 2>/dev/null || true
    [ -n "$keep" ] || rm -rf "$root"
}
trap clean_up EXIT
say() { printf '== %s\n' "$*"; }
inside() { unshare --net chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; } # no network at all

OUT=$(mktemp -d)
export OUT
sh systemd/deb/build.sh
package=$(ls "$OUT"/vitalgate_*.deb)
if [ ! -e "$root/usr/bin/dpkg" ]; then
    say "a Debian system"
    debootstrap --variant=minbase --include=python3,systemd,ca-certificates,procps bookworm "$root" >/dev/null
fi
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
mountpoint -q "$root/dev" || mount --bind /dev "$root/dev"
cp "$package" "$root/tmp/vitalgate.deb"

say "install, without network"
inside dpkg -i /tmp/vitalgate.deb
inside vitalgate --version
inside vitalgate check --config /etc/vitalgate/vitalgate.yml
inside vitalgate rules test >/dev/null
inside dpkg -V vitalgate
ls -ld "$root/etc/vitalgate" "$root/var/lib/vitalgate" "$root"/etc/vitalgate/*

say "serve as its own account, with the key handed over as systemd does; send a message"
cat >"$root/tmp/serve.sh" <<'INSIDE'
set -eu
ip link set lo up 2>/dev/null || python3 -c '
import fcntl, socket, struct
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sH14x", b"lo", 1 | 64))'
sed -e "s/^relay_domains: .*/relay_domains: [mutuelle.example]/" -e "s|^  maildir: null|  maildir: /var/lib/vitalgate/delivered|" \
    -e "s/^  address: 127.0.0.1:10026.*//" /etc/vitalgate/vitalgate.yml >/tmp/try.yml
install -d -o vitalgate -m 500 /tmp/credentials
install -o vitalgate -m 400 /etc/vitalgate/quarantine.key /tmp/credentials/
CREDENTIALS_DIRECTORY=/tmp/credentials setpriv --reuid=vitalgate --regid=vitalgate --clear-groups \
    /usr/bin/vitalgate serve --config /tmp/try.yml 2>/tmp/serve.log &
served=$!
python3 - <<'PY'
import smtplib, time
for _ in range(100):
    try:
        client = smtplib.SMTP("127.0.0.1", 10025, timeout=10)
        break
    except OSError:
        time.sleep(0.1)
client.sendmail("a@sender.example", ["b@mutuelle.example"], b"From: a@sender.example\r\nSubject: x\r\n\r\nBonjour\r\n")
client.quit()
PY
ls /var/lib/vitalgate/delivered/new
grep -c '"event":"message"' /tmp/serve.log
grep -o "confinement_unavailable.*" /tmp/serve.log || echo "workers are confined"
kill "$served"; wait "$served"
vitalgate quarantine verify --config /etc/vitalgate/vitalgate.yml
INSIDE
inside sh /tmp/serve.sh

say "upgrade: settings and key stay"
before=$(sha256sum "$root/etc/vitalgate/quarantine.key")
echo "# mine" >>"$root/etc/vitalgate/vitalgate.yml"
inside dpkg -i --force-confold /tmp/vitalgate.deb >/dev/null
[ "$before" = "$(sha256sum "$root/etc/vitalgate/quarantine.key")" ]
grep -q "# mine" "$root/etc/vitalgate/vitalgate.yml"

say "remove: held mail and settings stay"
inside dpkg -r vitalgate
[ ! -e "$root/usr/lib/vitalgate" ] && [ ! -e "$root/usr/bin/vitalgate" ]
[ -d "$root/var/lib/vitalgate/quarantine" ] && [ -e "$root/etc/vitalgate/vitalgate.yml" ]

say "purge: nothing stays"
inside dpkg -P vitalgate
[ ! -e "$root/var/lib/vitalgate" ] && [ ! -e "$root/etc/vitalgate" ]
say "all well"
