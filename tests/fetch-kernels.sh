#!/bin/sh
# Fills a folder with what the metal lab boots and what the device tree tests read, from Debian's packages:
#   DIR/dtbs               every .dtb file of the arm64 kernel (RAWIO_DTBS)
#   DIR/amd64, DIR/arm64   vmlinuz, its config, the modules of the lab, busybox, the C library (RAWIO_KERNELS is DIR)
#   tests/fetch-kernels.sh DIR && RAWIO_KERNELS=DIR RAWIO_DTBS=DIR/dtbs dotnet test
# Takes the packages from the sources this machine already has, through lists of its own: nothing is installed and
# the machine's apt state is not touched. A folder that is full already is left as it is.
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
: >"$work/status"

# apt for an architecture: the whole state apart from sources, keys and proxies is ours. As root, apt drops to a user
# who cannot write there.
apt_for() {
    arch=$1
    tool=$2
    shift 2
    "$tool" -q -o APT::Architecture="$arch" -o APT::Architectures::="$arch" \
        -o Dir::State="$work/$arch/state" -o Dir::State::status="$work/status" \
        -o Dir::Cache="$work/$arch/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none \
        -o Acquire::Retries=3 "$@"
}

# take ARCH PACKAGE PATTERN... unpacks the files of a package that match into $work/ARCH/root.
take() {
    arch=$1
    package=$2
    shift 2
    (cd "$work/$arch/debs" && apt_for "$arch" apt-get download "$package") >"$work/download.log" 2>&1 ||
        { cat "$work/download.log" >&2; exit 1; }
    dpkg --fsys-tarfile "$work/$arch/debs/$package"_*.deb | tar -x -C "$work/$arch/root" --wildcards "$@"
    rm "$work/$arch/debs/$package"_*.deb
}

fill() {
    arch=$1
    mkdir -p "$work/$arch/state/lists/partial" "$work/$arch/cache/archives/partial" "$work/$arch/debs" "$work/$arch/root" "$dir/$arch/modules" "$dir/$arch/lib"
    # A source that has nothing for an architecture is no harm, as long as Debian's own has.
    apt_for "$arch" apt-get update >"$work/update.log" 2>&1 || true
    # The meta package names the real one in its dependency.
    kernel=$(apt_for "$arch" apt-cache depends --no-recommends --no-suggests "linux-image-$arch" 2>/dev/null |
        sed -n 's/^ *Depends: *\(linux-image-[^ ]*\).*/\1/p' | head -n 1)
    kernel=${kernel%:*}
    if [ -z "$kernel" ]; then
        cat "$work/update.log" >&2
        echo "$0: this machine's apt sources have no linux-image-$arch" >&2
        exit 1
    fi
    root=$work/$arch/root
    take "$arch" "$kernel" './boot/*' '*/uio.ko*' '*/uio_pci_generic.ko*' $3
    take "$arch" busybox-static '*/bin/busybox'
    take "$arch" libc6 '*/ld-linux-*' '*/libc.so.6' '*/libm.so.6' '*/libdl.so.2' '*/libpthread.so.0' '*/librt.so.1'
    take "$arch" libgcc-s1 '*/libgcc_s.so.1'
    take "$arch" zlib1g '*/libz.so*'

    cp "$root"/boot/vmlinuz-* "$dir/$arch/vmlinuz"
    cp "$root"/boot/config-* "$dir/$arch/config"
    cp "$(find "$root" -type f -path '*/bin/busybox')" "$dir/$arch/busybox"
    find "$root/lib/modules" "$root/usr/lib/modules" -name '*.ko*' -exec cp {} "$dir/$arch/modules/" \; 2>/dev/null || true
    find "$dir/$arch/modules" -name '*.xz' -exec xz -d {} +
    # By the names the loader asks for; what they point at comes along.
    find "$root" \( -name '*.so.[0-9]' -o -name 'libz.so.1' \) | while read -r library; do
        cp -L "$library" "$dir/$arch/lib/" 2>/dev/null || cp "$root/$(readlink "$library")" "$dir/$arch/lib/$(basename "$library")"
    done
    if [ "$2" = dtbs ]; then
        # Vendor folders are kept: two vendors may use one file name.
        mkdir -p "$dir/dtbs"
        cp -R "$(find "$root" -type d -path "*/$kernel" | head -n 1)/." "$dir/dtbs/"
        count=$(find "$dir/dtbs" -name '*.dtb' | wc -l)
        if [ "$count" -lt 100 ]; then
            echo "$0: $kernel has only $count .dtb files" >&2
            exit 1
        fi
        echo "$count device trees of $kernel" >>"$work/complete"
    fi
    echo "$kernel with $(find "$dir/$arch/modules" -type f | wc -l) modules and $(find "$dir/$arch/lib" -type f | wc -l) libraries" >>"$work/complete"
}

fill arm64 dtbs '*.dtb'
fill amd64 none ''
tee "$dir/.complete" <"$work/complete"
