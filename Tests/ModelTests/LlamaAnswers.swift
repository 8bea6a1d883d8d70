// Written by scripts/llama2c_answers.py; do not edit.
enum LlamaAnswers {
  static let texts: [(text: String, tokens: [Int], nats: Double)] = [
    (
      "Once upon a time, there was a little girl named Lily.",
      [
        403, 407, 261, 378, 432, 383, 286, 261, 376, 298, 315, 421, 395, 317, 426,
      ], 1.502060158
    ),
    (
      "Zoë saw 3 <s> signs & a\tsnowman ☃!\n",
      [
        410, 469, 414, 198, 174, 394, 410, 472, 410, 504, 419, 505, 262, 333, 416, 419,
        410, 499, 261, 12, 419, 416, 327, 423, 303, 410, 229, 155, 134, 443, 13,
      ], 309.468770117
    ),
    (
      "x",
      [
        410, 444,
      ], 15.580914960
    ),
  ]
  /// Logits of the first tokens after the first text.
  static let logits: [Double] = [
    -3.851661209,
    4.981187205,
    -3.852597345,
    -3.851963270,
    -3.851604106,
    -3.852828861,
    -3.852531120,
    -3.853008929,
  ]
  /// The most probable token, 60 times from the start.
  static let greedy = """
    Once upon a time, there was a little girl named Lily. She loved to play outside \
    in the park. One day, she saw a big, red ball. She wanted to play with it, but i\
    t was too high
    """
}
