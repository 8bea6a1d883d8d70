/* The float32 engine as the talking program's model. */
#include "model.h"

#include "atome_engine.h"

const char model_arithmetic[] = "float32";

static atome_image opened_image;
static atome_engine engine;

static const char *reason(atome_status status) { return status == ATOME_OK ? NULL : atome_status_message(status); }

const char *model_memory_size(const uint8_t *image, size_t image_size, uint32_t context, size_t *size) {
  atome_image checked;
  atome_status status = atome_image_open(&checked, image, image_size, NULL);
  if (status == ATOME_OK) status = atome_engine_memory_size(&checked, context, size);
  return reason(status);
}

const char *model_open(const uint8_t *image, size_t image_size, uint32_t context, void *memory, size_t memory_size) {
  atome_status status = atome_image_open(&opened_image, image, image_size, NULL);
  if (status == ATOME_OK) status = atome_engine_init(&engine, &opened_image, context, memory, memory_size);
  return reason(status);
}

void model_shape(model_dimension *dimensions) {
  const atome_shape shape = opened_image.shape;
  const model_dimension told[MODEL_DIMENSIONS] = {
      {"d_model", shape.model_width}, {"n_layers", shape.layer_count}, {"d_head", shape.head_width},
      {"top_k", shape.top_k},         {"kernel", shape.kernel_size}};
  for (int i = 0; i < MODEL_DIMENSIONS; i++) dimensions[i] = told[i];
}

void model_reset(void) { atome_engine_reset(&engine); }

uint8_t model_step(uint8_t byte) { return atome_greedy(atome_engine_step(&engine, byte)); }
