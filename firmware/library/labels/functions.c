/* MARK: a text's label */

int @name@_label(@name@_model *model, int32_t *margin) {
  library_state *state = state_of(model);
  atome_labels labels;
  if (atome_labels_open(&labels, &state->engine.image) != ATOME_OK) return @NAME@_NO_LABEL;
  atome_encoder_finish(&state->encoder);
  read_decided(state);
  read_token(state, ATOME_LABEL_END);
  const int label = atome_labels_choose(&labels, state->logits, margin);
  @name@_reset(model);
  return label == ATOME_NO_LABEL ? @NAME@_NO_LABEL : label;
}

const char *@name@_label_name(const @name@_model *model, int label, size_t *size) {
  static const char none[] = "none of these";
  const library_state *state = (const void *)model;
  atome_labels labels;
  uint32_t count = sizeof none - 1u;
  const char *name = none;
  if (atome_labels_open(&labels, &state->engine.image) == ATOME_OK && label >= 0 && (uint32_t)label < labels.count) {
    name = atome_label_name(&labels, (uint32_t)label, &count);
  }
  *size = count;
  return name;
}
