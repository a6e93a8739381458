#!/bin/sh
# Fills a folder with the .dtb files of Debian's arm64 kernel package, for the tests that read RAWIO_DTBS.
#   tests/fetch-dtbs.sh DIR && RAWIO_DTBS=DIR dotnet test
# Takes the package from the sources this machine already has, through lists of its own for arm64: nothing is
# installed and the machine's apt state is not touched. A folder that is full already is left as it is.
set -eu

if [ $# -ne 1 ]; then
    echo "usage: $0 DIR" >&2
    exit 2
fi
mkdir -p "$1"
dir=$(cd "$1" && pwd)
if [ -e "$dir/.complete" ]; then
    cat "$dir/.complete"
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial"
: >"$work/status"

# The whole state apart from sources, keys and proxies is ours. As root, apt drops to a user who cannot write there.
arm64() {
    tool=$1
    shift
    "$tool" -q -o APT::Architecture=arm64 -o APT::Architectures::=arm64 \
        -o Dir::State="$work/state" -o Dir::State::status="$work/status" \
        -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none \
        -o Acquire::Retries=3 "$@"
}

# A source that has nothing for arm64 is no harm, as long as Debian's own has.
arm64 apt-get update >"$work/update.log" 2>&1 || true

# The meta package names the real one in its dependency.
package=$(arm64 apt-cache depends --no-recommends --no-suggests linux-image-arm64 2>/dev/null |
    sed -n 's/^ *Depends: *\(linux-image-[^ ]*\).*/\1/p' | head -n 1)
if [ -z "$package" ]; then
    cat "$work/update.log" >&2
    echo "$0: this machine's apt sources have no linux-image-arm64" >&2
    exit 1
fi

cd "$work"
arm64 apt-get download "$package" >"$work/download.log" 2>&1 || { cat "$work/download.log" >&2; exit 1; }
mkdir unpacked
dpkg --fsys-tarfile ./*.deb | tar -x -C unpacked --wildcards '*.dtb'

# Vendor folders are kept: two vendors may use one file name.
root=$(find unpacked -type d -name "${package%:*}" | head -n 1)
cp -R "$root/." "$dir/"
count=$(find "$dir" -name '*.dtb' | wc -l)
if [ "$count" -lt 100 ]; then
    echo "$0: $package has only $count .dtb files" >&2
    exit 1
fi
echo "$count device trees of ${package%:*}" | tee "$dir/.complete"
