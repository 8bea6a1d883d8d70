/* MARK: what @name@.h declares */

typedef struct library_state {
  library_engine engine;
  atome_vocabulary vocabulary;
  atome_encoder encoder;
  const @logit@ *logits; /* of the last step; NULL where nothing was read */
  uint8_t chosen;
  uint8_t is_unread; /* whether `chosen` was said and not read; a classifier says nothing */
} library_state;

/* A negative size where the header gives too little room. */
typedef char library_state_fits[sizeof(library_state) <= sizeof(@name@_model) - @NAME@_ENGINE_BYTES ? 1 : -1];

static library_state *state_of(@name@_model *model) { return (void *)model; }

static void read_token(library_state *state, uint8_t token) {
  state->logits = library_step(&state->engine, token);
  state->is_unread = 0;
}

/* Reads what was said last. */
static void settle(library_state *state) {
  if (state->is_unread) read_token(state, state->chosen);
}

static void read_decided(library_state *state) {
  uint8_t token;
  while (atome_encoder_next(&state->encoder, &token)) read_token(state, token);
}

const char *@name@_open(@name@_model *model) {
  library_state *state = state_of(model);
  const atome_status status = library_open(
      &state->engine, library_image.bytes, @NAME@_IMAGE_BYTES, &state->vocabulary, state + 1,
      sizeof *model - sizeof *state);
  if (status != ATOME_OK) return atome_status_message(status);
  @name@_reset(model);
  return NULL;
}

void @name@_reset(@name@_model *model) {
  library_state *state = state_of(model);
  library_reset(&state->engine);
  atome_encoder_begin(&state->encoder, &state->vocabulary);
  state->logits = NULL;
  state->is_unread = 0;
}

void @name@_read(@name@_model *model, const char *text, size_t size) {
  library_state *state = state_of(model);
  settle(state);
  for (size_t i = 0; i < size; i++) {
    atome_encoder_put(&state->encoder, (uint8_t)text[i]);
    read_decided(state);
  }
}

const @logit@ *@name@_step(@name@_model *model, uint8_t token) {
  library_state *state = state_of(model);
  settle(state);
  read_token(state, token);
  return state->logits;
}
