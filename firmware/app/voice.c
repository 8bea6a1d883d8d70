#include "voice.h"

#include "atome_labels.h"
#include "model.h"

static model speaking;
static atome_vocabulary words;
/* Of the last step. */
static const uint32_t *logits;

#if !defined(WITHOUT_LABELS) && !defined(WITHOUT_COMPACT)
static atome_labels labels; /* without a section where the model speaks */

static void find_labels(void) {
  labels.section = NULL;
  if (speaking.kind == MODEL_COMPACT) (void)atome_labels_open(&labels, &speaking.image.compact);
}

int voice_is_classifier(void) { return labels.section != NULL; }

const char *voice_label(uint32_t *size) {
  static const char none[] = "none of these";
  const void *scores = model_step(&speaking, ATOME_LABEL_END);
  const int label = atome_labels_choose(&labels, scores, NULL);
  *size = sizeof none - 1u;
  return label == ATOME_NO_LABEL ? none : atome_label_name(&labels, (uint32_t)label, size);
}
#else
static void find_labels(void) {}

#if !defined(WITHOUT_LABELS)
int voice_is_classifier(void) { return 0; }
#endif

const char *voice_label(uint32_t *size) {
  *size = 0;
  return "";
}
#endif

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
  if (status == ATOME_OK) status = model_vocabulary(&speaking, &words);
  if (status == ATOME_OK) find_labels();
  return reason(status);
}

const char *voice_arithmetic(void) { return speaking.kind == MODEL_FLOAT ? "float32" : "integers"; }

static uint32_t tell(voice_dimension *dimensions, const voice_dimension *told, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) dimensions[i] = told[i];
  return count;
}

static uint32_t compact_shape(voice_dimension *dimensions) {
  const atome_compact_shape shape = speaking.image.compact.shape;
  const voice_dimension told[] = {
      {"d_model", shape.model_width},
      {"n_layers", shape.layer_count},
      {"d_state", shape.state_width},
      {"n_gates", shape.gate_count},
      {"d_ff", shape.hidden_width}};
  return tell(dimensions, told, sizeof told / sizeof *told);
}

uint32_t voice_shape(voice_dimension *dimensions) {
  if (speaking.kind == MODEL_COMPACT) return compact_shape(dimensions);
  const atome_shape shape = speaking.kind == MODEL_INTEGER ? speaking.image.integer.shape : speaking.image.real.shape;
  const voice_dimension told[VOICE_DIMENSIONS] = {
      {"d_model", shape.model_width},
      {"n_layers", shape.layer_count},
      {"d_head", shape.head_width},
      {"top_k", shape.top_k},
      {"kernel", shape.kernel_size}};
  return tell(dimensions, told, VOICE_DIMENSIONS);
}

void voice_reset(void) { model_reset(&speaking); }

const atome_vocabulary *voice_vocabulary(void) { return &words; }

uint8_t voice_step(uint8_t token) {
  logits = model_step(&speaking, token);
  return model_greedy(&speaking, logits);
}

uint8_t voice_choose(const uint8_t *rest, uint32_t count) {
  uint32_t best = ATOME_VOCABULARY;
  for (uint32_t token = 0; token < ATOME_VOCABULARY; token++) {
    if (!atome_vocabulary_allows(&words, (uint8_t)token, rest, count)) continue;
    if (best == ATOME_VOCABULARY || model_is_larger(&speaking, logits[token], logits[best])) best = token;
  }
  return (uint8_t)best; /* the rest's first byte is a token, so there is one */
}
