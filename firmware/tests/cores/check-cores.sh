#!/bin/sh
# Compares cores in QEMU with the host, bit by bit: every engine on images of odd shapes, each core in several builds.
# usage: check-cores.sh MAKE OUT BOARD...
#   tuned          as a firmware is built
#   short          -Os
#   frame-pointer  with a register for the frame
#   portable       -DATOME_PORTABLE
#   trap           -mno-unaligned-access, on a core that faults at any unaligned word
# Ends with status 1 where a text differs from the host's.
set -eu
make=$1 out=$2
shift 2
status=0
$make parity-host OUT="$out" >/dev/null
for board in "$@"; do
  builds=${BUILDS:-tuned short frame-pointer portable trap}
  for build in $builds; do
    case $build in
      tuned) flags="" level=-O2 ;;
      short) flags="" level=-Os ;;
      frame-pointer) flags=-fno-omit-frame-pointer level=-O2 ;;
      portable) flags=-DATOME_PORTABLE level=-O2 ;;
      trap) flags="-mno-unaligned-access -DTRAP_UNALIGNED" level=-O2 ;;
    esac
    # A Cortex-M0 faults in any case, and other cores than Arm's know no such flag.
    case $build:$board in trap:lm3s6965evb|trap:mps2-an385-v6m|trap:virt-*) continue ;; esac
    if ! $make parity-core BOARD="$board" OUT="$out" OPT="$level" EXTRA_FLAGS="$flags" >"$out/parity-make.txt" 2>&1; then
      tail -n 5 "$out/parity-make.txt"
      echo "$board $build: it was not built, or ended with a fault" && status=1
    elif cmp "$out/parity-host.txt" "$out/parity-core.txt"; then
      echo "$board $build: equal"
    else
      status=1
    fi
  done
done
exit $status
