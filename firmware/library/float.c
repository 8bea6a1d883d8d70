/* The float engine, as the library's own functions use it. */
typedef atome_engine library_engine;

static atome_status library_open(
    library_engine *engine, const uint8_t *bytes, size_t size, atome_vocabulary *vocabulary, void *memory,
    size_t memory_size) {
  atome_image image;
  atome_status status = atome_image_open(&image, bytes, size, NULL);
  if (status == ATOME_OK) status = atome_engine_init(engine, &image, @NAME@_CONTEXT, memory, memory_size);
  if (status == ATOME_OK) status = atome_vocabulary_open(vocabulary, image.vocabulary, image.vocabulary_size);
  return status;
}

static void library_reset(library_engine *engine) { atome_engine_reset(engine); }

static const float *library_step(library_engine *engine, uint8_t token) { return atome_engine_step(engine, token); }

/* The likeliest token without a sampler. */
static uint8_t library_choose(const library_engine *engine, atome_sampler *sampler, const float *logits) {
  (void)engine;
  return sampler == NULL ? atome_greedy(logits) : atome_sample(sampler, logits);
}
