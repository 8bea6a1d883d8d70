/* From sound to bytes; docs/formats/mel.md. */
#include "atome_mel.h"

#include <stddef.h>

#include "atome_mel_codes.h"

#define HALF (ATOME_MEL_STEP / 2u)
#define QUARTER (ATOME_MEL_STEP / 4u)
#define LAST_LEVEL ((int32_t)ATOME_MEL_LEVELS - 1)
/* A floor never lies below this, about the loudness of one step of a converter: digital silence is not a room. */
#define LEAST_FLOOR (1000 << 8)

/* round(32767 sin(2 pi n / 512)) of a quarter turn. */
static const int16_t sines[QUARTER + 1u] = {
    0,     402,   804,   1206,  1608,  2009,  2410,  2811,  3212,  3612,  4011,  4410,  4808,  5205,  5602,
    5998,  6393,  6786,  7179,  7571,  7962,  8351,  8739,  9126,  9512,  9896,  10278, 10659, 11039, 11417,
    11793, 12167, 12539, 12910, 13279, 13645, 14010, 14372, 14732, 15090, 15446, 15800, 16151, 16499, 16846,
    17189, 17530, 17869, 18204, 18537, 18868, 19195, 19519, 19841, 20159, 20475, 20787, 21096, 21403, 21705,
    22005, 22301, 22594, 22884, 23170, 23452, 23731, 24007, 24279, 24547, 24811, 25072, 25329, 25582, 25832,
    26077, 26319, 26556, 26790, 27019, 27245, 27466, 27683, 27896, 28105, 28310, 28510, 28706, 28898, 29085,
    29268, 29447, 29621, 29791, 29956, 30117, 30273, 30424, 30571, 30714, 30852, 30985, 31113, 31237, 31356,
    31470, 31580, 31685, 31785, 31880, 31971, 32057, 32137, 32213, 32285, 32351, 32412, 32469, 32521, 32567,
    32609, 32646, 32678, 32705, 32728, 32745, 32757, 32765, 32767};

/* Where bands begin, are loudest and end, in lines of 31.25 Hz: band b has edges b, b + 1 and b + 2. Evenly spaced on
 * the mel scale from 100 to 7200 Hz. */
static const uint8_t edges[ATOME_MEL_BANDS + 2u] = {3, 8, 14, 21, 29, 39, 51, 65, 82, 103, 127, 155, 190, 230};

/* sin(2 pi n / 512) in units of 2^-15, for n < 512. */
static int32_t sine(uint32_t n) {
  const uint32_t part = n & (HALF - 1u);
  const int32_t value = sines[part <= QUARTER ? part : HALF - part];
  return n < HALF ? value : -value;
}

static int32_t cosine(uint32_t n) { return sine((n + QUARTER) & (ATOME_MEL_STEP - 1u)); }

/* The Hann window in units of 2^-15. */
static int32_t window(uint32_t n) { return (32768 - cosine(n)) >> 1; }

/* Sample n of the 768 that a step sees. */
static int32_t sample_at(const atome_mel *mel, const int16_t *samples, uint32_t n) {
  return n < HALF ? mel->history[n] : samples[n - HALF];
}

/* Two windows, half a step apart, as the real and the imaginary part of one: returns their common exponent. */
static uint32_t load(atome_mel *mel, const int16_t *samples) {
  int32_t largest = 0;
  for (uint32_t n = 0u; n < ATOME_MEL_STEP; n++) {
    const int32_t first = sample_at(mel, samples, n) * window(n);
    const int32_t second = sample_at(mel, samples, n + HALF) * window(n);
    const int32_t either = (first < 0 ? -first : first) | (second < 0 ? -second : second);
    largest |= either;
  }
  uint32_t exponent = 0u;
  while ((largest >> exponent) >= 1 << 14) exponent++;
  const int32_t half = (1 << exponent) >> 1;
  for (uint32_t n = 0u; n < ATOME_MEL_STEP; n++) {
    mel->real[n] = (int16_t)((sample_at(mel, samples, n) * window(n) + half) >> exponent);
    mel->imaginary[n] = (int16_t)((sample_at(mel, samples, n + HALF) * window(n) + half) >> exponent);
  }
  for (uint32_t n = 0u; n < HALF; n++) mel->history[n] = samples[n + HALF];
  return exponent;
}

static void swap(int16_t *values, uint32_t a, uint32_t b) {
  const int16_t value = values[a];
  values[a] = values[b];
  values[b] = value;
}

/* Into the order of reversed binary digits. */
static void reverse(atome_mel *mel) {
  uint32_t other = 0u;
  for (uint32_t n = 0u; n < ATOME_MEL_STEP; n++) {
    if (n < other) {
      swap(mel->real, n, other);
      swap(mel->imaginary, n, other);
    }
    uint32_t digit = HALF;
    while ((other & digit) != 0u) {
      other ^= digit;
      digit >>= 1;
    }
    other |= digit;
  }
}

