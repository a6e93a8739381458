#!/bin/sh
# build.sh COMPILER OUTPUT: compiles librawio.so. A compiler without the C library's headers is no error: it says so
# and leaves no file.
set -eu
compiler=$1 output=$2
here=$(dirname "$0")

if ! printf '#include <signal.h>\n#include <pthread.h>\n' | "$compiler" -E -x c -o /dev/null - 2>/dev/null; then
  rm -f "$output"
  echo "librawio: $compiler has no C library to build against"
  exit 0
fi

# Static TLS, because a signal handler looks at it. No builtins, vectors and unrolling: the loops over device memory stay the
# loops they are written as. A library is complete before it takes the place of the one before.
mkdir -p "$(dirname "$output")"
"$compiler" -std=c11 -O2 -g0 -Wall -Wextra -Werror -fPIC -shared -fvisibility=hidden -ftls-model=initial-exec \
  -ffile-prefix-map="$here"=native -Wl,-soname,librawio.so -Wl,-Bsymbolic -Wl,-z,relro,-z,now -Wl,--as-needed -Wl,-z,defs -pthread \
  -fno-semantic-interposition -fno-builtin -fno-tree-vectorize -fno-unroll-loops -fno-strict-aliasing \
  -o "$output.$$" "$here"/barriers.c "$here"/device.c "$here"/guard.c "$here"/ports.c "$here"/probe.c
mv -f "$output.$$" "$output"
