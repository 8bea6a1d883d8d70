#!/bin/sh
# Compiles the examples that stand in the engine's headers: what is between "Example" and the comment's end.
# usage: examples.sh HERE OUT COMPILER
set -eu
here=$1 out=$2 compiler=$3
count=0
for header in "$here"/engine/include/*.h; do
  name=$(basename "$header" .h)
  sed -n '/^ \* Example, which the tests compile:$/,/^ \*   }/p' "$header" | sed -n 's/^ \*   //p' | sed 's, \*/$,,' \
    > "$out/example-body.txt"
  [ -s "$out/example-body.txt" ] || continue
  { printf '#include "%s.h"\n\nint talk(const uint8_t *model, size_t size, uint8_t byte);\n\n' "$name"
    cat "$out/example-body.txt"; } > "$out/example-$name.c"
  "$compiler" -std=c99 -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wpedantic -Werror \
    -I"$here/engine/include" -c "$out/example-$name.c" -o "$out/example-$name.o"
  count=$((count + 1))
done
[ "$count" -ge 2 ] || { echo "error: only $count examples were found in the headers" >&2; exit 1; }
echo "$count examples of the headers compile"
