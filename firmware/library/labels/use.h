 *   static @name@_model model;
 *   if (@name@_open(&model) != NULL) return 1;
 *   @name@_read(&model, "play some jazz", 14);
 *   label = @name@_label(&model, NULL); // from 0, or @NAME@_NO_LABEL
