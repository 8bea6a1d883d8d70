/* The compact engine: its work memory, and one step through all blocks. */
#include "atome_compact_layers.h"
#include "atome_nibbles.h"

/* MARK: memory */

static uint32_t largest(uint32_t left, uint32_t right) { return left > right ? left : right; }

/* Rows with those that fill the last block. */
static uint32_t whole_rows(uint32_t rows) { return (rows + ATOME_NIBBLE_ROWS - 1u) & ~(ATOME_NIBBLE_ROWS - 1u); }

/* Blocks that a step goes through. */
static uint32_t depth_of(const atome_compact_shape *shape) { return shape->layer_count * shape->pass_count; }

/* Returns how many bytes the engine's parts take, and gives them their places where there is memory. */
static size_t divide_memory(atome_compact_engine *engine, const atome_compact_shape *shape, uint8_t *memory) {
  const uint32_t d = shape->model_width, m = shape->state_width, f = shape->hidden_width;
  const size_t rows = whole_rows(largest(largest(atome_compact_projections(shape), d), f));
  const size_t normal = atome_whole_words(d);
  const size_t inputs = atome_whole_words(largest(largest(m, d), f));
  /* Logits begin at the sums, and take the room of all that is not needed then: but for the final norm. */
  size_t end = 4u * (rows + d) + inputs;
  if (end < (size_t)4u * ATOME_VOCABULARY + normal) end = (size_t)4u * ATOME_VOCABULARY + normal;
  if (memory != NULL) {
    engine->sums = (void *)memory;
    engine->stream = engine->sums + rows;
    engine->inputs = (int8_t *)memory + (end - inputs);
    engine->normal = (int8_t *)memory + (end - normal);
    engine->state = (void *)(memory + end);
  }
  return end + atome_whole_words(2u * (size_t)depth_of(shape) * m);
}

atome_status atome_compact_memory_size(const atome_compact_image *image, size_t *size) {
  *size = divide_memory(NULL, &image->shape, NULL);
  return ATOME_OK;
}

atome_status atome_compact_init(
    atome_compact_engine *engine, const atome_compact_image *image, void *memory, size_t memory_size) {
  const atome_compact_shape *shape = &image->shape;
  if (memory_size < divide_memory(NULL, shape, NULL)) return ATOME_MEMORY_TOO_SMALL;
  if ((uintptr_t)memory % ATOME_MEMORY_ALIGNMENT != 0u) return ATOME_MEMORY_UNALIGNED;
  engine->image = *image;
  const atome_scaled_root root = atome_root_of(shape->model_width);
  engine->width_root = root.root;
  engine->width_exponent = root.exponent;
  engine->pre_shifts[0] = (uint8_t)atome_compact_pre_shift(shape->model_width);
  engine->pre_shifts[1] = (uint8_t)atome_compact_pre_shift(shape->state_width);
  engine->pre_shifts[2] = (uint8_t)atome_compact_pre_shift(shape->hidden_width);
  (void)divide_memory(engine, shape, memory);
  atome_compact_reset(engine);
  return ATOME_OK;
}

void atome_compact_reset(atome_compact_engine *engine) {
  const size_t count = (size_t)depth_of(&engine->image.shape) * engine->image.shape.state_width;
  for (size_t i = 0; i < count; i++) engine->state[i] = 0;
}

/* MARK: a step */

/* The stream of a token: its row of the table. */
static void embed(int32_t *stream, const atome_compact_ends *ends, uint32_t row, uint32_t width) {
  const uint32_t *words = atome_nibble_block(ends->table.codes, row, width);
  const uint32_t place = 4u * (row % ATOME_NIBBLE_ROWS);
  const int32_t unit = (int32_t)ends->table.multipliers[row] << ends->embedding_shift;
  ATOME_EACH(c, width, { stream[c] = ((int32_t)(words[c] >> place & 15u) - 8) * unit; })
}

static void normalise(const atome_compact_engine *engine, int8_t *y, const atome_compact_norm *norm) {
  const atome_scaled_root root = {engine->width_root, engine->width_exponent};
  atome_compact_normalise(y, engine->stream, norm, engine->image.shape.model_width, root);
}

