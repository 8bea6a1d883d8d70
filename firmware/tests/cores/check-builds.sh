#!/bin/sh
# Compiles the engines as firmware does: gcc and clang, five cores, every level, with and without frame pointers, at link
# time too, all warnings being errors. Then what -DATOME_PORTABLE promises: no assembly, and the same numbers; and that no
# core that can fault at an unaligned word does.
# usage: check-builds.sh MAKE HERE OUT
# CROSS_CLANG (default clang) knows Arm; without one its builds are left out, which is said.
set -eu
make=$1 here=$2 out=$3
clang=${CROSS_CLANG:-clang}
cores="cortex-m0 cortex-m3 cortex-m4 cortex-m33 cortex-m55"
flags="-std=c99 -mthumb -ffreestanding -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wpedantic -Wundef -Werror"
flags="$flags -I$here/engine/include -I$here/engine -I$here/gpt/include -I$here/gpt"
# The files that have code for a core, and all.
own="$here/engine/atome_integer_product.c $here/engine/atome_integer_layers.c $here/engine/atome_nibbles.c
  $here/engine/atome_fixed.c $here/gpt/gpt_rows.c"
all="$here/engine/*.c $here/gpt/*.c"
jobs=$out/builds.txt
rm -rf "$out/builds" && mkdir -p "$out/builds"

# job COMPILER-AND-FLAGS FILES: a line of the list of builds, each in a folder of its own.
number=0
job() {
  number=$((number + 1))
  echo "mkdir $out/builds/$number; cd $out/builds/$number; $1 -c" $2
}
# The floating-point unit that a core has, which changes what registers a compiler chooses.
unit_of() {
  case $1 in
    cortex-m0|cortex-m3) echo -mfloat-abi=soft ;;
    cortex-m4) echo "-mfloat-abi=hard -mfpu=fpv4-sp-d16" ;;
    cortex-m33) echo "-mfloat-abi=hard -mfpu=fpv5-sp-d16" ;;
    *) echo -mfloat-abi=hard ;;
  esac
}
compilers=gcc
"$clang" --target=arm-none-eabi -mcpu=cortex-m0 -c -x c /dev/null -o /dev/null 2>/dev/null && compilers="gcc clang" ||
  echo "note: $clang does not compile for Arm; its builds are left out" >&2
{
  for core in $cores; do
    for compiler in $compilers; do
      [ $compiler = gcc ] && name=arm-none-eabi-gcc || name="$clang --target=arm-none-eabi"
      target="$name -mcpu=$core $(unit_of $core) $flags"
      job "$target -O2" "$own"
      job "$target -O2 -mno-unaligned-access" "$own"
      for level in -O0 -Og -Os -O2 -O3; do job "$target $level -fno-omit-frame-pointer" "$own"; done
      # What has no code for a core is the same for all.
      case $core in cortex-m0|cortex-m4) job "$target -O2" "$all"; job "$target -Os -DATOME_PORTABLE" "$all" ;; esac
    done
  done
} > "$jobs"
count=$(wc -l < "$jobs")
if ! xargs -P "$(nproc)" -I LINE sh -c 'LINE || { echo "failed: LINE"; exit 255; }' < "$jobs" > "$out/builds-said.txt" 2>&1
then
  head -n 40 "$out/builds-said.txt"
  exit 1
fi
echo "$count builds of $(echo $cores | wc -w) cores without a warning"

# Assembly finds its places relative to the program counter, whose last two bits do not count: so it begins at a word.
for core in cortex-m3 cortex-m7; do
  arm-none-eabi-gcc -mcpu=$core $flags -Os -ffunction-sections -c "$here/engine/atome_nibbles.c" -o "$out/builds/nibbles.o"
  arm-none-eabi-objdump -h "$out/builds/nibbles.o" | grep 'text.set_blocks.*2\*\*[2-9]' > "$out/builds/aligned.txt" ||
    { echo "error: set_blocks may begin within a word on a $core" >&2; exit 1; }
done

# At link time gcc looks into functions of assembly alone, were they not told to be left alone.
for core in cortex-m0 cortex-m4; do
  mkdir "$out/builds/$core" && cd "$out/builds/$core"
  arm-none-eabi-gcc -mcpu=$core $(unit_of $core) $flags -flto -O2 -fno-omit-frame-pointer -c $all
  arm-none-eabi-gcc -mcpu=$core -mthumb $(unit_of $core) -flto -O2 -nostdlib -r -flinker-output=nolto-rel ./*.o -o whole
  case $compilers:$(command -v ld.lld) in gcc:*|*:) continue ;; esac
  mkdir clang && cd clang
  "$clang" --target=arm-none-eabi -mcpu=$core $(unit_of $core) $flags -flto -O2 -fno-omit-frame-pointer -c $all
  ld.lld -r --lto-O2 ./*.o -o whole
done
echo "linked at once with -flto"

if arm-none-eabi-gcc -mcpu=cortex-m4 $flags -O2 -DATOME_PORTABLE -E $all | grep -n '__asm__\|__builtin_\|may_alias\|GCC unroll'
then
  echo "error: -DATOME_PORTABLE leaves what is not standard C" >&2
  exit 1
fi
$make parity-host OUT="$out" >/dev/null
cp "$out/parity-host.txt" "$out/parity-expected.txt"
$make parity-host OUT="$out" EXTRA_FLAGS="-DATOME_PORTABLE" >/dev/null
cmp "$out/parity-expected.txt" "$out/parity-host.txt"
echo "the host's portable build: equal"
BUILDS="portable frame-pointer" "$here/tests/cores/check-cores.sh" "$make" "$out" lm3s6965evb mps2-an386
BUILDS=trap "$here/tests/cores/check-cores.sh" "$make" "$out" mps2-an385 mps2-an386 mps2-an500 mps2-an505 mps3-an547
$make example BOARD=mps2-an385 OUT="$out" > "$out/example-made.txt" 2>&1 || { tail -n 5 "$out/example-made.txt"; exit 1; }
echo "examples/minimal says the same on the host and on a core"