/* Fourier's transform, divided by 512: each of nine stages halves its sums, so nothing passes 16 bits. */
static void transform(atome_mel *mel) {
  int16_t *real = mel->real, *imaginary = mel->imaginary;
  reverse(mel);
  for (uint32_t width = 1u; width < ATOME_MEL_STEP; width *= 2u) {
    for (uint32_t k = 0u; k < width; k++) {
      const uint32_t turn = k * (HALF / width);
      const int32_t c = cosine(turn), s = -sine(turn);
      for (uint32_t a = k; a < ATOME_MEL_STEP; a += 2u * width) {
        const uint32_t b = a + width;
        const int32_t x = (real[b] * c - imaginary[b] * s + (1 << 14)) >> 15;
        const int32_t y = (real[b] * s + imaginary[b] * c + (1 << 14)) >> 15;
        const int32_t u = real[a], v = imaginary[a];
        real[a] = (int16_t)((u + x + 1) >> 1);
        imaginary[a] = (int16_t)((v + y + 1) >> 1);
        real[b] = (int16_t)((u - x + 1) >> 1);
        imaginary[b] = (int16_t)((v - y + 1) >> 1);
      }
    }
  }
}

/* The energy of both windows at line k. */
static uint32_t energy(const atome_mel *mel, uint32_t k) {
  uint32_t sum = 0u;
  for (uint32_t side = 0u; side < 2u; side++) {
    const int32_t x = mel->real[side == 0u ? k : ATOME_MEL_STEP - k];
    const int32_t y = mel->imaginary[side == 0u ? k : ATOME_MEL_STEP - k];
    sum += (uint32_t)(x * x) + (uint32_t)(y * y);
  }
  return sum;
}

/* log2(value) in units of 1/32, rounded down, of a value from 1 on: a digit by each squaring. */
static int32_t logarithm(uint64_t value) {
  int32_t whole = 0;
  while ((value >> whole) > 1u) whole++;
  uint32_t mantissa = (uint32_t)(whole >= 15 ? value >> (whole - 15) : value << (15 - whole));
  for (uint32_t digit = 0u; digit < 5u; digit++) {
    mantissa = (mantissa * mantissa) >> 15;
    whole *= 2;
    if (mantissa >= 1u << 16) {
      mantissa >>= 1;
      whole++;
    }
  }
  return whole;
}

void atome_mel_energies(atome_mel *mel, const int16_t samples[ATOME_MEL_STEP], int32_t energies[ATOME_MEL_BANDS]) {
  const uint32_t exponent = load(mel, samples);
  transform(mel);
  for (uint32_t band = 0u; band < ATOME_MEL_BANDS; band++) {
    const uint32_t first = edges[band], peak = edges[band + 1u], last = edges[band + 2u];
    uint64_t sum = 1u;
    for (uint32_t k = first + 1u; k < last; k++) {
      const uint32_t weight = k <= peak ? ((k - first) << 8) / (peak - first) : ((last - k) << 8) / (last - peak);
      sum += (uint64_t)energy(mel, k) * weight;
    }
    energies[band] = logarithm(sum) + (int32_t)(64u * exponent);
  }
}

void atome_mel_init(atome_mel *mel) {
  mel->is_new = 1u;
  for (uint32_t n = 0u; n < HALF; n++) mel->history[n] = 0;
}

void atome_mel_levels(atome_mel *mel, const int16_t samples[ATOME_MEL_STEP], uint8_t levels[ATOME_MEL_BANDS]) {
  int32_t energies[ATOME_MEL_BANDS];
  atome_mel_energies(mel, samples, energies);
  for (uint32_t band = 0u; band < ATOME_MEL_BANDS; band++) {
    const int32_t energy = energies[band] << 8;
    int32_t quiet = mel->is_new != 0u ? energy : mel->floors[band];
    /* Falls by a quarter of the way, rises by a 128th; a right shift keeps the sign, as in the engine. */
    quiet += (energy - quiet) >> (energy < quiet ? 2 : 7);
    if (quiet < LEAST_FLOOR) quiet = LEAST_FLOOR;
    mel->floors[band] = quiet;
    int32_t level = (energy - quiet) >> 13;
    if (level < 0) level = 0;
    if (level > LAST_LEVEL) level = LAST_LEVEL;
    levels[band] = (uint8_t)level;
  }
  mel->is_new = 0u;
}

uint8_t atome_mel_code(uint32_t part, const uint8_t levels[ATOME_MEL_PART_BANDS]) {
  uint32_t nearest = 0u, least = UINT32_MAX;
  for (uint32_t code = 0u; code < ATOME_MEL_CODES; code++) {
    uint32_t rest = atome_mel_codes[part][code], distance = 0u;
    for (uint32_t band = 0u; band < ATOME_MEL_PART_BANDS; band++) {
      const int32_t difference = (int32_t)levels[band] - (int32_t)(rest & 15u);
      distance += (uint32_t)(difference * difference);
      rest >>= 4;
    }
    if (distance < least) {
      least = distance;
      nearest = code;
    }
  }
  return (uint8_t)(ATOME_MEL_FIRST_BYTE + part * ATOME_MEL_CODES + nearest);
}

void atome_mel_step(atome_mel *mel, const int16_t samples[ATOME_MEL_STEP], uint8_t bytes[ATOME_MEL_PARTS]) {
  uint8_t levels[ATOME_MEL_BANDS];
  atome_mel_levels(mel, samples, levels);
  for (uint32_t part = 0u; part < ATOME_MEL_PARTS; part++) {
    bytes[part] = atome_mel_code(part, levels + (size_t)part * ATOME_MEL_PART_BANDS);
  }
}
