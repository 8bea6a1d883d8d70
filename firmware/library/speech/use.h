 *   static @name@_model model;
 *   if (@name@_open(&model) != NULL) return 1;
 *   @name@_read(&model, "> is it warm\n", 13);
 *   count = @name@_next(&model, text); // again and again, until @NAME@_END
