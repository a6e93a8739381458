#!/bin/sh
# /init of the guests: what the checks need, then the checks. "lab=BOOT" on the kernel's command line says which.
/bin/busybox mkdir -p /proc /sys /dev /run /tmp /lock
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
mkdir /run/lock
chmod 1777 /tmp /run/lock
boot=$(sed -n 's/.*lab=\([^ ]*\).*/\1/p' /proc/cmdline)
# The console is the checks' alone.
echo 1 >/proc/sys/kernel/printk
for module in uio uio_pci_generic; do
    [ -e /modules/$module.ko ] && insmod /modules/$module.ko
done
# The serial port may begin with rubbish.
echo
cd /guest
first=0
while :; do
    ./metal-guest "$boot" "$first"
    status=$?
    [ "$status" -eq 0 ] && break
    # The check that ran took the program with it: it has failed, and the others go on.
    if ! [ -s /run/check ]; then
        echo "DIED before the first check: exit code $status"
        break
    fi
    { read -r at; read -r name; } </run/check
    echo "FAIL $name: it ended the whole program: exit code $status"
    rm /run/check
    first=$((at + 1))
done
echo "OVER"
poweroff -f
sleep 1000
