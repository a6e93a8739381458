#!/bin/sh
# Compiles the boards' device trees with dtc (Debian: device-tree-compiler). Into this folder, or another one:
#   src/RawIo.Sim/Boards/build.sh [DIR]
set -eu
boards=$(cd "$(dirname "$0")" && pwd)
for source in "$boards"/*.dts; do
    # No padding, so that the same source is the same bytes. /soc has no unit address because nobody calls it by one, and
    # RP1's GPIO has the one that Linux shows.
    dtc -W no-unit_address_vs_reg -W no-simple_bus_reg -I dts -O dtb -V 17 -i "$boards" -o "${1:-$boards}/$(basename "$source" .dts).dtb" "$source"
done
