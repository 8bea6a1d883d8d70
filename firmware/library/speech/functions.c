/* MARK: choosing what comes next */

#define SEPARATOR 0u

typedef char library_sampler_fits[sizeof(atome_sampler) <= sizeof(@name@_sampler) ? 1 : -1];

/* A model has to read something before it can choose: no text is the byte that begins one, and a text that is held back
 * whole is read as it stands. */
static void read_anything(library_state *state) {
  if (state->encoder.count == 0u) read_token(state, SEPARATOR);
  atome_encoder_finish(&state->encoder);
  read_decided(state);
  atome_encoder_begin(&state->encoder, &state->vocabulary);
}

/* The likeliest of the tokens that go on with what is held back; a tie goes to the smaller one. */
static uint8_t choose_held(const library_state *state) {
  const atome_encoder *encoder = &state->encoder;
  uint32_t best = ATOME_VOCABULARY;
  for (uint32_t token = 0; token < ATOME_VOCABULARY; token++) {
    if (!atome_vocabulary_allows(&state->vocabulary, (uint8_t)token, encoder->pending, encoder->count)) continue;
    if (best == ATOME_VOCABULARY || state->logits[token] > state->logits[best]) best = token;
  }
  return (uint8_t)best; /* the first of the held bytes is a token, so there is one */
}

/* Takes what a chosen token says of the bytes that are held back; returns how many there are. */
static uint32_t take_held(atome_encoder *encoder, uint32_t count) {
  const uint32_t taken = count < encoder->count ? count : encoder->count;
  encoder->count = (uint8_t)(encoder->count - taken);
  for (uint32_t i = 0; i < encoder->count; i++) encoder->pending[i] = encoder->pending[i + taken];
  return taken;
}

/* What a token says of the bytes that are held back was said by the caller already. */
static int draw(library_state *state, atome_sampler *sampler, char *text) {
  uint8_t bytes[ATOME_TOKEN_BYTES];
  settle(state);
  if (state->logits == NULL) read_anything(state);
  for (;; settle(state)) {
    const int is_held = state->encoder.count > 0u;
    state->chosen = is_held ? choose_held(state) : library_choose(&state->engine, sampler, state->logits);
    state->is_unread = 1;
    if (state->chosen == SEPARATOR) return @NAME@_END;
    const uint32_t count = atome_token_bytes(&state->vocabulary, state->chosen, bytes);
    const uint32_t held = take_held(&state->encoder, count);
    for (uint32_t i = held; i < count; i++) text[i - held] = (char)bytes[i];
    if (!is_held || count > held) return (int)(count - held);
  }
}

int @name@_next(@name@_model *model, char *text) { return draw(state_of(model), NULL, text); }

const char *@name@_sampler_open(
    @name@_sampler *sampler, uint32_t temperature, uint32_t top_k, uint32_t top_p, uint64_t seed) {
  atome_sampling sampling;
  sampling.temperature = temperature;
  sampling.top_k = top_k;
  sampling.top_p = top_p;
  sampling.seed = seed;
  const atome_status status = atome_sampler_init((void *)sampler, &sampling, 0u);
  return status == ATOME_OK ? NULL : atome_status_message(status);
}

int @name@_draw(@name@_model *model, @name@_sampler *sampler, char *text) {
  return draw(state_of(model), (void *)sampler, text);
}
