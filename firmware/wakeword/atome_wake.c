/* From sound to a word; docs/formats/mel.md. */
#include "atome_wake.h"

#if UINTPTR_MAX == UINT32_MAX
typedef char detector_has_the_size_that_is_said[sizeof(atome_wake) == ATOME_WAKE_BYTES ? 1 : -1];
#endif

atome_status atome_wake_init(
    atome_wake *wake, const atome_wake_settings *settings, const atome_compact_image *image, void *memory,
    size_t memory_size) {
  if (wake == NULL || settings == NULL) return ATOME_BAD_NUMBER;
  wake->settings = *settings;
  wake->left = 0u;
  atome_mel_init(&wake->mel);
  return atome_compact_init(&wake->engine, image, memory, memory_size);
}

atome_wake_answer atome_wake_step(atome_wake *wake, const int16_t samples[ATOME_MEL_STEP]) {
  atome_wake_answer answer = {0};
  atome_mel_step(&wake->mel, samples, answer.bytes);
  const int32_t *logits = atome_compact_step_together(&wake->engine, answer.bytes, ATOME_MEL_PARTS);
  answer.score = logits[ATOME_WAKE_SAID] - logits[ATOME_WAKE_OTHER];
  if (wake->left > 0u) {
    wake->left--;
  } else {
    answer.is_heard = answer.score >= wake->settings.threshold ? 1u : 0u;
    wake->left = answer.is_heard != 0u ? wake->settings.pause : 0u;
  }
  return answer;
}
