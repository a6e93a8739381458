#!/bin/sh
# Runs the benchmarks of real ports in QEMU's PC, under a kernel of Debian's, and prints their rows:
#   bench/guest.sh KERNELS PROGRAM ROUNDS
# KERNELS is what tests/fetch-kernels.sh filled, PROGRAM the folder that RawIo.Bench.Driver was published in.
set -eu

if [ $# -ne 3 ]; then
    echo "usage: $0 KERNELS PROGRAM ROUNDS" >&2
    exit 2
fi
kernels=$(cd "$1" && pwd)/amd64
program=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

root=$work/root
mkdir -p "$root/bin" "$root/lib" "$root/bench"
cp "$kernels/busybox" "$root/bin/busybox"
cp "$kernels"/lib/* "$root/lib/"
ln -s lib "$root/lib64"
cp "$program/rawio-bench-driver" "$program"/*.so "$root/bench/"
cat >"$root/init" <<EOF
#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /tmp
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs dev /dev
echo
/bench/rawio-bench-driver guest $3
echo "OVER \$?"
/bin/busybox poweroff -f
EOF
chmod 755 "$root/init" "$root/bin/busybox" "$root/bench/rawio-bench-driver"
(cd "$root" && find . | cpio --quiet -o -H newc -R 0:0 | gzip -1) >"$work/root.gz"

# The keyboard controller is nobody's, as in the metal lab.
timeout 300 qemu-system-x86_64 -accel tcg -M pc -m 512 -display none -monitor none -serial "file:$work/console" -no-reboot \
    -kernel "$kernels/vmlinuz" -initrd "$work/root.gz" \
    -append "console=ttyS0 quiet panic=-1 no_timer_check initcall_blacklist=i8042_init" </dev/null
tr -d '\r' <"$work/console" >"$work/text"
if ! grep -q '^OVER 0$' "$work/text"; then
    echo "the guest did not end well:" >&2
    cat "$work/text" >&2
    exit 1
fi
grep '	' "$work/text"
