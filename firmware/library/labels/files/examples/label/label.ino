// Says the label of a text, and then of every line that the serial monitor sends (115200 baud, line ending: new line).
#include <@name@.h>

static @name@_model model;

static void sayLabel() {
  size_t size = 0;
  const char *name = @name@_label_name(&model, @name@_label(&model, nullptr), &size);
  for (size_t i = 0; i < size; i++) Serial.write(static_cast<uint8_t>(name[i]));
  Serial.println();
}

void setup() {
  static const char text[] = @prompt@;
  Serial.begin(115200);
  const char *problem = @name@_open(&model);
  while (problem != NULL) {
    Serial.println(problem);
    delay(1000);
  }
  @name@_read(&model, text, sizeof text - 1);
  sayLabel();
}

void loop() {
  if (Serial.available() == 0) return;
  const char next = static_cast<char>(Serial.read());
  if (next == '\n') {
    sayLabel();
  } else if (next != '\r') {
    @name@_read(&model, &next, 1);
  }
}
