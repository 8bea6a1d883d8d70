/* Room for what one call says, and what it returns at the end of a text. */
#define @NAME@_TEXT_BYTES 16u
#define @NAME@_END (-1)

/* Goes on with the text by the likeliest token, and reads it before the next call. Returns how many bytes were written
 * to `text`, which has room for @NAME@_TEXT_BYTES and gets no '\0': 0 for a token that stands for nothing, or
 * @NAME@_END where the text ends. */
int @name@_next(@name@_model *model, char *text);

/* Draws tokens by a temperature, the same ones from the same seed on every machine. */
typedef union @name@_sampler {
  uint64_t memory[134];
} @name@_sampler;

/* temperature: in thousandths, 10...100000, or 0 for the likeliest; top_k: 1...256 of the likeliest tokens; top_p: in
 * thousandths, 1...1000 of their share. NULL, or what is outside its limits. */
const char *@name@_sampler_open(
    @name@_sampler *sampler, uint32_t temperature, uint32_t top_k, uint32_t top_p, uint64_t seed);

/* @name@_next by a sampler. */
int @name@_draw(@name@_model *model, @name@_sampler *sampler, char *text);
