// Continues a prompt, and then every line that the serial monitor sends (115200 baud, line ending: new line).
#include <@name@.h>

static @name@_model model;
static const int byteLimit = @byte_limit@;

static void continueText() {
  char text[@NAME@_TEXT_BYTES];
  for (int said = 0; said < byteLimit;) {
    const int count = @name@_next(&model, text);
    if (count == @NAME@_END) break;
    for (int i = 0; i < count && said < byteLimit; i++, said++) Serial.write(static_cast<uint8_t>(text[i]));
    if (count == 0) said++;  // so that it ends, whatever the model says
  }
  Serial.println();
  @name@_reset(&model);
}

void setup() {
  static const char prompt[] = @prompt@;
  Serial.begin(115200);
  const char *problem = @name@_open(&model);
  while (problem != NULL) {
    Serial.println(problem);
    delay(1000);
  }
  @name@_read(&model, prompt, sizeof prompt - 1);
  continueText();
}

void loop() {
  if (Serial.available() == 0) return;
  const char next = static_cast<char>(Serial.read());
  @name@_read(&model, &next, 1);
  if (next == '\n') continueText();
}
