# Turns the linker script's sums, as nm lists them, into one JSON object.
awk '
  $3 == "flash_used" { flash = $1 }
  $3 == "ram_used" { ram = $1 }
  function number(text,   i, value) {
    for (i = 1; i <= length(text); i++) value = value * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
    return value
  }
  END { printf "{\"flash_bytes\": %d, \"ram_bytes\": %d}\n", number(flash), number(ram) }
'
