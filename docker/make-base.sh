#!/usr/bin/env bash
# Makes the base of our images on a Debian machine whose Docker engine cannot pull any: as slim as the official one, and under
# its name, which the Dockerfiles ask for. Needs root, debootstrap and the command docker; takes half a minute.
#
#   docker/make-base.sh [debian:bookworm-slim]
#
# Where Node is told of certificates on this machine, the image brings them along: whoever builds on it reaches the registry of
# packages by the same way.
set -euo pipefail
# Where Debian has debootstrap, and not everybody looks.
export PATH="$PATH:/usr/sbin:/sbin"

name=${1:-debian:bookworm-slim}
suite=bookworm
certificates=/usr/local/share/build-certificates.crt

# In memory where that can be had: packages are unpacked waiting for the disk at each file.
root=$(mktemp -d)
trap 'umount "$root" 2>/dev/null; rm -rf "$root"' EXIT
mount -t tmpfs -o size=1g tmpfs "$root" 2>/dev/null || true

debootstrap --variant=minbase "$suite" "$root" >"$root/debootstrap.txt" || {
  tail -n 5 "$root/debootstrap.txt" >&2
  exit 1
}
rm "$root/debootstrap.txt"

# Further packages are unpacked without waiting, leave out what nobody reads in a container, and are not kept.
cat >"$root/etc/dpkg/dpkg.cfg.d/slim" <<'END'
force-unsafe-io
path-exclude /usr/share/doc/*
path-exclude /usr/share/man/*
path-exclude /usr/share/locale/*
END
echo 'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb"; };' >"$root/etc/apt/apt.conf.d/slim"
rm -rf "$root"/usr/share/{doc,man,locale}/* "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*

change=()
if [ -n "${NODE_EXTRA_CA_CERTS:-}" ]; then
  cp "$NODE_EXTRA_CA_CERTS" "$root$certificates"
  change=(--change "ENV NODE_EXTRA_CA_CERTS=$certificates")
fi

tar -C "$root" -c . | docker import "${change[@]}" - "$name" >/dev/null
