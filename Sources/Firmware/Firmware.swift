// Firmware
