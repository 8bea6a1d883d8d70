/* A vocabulary of 256 tokens, read in place: text to tokens as its bytes come, and tokens to text.
 *
 * Specified in docs/formats/vocabulary.md. A token is the byte of its number, a string, or the one that stands for
 * every byte that the vocabulary lacks. No heap, no globals: the section stays the caller's, at any address. */
#ifndef ATOME_VOCABULARY_H
#define ATOME_VOCABULARY_H

#include "atome_engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of the longest token. */
#define ATOME_TOKEN_BYTES 16u
/* Bytes of the largest section. */
#define ATOME_VOCABULARY_BYTES 1024u

/* A checked section. */
typedef struct atome_vocabulary {
  const uint8_t *section; /* the caller's bytes; NULL where every token is the byte of its number */
} atome_vocabulary;

/* Checks a section whole: ATOME_OK or ATOME_BAD_VOCABULARY. `bytes` NULL means that tokens are bytes. */
atome_status atome_vocabulary_open(atome_vocabulary *vocabulary, const uint8_t *bytes, size_t size);

/* Writes a token's text into `bytes`, which has room for ATOME_TOKEN_BYTES; returns its byte count, 0 of the unknown
 * token. */
uint32_t atome_token_bytes(const atome_vocabulary *vocabulary, uint8_t token, uint8_t *bytes);

/* Whether a token goes on with `rest`, which has at least one byte: begins with it, or is its beginning. */
int atome_vocabulary_allows(const atome_vocabulary *vocabulary, uint8_t token, const uint8_t *rest, uint32_t count);

/* Greedy longest match from left to right. After each byte ask for tokens until there are none; what is then left in
 * `pending`, at most 15 bytes, may still become part of a longer token. */
typedef struct atome_encoder {
  const atome_vocabulary *vocabulary; /* what it was begun with */
  uint8_t pending[ATOME_TOKEN_BYTES]; /* bytes that are not yet part of a decided token */
  uint8_t count;                      /* of pending bytes */
  uint8_t is_finished;                /* 1 once the text has ended */
} atome_encoder;

/* Begins a text. `vocabulary` must stay in place. */
void atome_encoder_begin(atome_encoder *encoder, const atome_vocabulary *vocabulary);
/* The next byte of the text. */
void atome_encoder_put(atome_encoder *encoder, uint8_t byte);
/* 1 with the next token that is decided, whatever follows; 0 where there is none. */
int atome_encoder_next(atome_encoder *encoder, uint8_t *token);
/* Ends the text, so that the pending bytes are decided: ask for their tokens, then begin anew. */
void atome_encoder_finish(atome_encoder *encoder);

#ifdef __cplusplus
}
#endif

#endif
