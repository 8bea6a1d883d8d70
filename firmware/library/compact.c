/* The compact engine, as the library's own functions use it. */
typedef atome_compact_engine library_engine;

static atome_status library_open(
    library_engine *engine, const uint8_t *bytes, size_t size, atome_vocabulary *vocabulary, void *memory,
    size_t memory_size) {
  atome_compact_image image;
  atome_status status = atome_compact_open(&image, bytes, size);
  if (status == ATOME_OK) status = atome_compact_init(engine, &image, memory, memory_size);
  if (status == ATOME_OK) status = atome_vocabulary_open(vocabulary, image.vocabulary, image.vocabulary_size);
  return status;
}

static void library_reset(library_engine *engine) { atome_compact_reset(engine); }

static const int32_t *library_step(library_engine *engine, uint8_t token) { return atome_compact_step(engine, token); }

/* MARK: choosing */

/* The likeliest token without a sampler. */
static uint8_t library_choose(const library_engine *engine, atome_sampler *sampler, const int32_t *logits) {
  return sampler == NULL ? atome_integer_greedy(logits) : atome_compact_sample(sampler, &engine->image, logits);
}