/* Adds a product with the inputs to the stream. */
static void add_rows(
    const atome_compact_engine *engine, const atome_compact_matrix *matrix, const atome_compact_requantisation *by,
    uint32_t columns, uint32_t pre_shift) {
  const uint32_t d = engine->image.shape.model_width;
  const atome_row_scale scale = {matrix->multipliers, by, pre_shift};
  atome_nibble_product(engine->sums, matrix->codes, d, columns, engine->inputs);
  atome_compact_add(engine->stream, engine->sums, &scale, d);
}

static void run_block(const atome_compact_engine *engine, uint32_t index, int16_t *state) {
  const uint32_t d = engine->image.shape.model_width, m = engine->image.shape.state_width;
  const uint32_t f = engine->image.shape.hidden_width;
  const uint8_t *pre_shifts = engine->pre_shifts;
  const atome_compact_block block = atome_compact_block_at(&engine->image, index);
  int32_t *sums = engine->sums;
  int8_t *inputs = engine->inputs;
  normalise(engine, inputs, &block.state_norm);
  atome_nibble_product(sums, block.projections.codes, atome_compact_projections(&engine->image.shape), d, inputs);
  atome_compact_move(inputs, state, sums, &block, &engine->image.shape, pre_shifts[0]);
  add_rows(engine, &block.out, &block.head->out, m, pre_shifts[1]);
  normalise(engine, inputs, &block.feed_norm);
  atome_nibble_product(sums, block.hidden.codes, f, d, inputs);
  const atome_row_scale hidden = {block.hidden.multipliers, &block.head->hidden, pre_shifts[0]};
  atome_compact_square(inputs, sums, &hidden, f);
  add_rows(engine, &block.down, &block.head->down, f, pre_shifts[2]);
}

/* From the logits of rows to those of tokens, in place: no token stands before its row, but where it shares one. */
static void spread(int32_t *logits, const atome_compact_image *image) {
  if (image->row_map == NULL) return;
  const int32_t shared = logits[image->row_count - 1u];
  uint32_t row = image->row_count - 1u;
  for (uint32_t token = ATOME_VOCABULARY; token-- > 0u;) {
    const int own = image->row_map[token / 8u] >> token % 8u & 1;
    logits[token] = own ? logits[--row] : shared;
  }
}

/* From the embedding, which stands in the stream, to the logits. */
static const int32_t *run(atome_compact_engine *engine, const atome_compact_ends *ends) {
  const atome_compact_shape *shape = &engine->image.shape;
  const uint32_t rows = engine->image.row_count;
  int32_t *logits = engine->sums;
  int16_t *state = engine->state;
  for (uint32_t pass = 0; pass < shape->pass_count; pass++) {
    for (uint32_t block = 0; block < shape->layer_count; block++, state += shape->state_width) {
      run_block(engine, block, state);
    }
  }
  normalise(engine, engine->normal, &ends->norm);
  atome_nibble_product(logits, ends->table.codes, rows, shape->model_width, engine->normal);
  atome_compact_logits(logits, ends->table.multipliers, ends->logit_shift, rows);
  spread(logits, &engine->image);
  return logits;
}

const int32_t *atome_compact_step(atome_compact_engine *engine, uint8_t token) {
  const atome_compact_ends ends = atome_compact_ends_of(&engine->image);
  embed(engine->stream, &ends, atome_compact_row_of(&engine->image, token), engine->image.shape.model_width);
  return run(engine, &ends);
}

const int32_t *atome_compact_step_together(atome_compact_engine *engine, const uint8_t *tokens, uint32_t count) {
  const atome_compact_ends ends = atome_compact_ends_of(&engine->image);
  const uint32_t d = engine->image.shape.model_width;
  for (uint32_t c = 0; c < d; c++) engine->stream[c] = 0;
  for (uint32_t n = 0; n < count; n++) {
    embed(engine->sums, &ends, atome_compact_row_of(&engine->image, tokens[n]), d);
    for (uint32_t c = 0; c < d; c++) engine->stream[c] = atome_saturate_24(engine->stream[c] + engine->sums[c]);
  }
  return run(engine, &ends);
}

uint8_t atome_compact_sample(atome_sampler *sampler, const atome_compact_image *image, const int32_t *logits) {
  return atome_sample_integers(sampler, atome_compact_rate_of(image), logits);
}
