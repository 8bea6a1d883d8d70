// Everything that is compiled once for each instruction set. Before including it define
//   VARIANT       the suffix of every name
//   WIDTH         float32 lanes of one vector register
//   TILE_VECTORS  registers across one tile of a matrix product
// No include guard: kernels.c includes it several times.

#define NAME(x) JOIN(x, VARIANT)

#include "exponential.h"
#if WIDTH == 16
#include "masked_product.h"
#else
#include "matrix_product.h"
#endif
#include "transpose.h"
#include "layer_norm.h"
#include "rms_norm.h"
#include "router.h"
#include "convolution.h"
#include "scan.h"
#include "gated_scan.h"
#include "attention.h"
#include "causal_softmax.h"
#include "gelu.h"
#include "squared_relu.h"
#include "cross_entropy.h"
#include "ternary.h"
#include "row_rounding.h"
#include "adam_w.h"
#include "arithmetic_peak.h"

static const struct alambic_kernels NAME(table) = {
    .matrix_product = NAME(matrix_product),
    .transpose = NAME(transpose),
    .add = NAME(add),
    .layer_norm_forward = NAME(layer_norm_forward),
    .layer_norm_backward = NAME(layer_norm_backward),
    .rms_norm_forward = NAME(rms_norm_forward),
    .rms_norm_backward = NAME(rms_norm_backward),
    .router_forward = NAME(router_forward),
    .router_backward = NAME(router_backward),
    .mix_forward = NAME(mix_forward),
    .mix_backward = NAME(mix_backward),
    .convolution_forward = NAME(convolution_forward),
    .convolution_backward = NAME(convolution_backward),
    .scan_forward = NAME(scan_forward),
    .scan_backward = NAME(scan_backward),
    .gated_scan_forward = NAME(gated_scan_forward),
    .gated_scan_backward = NAME(gated_scan_backward),
    .top_keys = NAME(top_keys),
    .attention_gather = NAME(attention_gather),
    .attention_backward = NAME(attention_backward),
    .causal_softmax = NAME(causal_softmax),
    .causal_softmax_backward = NAME(causal_softmax_backward),
    .gelu_forward = NAME(gelu_forward),
    .gelu_backward = NAME(gelu_backward),
    .squared_relu_forward = NAME(squared_relu_forward),
    .squared_relu_backward = NAME(squared_relu_backward),
    .cross_entropy = NAME(cross_entropy),
    .absolute_sum = NAME(absolute_sum),
    .round_to_trits = NAME(round_to_trits),
    .round_to_noisy_trits = NAME(round_to_noisy_trits),
    .round_row = NAME(round_row),
    .round_noisy_row = NAME(round_noisy_row),
    .sum_of_squares = NAME(sum_of_squares),
    .sum_of_products = NAME(sum_of_products),
    .add_lanes = NAME(add_lanes),
    .adam_w = NAME(adam_w),
    .arithmetic_peak = NAME(arithmetic_peak),
};

#undef NAME
