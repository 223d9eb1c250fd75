#!/bin/sh
# Unpacks Oracle's mysqldump, with all libraries that it needs, into /opt/mysql: for the Dockerfile beside it.
# Debian's stable suites carry MariaDB's, which cannot dump MySQL 5.6. Debian's suite sid has Oracle's, for amd64 and
# arm64, but built for a newer C library than the image's. So nothing of sid is installed: the client comes with its own
# libraries and their loader, and what the image runs besides stays Debian stable's.
# apt checks the signature of the archive with Debian's keyring, and each package's SHA-256 against what is signed.
# Needs no program of the architecture that it fetches for: the image of another one is built without emulation.
# Environment: TARGETARCH, MYSQL_CLIENT_VERSION, DEBIAN_SNAPSHOT, as in the Dockerfile.
set -eu

architecture=${TARGETARCH:-$(dpkg --print-architecture)}
archive=http://deb.debian.org/debian
options=
if [ -n "${DEBIAN_SNAPSHOT:-}" ]; then
  archive=http://snapshot.debian.org/archive/debian/$DEBIAN_SNAPSHOT
  # The signature of what was published then has run out by now; it is checked all the same.
  options='check-valid-until=no'
fi

work=$(mktemp -d)
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/tree"
: > "$work/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg $options] $archive sid main" > "$work/sources.list"

# A state of its own: for another architecture, and as if nothing was installed, so that every library is fetched.
apt_get() {
  apt-get --quiet --yes \
    -o "APT::Architecture=$architecture" -o "APT::Architectures=$architecture" \
    -o "Dir::State=$work/state" -o "Dir::State::status=$work/status" -o "Dir::Cache=$work/cache" \
    -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
    -o APT::Install-Recommends=false -o APT::Sandbox::User= -o APT::Update::Error-Mode=any \
    -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o Acquire::Retries=3 "$@"
}
apt_get update
apt_get install --download-only "mysql-client-core=$MYSQL_CLIENT_VERSION"
for package in "$work"/cache/archives/*.deb; do dpkg-deb --extract "$package" "$work/tree"; done

mkdir -p /opt/mysql/bin /opt/mysql/lib/plugin
cp "$work/tree/usr/bin/mysqldump" /opt/mysql/bin/
# Servers before 8.0 authenticate with it; since 9.0 it is a plugin of the client.
cp "$work/tree/usr/lib/mysql/plugin/mysql_native_password.so" /opt/mysql/lib/plugin/
cp --no-dereference "$work/tree/usr/lib"/*-linux-gnu/*.so.* /opt/mysql/lib/
ln -s "$(basename "$(find /opt/mysql/lib -name 'ld-linux-*.so.*')")" /opt/mysql/lib/ld.so
# What is in the image and unknown to its dpkg: for who has to find a vulnerable version.
# shellcheck disable=SC2016 # dpkg-deb's own variables
for package in "$work"/cache/archives/*.deb; do dpkg-deb --show --showformat '${Package} ${Version} ${Architecture}\n' "$package"; done > /opt/mysql/packages.txt
rm -rf "$work"
