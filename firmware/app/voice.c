#include "voice.h"

#include "model.h"

static model speaking;

static const char *reason(atome_status status) { return status == ATOME_OK ? NULL : atome_status_message(status); }

const char *voice_memory_size(const uint8_t *image, size_t image_size, uint32_t context, size_t *size) {
  model opened;
  atome_status status = model_open(&opened, image, image_size, NULL);
  if (status == ATOME_OK) status = model_memory_size(&opened, context, size);
  return reason(status);
}

const char *voice_open(const uint8_t *image, size_t image_size, uint32_t context, void *memory, size_t memory_size) {
  atome_status status = model_open(&speaking, image, image_size, NULL);
  if (status == ATOME_OK) status = model_init(&speaking, context, memory, memory_size);
  return reason(status);
}

const char *voice_arithmetic(void) { return speaking.is_integer ? "integers" : "float32"; }

void voice_shape(voice_dimension *dimensions) {
  const atome_shape shape = speaking.is_integer ? speaking.image.integer.shape : speaking.image.real.shape;
  const voice_dimension told[VOICE_DIMENSIONS] = {
      {"d_model", shape.model_width}, {"n_layers", shape.layer_count}, {"d_head", shape.head_width},
      {"top_k", shape.top_k},         {"kernel", shape.kernel_size}};
  for (int i = 0; i < VOICE_DIMENSIONS; i++) dimensions[i] = told[i];
}

void voice_reset(void) { model_reset(&speaking); }

uint8_t voice_step(uint8_t byte) { return model_greedy(&speaking, model_step(&speaking, byte)); }
